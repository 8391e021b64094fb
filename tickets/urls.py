"""URLs of tickets, their settings and their report, inside a tenant."""

from django.urls import include, path

from crm.web.lists.urls import list_urls
from crm.web.requests.redirect_view import redirect_view
from tickets.calls import views as calls
from tickets.figures import views as figures
from tickets.inbox.ticket_list import TICKETS
from tickets.inbox.views import bulk, conversation, forward, inbox, job, merging, participants, reply, side
from tickets.life import views as life
from tickets.macros import views as macros
from tickets.matching.views import attach, possible
from tickets.notes import views as notes
from tickets.privacy import views as privacy
from tickets.set_aside import spam
from tickets.set_aside import views as set_aside
from tickets.set_aside.set_aside_list import SET_ASIDE_LIST
from tickets.sla import views as sla
from tickets.views import ticket_verbs

TICKET_URLS = [
    path("", inbox.inbox, name="list"),
    *list_urls(TICKETS),
    path("<int:number>/", conversation.ticket_page, name="ticket"),
    path("<int:number>/thread/", conversation.thread, name="thread"),
    path("new/", inbox.new, name="new"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("bulk/assign/", bulk.bulk_assign, name="bulk_assign"),
    path("job/<int:number>/", job.of_job, name="of_job"),
    path("<int:number>/side/", side.side, name="side"),
    path("<int:number>/due/", side.why_due, name="why_due"),
    path("<int:number>/reply/", reply.reply, name="reply"),
    path("<int:number>/here/", reply.here, name="here"),
    path("<int:number>/merge/", merging.merge_ticket, name="merge"),
    path("<int:number>/split/", merging.split_ticket, name="split"),
    path("moves/<uuid:uid>/take-back/", merging.take_back_move, name="take_back_move"),
    path("entries/<uuid:uid>/forward/", forward.forward, name="forward"),
    path("<int:number>/people/", participants.people, name="people"),
    path("<int:number>/people/role/", participants.change_role, name="change_role"),
    path("<int:number>/people/confirm/", participants.confirm_participant, name="confirm_participant"),
    path("<int:number>/people/remove/", participants.remove_participant, name="remove_participant"),
    path("<int:number>/person/", participants.person, name="person"),
    path("<int:number>/details/", participants.take_details, name="take_details"),
    path("<int:number>/assign/", ticket_verbs.assign, name="assign"),
    path("<int:number>/prioritize/", ticket_verbs.prioritize, name="prioritize"),
    path("<int:number>/tags/", ticket_verbs.tag, name="tag"),
    path("<int:number>/turn/", ticket_verbs.turn, name="turn"),
    path("<int:number>/pause/", ticket_verbs.pause, name="pause"),
    path("<int:number>/resume/", ticket_verbs.resume, name="resume"),
    path("<int:number>/snooze/", ticket_verbs.snooze, name="snooze"),
    path("<int:number>/wake/", ticket_verbs.wake, name="wake"),
    path("<int:number>/solve/", ticket_verbs.solve, name="solve"),
    path("<int:number>/close/", ticket_verbs.close, name="close"),
    path("<int:number>/reopen/", ticket_verbs.reopen, name="reopen"),
    path("<int:number>/legal-hold/", ticket_verbs.legal_hold, name="legal_hold"),
    path("<int:number>/call/", calls.call, name="call"),
    path("entries/<uuid:uid>/call/take-back/", calls.take_back, name="take_back_call"),
    path("<int:number>/note/", notes.note, name="note"),
    path("notes/<uuid:uid>/edit/", notes.edit_note, name="edit_note"),
    path("notes/<uuid:uid>/delete/", notes.delete_note, name="delete_note"),
    path("notes/<uuid:uid>/restore/", notes.restore_note, name="restore_note"),
    path("notes/<uuid:uid>/pin/", notes.pin_note, name="pin_note"),
    path("notes/<uuid:uid>/versions/", notes.note_versions, name="note_versions"),
    path("<int:number>/job/", attach.choose_job, name="choose_job"),
    path("<int:number>/attach/", attach.attach, name="attach"),
    path("<int:number>/lead/", attach.make_lead, name="make_lead"),
    path("entries/<uuid:uid>/confirm/", possible.confirm, name="confirm_reply"),
    path("entries/<uuid:uid>/dismiss/", possible.dismiss, name="dismiss_reply"),
    path("entries/<uuid:uid>/keep/", possible.keep_together, name="keep_together"),
    path("<int:number>/macro/", macros.macro, name="macro"),
    path("<int:number>/share/", privacy.share, name="share"),
]
SETTINGS_URLS = [
    path("settings/end/", life.policy, name="policy"),
    path("settings/end/set/", life.set_policy, name="set_policy"),
    path("settings/end/<uuid:uid>/", life.policy_run, name="policy_run"),
    path("settings/macros/", macros.macro_list, name="macros"),
    path("settings/macros/add/", macros.add_macro, name="add_macro"),
    path("settings/macros/<uuid:uid>/", macros.edit_macro, name="edit_macro"),
    path("settings/macros/<uuid:uid>/archive/", macros.archive_macro, name="archive_macro"),
    path("settings/macros/<uuid:uid>/restore/", macros.restore_macro, name="restore_macro"),
    path("settings/departed/", privacy.departed_mail, name="departed_mail"),
    path("settings/departed/<uuid:member>/", privacy.take_over_mail, name="take_over_mail"),
    path("settings/response-times/", sla.sla, name="sla"),
    path("settings/response-times/add/", sla.add_sla, name="add_sla"),
    path("settings/response-times/partners/", sla.add_partners, name="add_partners"),
    path("settings/response-times/usual-channel/", sla.set_usual_channel, name="set_usual_channel"),
    path("settings/response-times/<uuid:uid>/", sla.edit_sla, name="edit_sla"),
    path("settings/response-times/<uuid:uid>/move/", sla.move_sla, name="move_sla"),
    path("settings/response-times/<uuid:uid>/archive/", sla.archive_sla, name="archive_sla"),
    path("settings/response-times/<uuid:uid>/restore/", sla.restore_sla, name="restore_sla"),
]
SET_ASIDE_URLS = [
    path("", set_aside.set_aside, name="list"),
    *list_urls(SET_ASIDE_LIST),
    path("<int:number>/spam/", spam.mark_spam, name="mark_spam"),
    path("<uuid:uid>/converse/", set_aside.converse, name="converse"),
]
REPORT_URLS = [
    path("reports/response-times/", figures.ticket_figures, name="figures"),
    path("tickets/figures/", redirect_view("tickets:figures", "tickets.view"), name="old_figures"),
]
urlpatterns = [
    path("tickets/set-aside/", include((SET_ASIDE_URLS, "set_aside"))),
    path("", include(([path("tickets/", include([*TICKET_URLS, *SETTINGS_URLS])), *REPORT_URLS], "tickets"))),
]
