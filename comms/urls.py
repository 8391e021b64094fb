"""The URLs of messages and channels, inside a tenant."""

from django.urls import path

from comms.invitations import views as invitations
from comms.views import attachments, keeping, mail_frame, message, own_mailboxes, unread
from comms.views.channels import sender_profile, settings
from comms.views.library.urls import TEMPLATE_URLS

app_name = "comms"
urlpatterns = [
    *TEMPLATE_URLS,
    path("channels/", settings.listing, name="channels"),
    path("channels/new/", settings.create, name="channel_create"),
    path("channels/brand/<uuid:brand>/", sender_profile.sender_profile, name="sender_profile"),
    path("channels/<uuid:channel>/", settings.channel, name="channel"),
    path("channels/<uuid:channel>/test/", settings.test, name="channel_test"),
    path("channels/<uuid:channel>/renew/", settings.renew_webhook, name="channel_renew"),
    path("channels/<uuid:channel>/archive/", settings.archive, name="channel_archive"),
    path("channels/<uuid:channel>/restore/", settings.restore, name="channel_restore"),
    path("mailboxes/", own_mailboxes.own_mailboxes, name="own_mailboxes"),
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
    path("attachments/<uuid:uid>/keep/", keeping.keep_as_document, name="keep_as_document"),
]
