"""URLs of messages, channels and templates of a tenant."""

from django.urls import URLPattern, URLResolver, include, path

from comms.appointments.views.appointment_messages import appointment_messages
from comms.callbacks import views as callbacks
from comms.composer import views as composer
from comms.gate.decision_list import DECISIONS
from comms.gate.views import decisions, ledger, switches
from comms.invitations import views as invitations
from comms.mailboxes.views import choose_mail_page, connect_imap, disconnecting, own_mailboxes, policy, sign_in
from comms.outbox.outbox_list import OUTBOX, SEE_ALL
from comms.outbox.views import figures, outbox
from comms.recordings import views as recordings
from comms.views import attachments, keep_as_document, mail_frame, message, unread
from comms.views.channels import sender_profile, settings
from comms.views.library import editor, preview, prices, template_list, versions
from crm.web.lists.urls import list_urls
from crm.web.requests.redirect_view import redirect_view

TEMPLATE_URLS = [
    path("templates/", template_list.templates, name="templates"),
    path("templates/new/", template_list.create, name="new_template"),
    path("templates/prices/", prices.prices, name="text_prices"),
    path("templates/prices/<uuid:uid>/", prices.change, name="change_text_prices"),
    path("templates/mail/<slug:code>/", preview.mail, name="mail_preview"),
    path("templates/<uuid:uid>/", editor.editor, name="template"),
    path("templates/<uuid:uid>/preview/", preview.preview, name="preview_template"),
    path("templates/<uuid:uid>/settings/", template_list.settings, name="template_settings"),
    path("templates/<uuid:uid>/archive/", template_list.archive, name="archive_template"),
    path("templates/<uuid:uid>/restore/", template_list.restore, name="restore_template"),
    path("templates/<uuid:uid>/versions/", versions.versions, name="template_versions"),
    path("templates/versions/<uuid:uid>/approve/", versions.approve, name="approve_template"),
    path("templates/versions/<uuid:uid>/restore/", versions.restore_version, name="restore_template_version"),
    path("templates/versions/<uuid:uid>/whatsapp/", versions.mark, name="mark_template"),
    path("templates/versions/<uuid:uid>/ask/", versions.ask_whatsapp, name="ask_template"),
    path("templates/versions/<uuid:uid>/test/", versions.test, name="test_template"),
]
MAILBOX_URLS = [
    path("mailboxes/", own_mailboxes.own_mailboxes, name="own_mailboxes"),
    path("mailboxes/rules/", policy.policy, name="mailbox_policy"),
    path("mailboxes/rules/set/", policy.set_policy, name="set_mailbox_policy"),
    path("mailboxes/imap/", connect_imap.connect_imap, name="connect_imap"),
    path("mailboxes/sign-in/", sign_in.begin_sign_in, name="begin_mailbox_sign_in"),
    path("mailboxes/signed-in/", sign_in.finish_sign_in, name="finish_mailbox_sign_in"),
    path("mailboxes/<uuid:uid>/imap/", connect_imap.sign_in_imap, name="sign_in_imap"),
    path("mailboxes/<uuid:uid>/choose/", choose_mail_page.choose_mail, name="choose_mail"),
    path("mailboxes/<uuid:uid>/read/", own_mailboxes.read_now, name="read_mailbox"),
    path("mailboxes/<uuid:uid>/disconnect/", disconnecting.disconnect, name="disconnect_mailbox"),
]
MESSAGE_URLS = [
    *TEMPLATE_URLS,
    path("channels/", settings.listing, name="channels"),
    path("channels/new/", settings.create, name="channel_create"),
    path("channels/brand/<uuid:brand>/", sender_profile.sender_profile, name="sender_profile"),
    path("channels/<uuid:channel>/", settings.channel, name="channel"),
    path("channels/<uuid:channel>/test/", settings.test, name="channel_test"),
    path("channels/<uuid:channel>/renew/", settings.renew_webhook, name="channel_renew"),
    path("channels/<uuid:channel>/archive/", settings.archive, name="channel_archive"),
    path("channels/<uuid:channel>/restore/", settings.restore, name="channel_restore"),
    *MAILBOX_URLS,
    path("unread/", unread.unread, name="unread"),
    path("unread/replay/", unread.replay_all, name="replay_all"),
    path("unread/<uuid:uid>/", unread.raw, name="raw"),
    path("unread/<uuid:uid>/replay/", unread.replay, name="replay"),
    path("unread/<uuid:uid>/discard/", unread.discard, name="discard"),
    path("<uuid:uid>/", message.message_page, name="message"),
    path("<uuid:uid>/confirm/", message.confirm_sender, name="confirm_sender"),
    path("<uuid:uid>/answer/", invitations.answer, name="answer_invitation"),
    path("<uuid:uid>/html/", mail_frame.mail_frame, name="mail_frame"),
    path("<uuid:uid>/pictures/", mail_frame.choose_pictures, name="choose_pictures"),
    path("attachments/<uuid:uid>/", attachments.attachment, name="attachment"),
    path("attachments/<uuid:uid>/preview/", attachments.attachment_preview, name="attachment_preview"),
    path("attachments/<uuid:uid>/keep/", keep_as_document.keep_as_document, name="keep_as_document"),
]
CALLBACK_URLS = [
    path("", callbacks.callback_list, name="list"),
    path("log/", callbacks.log, name="log"),
    path("log/<slug:source>/<uuid:key>/undo/", callbacks.take_back, name="take_back"),
]
RECORDING_URLS = [
    path("", recordings.policy, name="policy"),
    path("set/", recordings.set_policy, name="set_policy"),
    path("<uuid:uid>/", recordings.recording, name="recording"),
]
GATE_URLS = [
    path("", decisions.decisions, name="list"),
    *list_urls(DECISIONS),
    path("stops/", switches.switches, name="switches"),
    path("stops/put/", switches.stop_sending, name="put_switch"),
    path("stops/limits/", switches.limits, name="limits"),
    path("stops/<uuid:uid>/end/", switches.end, name="end_switch"),
    path("person/<uuid:uid>/", ledger.of_person, name="person"),
    path("person/<uuid:uid>/panel/", ledger.panel, name="panel"),
    path("person/<uuid:uid>/stop/", ledger.stop, name="stop_person"),
    path("person/<uuid:uid>/go-on/", ledger.go_on, name="go_on_person"),
    path("person/<uuid:uid>/consent/", ledger.note_consent, name="note_consent"),
    path("person/<uuid:uid>/lift/<uuid:stop>/", ledger.lift, name="lift"),
    path("person/<uuid:uid>/settle/<uuid:stop>/", ledger.settle, name="settle"),
    path("job/<int:number>/", ledger.of_job, name="job"),
]
APPOINTMENT_URLS = [path("<uuid:uid>/", appointment_messages, name="told")]
COMPOSER_URLS = [
    path("<int:number>/", composer.write, name="write"),
    path("person/<uuid:uid>/", composer.write_to_person, name="person"),
]
OUTBOX_URLS = [
    path("", outbox.outbox, name="list"),
    *list_urls(OUTBOX),
    path("<uuid:uid>/cancel/", outbox.cancel, name="cancel"),
    path("<uuid:uid>/send/", outbox.send_now, name="send_now"),
    path("<uuid:uid>/retry/", outbox.retry, name="retry"),
    path("<uuid:uid>/confirm/", outbox.confirm, name="confirm"),
    path("<uuid:uid>/call/", outbox.log_call, name="log_call"),
]
OUTBOX_AND_REPORT_URLS: list[URLPattern | URLResolver] = [
    path("messages/outbox/", include(OUTBOX_URLS)),
    path("messages/outbox/figures/", redirect_view("outbox:figures", SEE_ALL), name="old_figures"),
    path("reports/messages/", figures.sent_figures, name="figures"),
]
urlpatterns = [
    path("", include((OUTBOX_AND_REPORT_URLS, "outbox"))),
    path("messages/calls/", include((CALLBACK_URLS, "callbacks"))),
    path("messages/recordings/", include((RECORDING_URLS, "recordings"))),
    path("messages/decisions/", include((GATE_URLS, "ledger"))),
    path("messages/appointments/", include((APPOINTMENT_URLS, "appointment_messages"))),
    path("messages/", include((MESSAGE_URLS, "comms"))),
    path("messages/write/", include((COMPOSER_URLS, "composer"))),
]
