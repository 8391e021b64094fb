"""The URLs of the inbox, inside a tenant."""

from django.urls import path

from crm.web.lists.urls import list_urls
from tickets.inbox.ticket_list import TICKETS
from tickets.inbox.views import bulk, conversation, forward, inbox, job, merging, new, participants, reply, side

INBOX_URLS = [
    path("", inbox.inbox, name="list"),
    *list_urls(TICKETS),
    path("<int:number>/", conversation.ticket_page, name="ticket"),
    path("<int:number>/thread/", conversation.thread, name="thread"),
    path("new/", new.new, name="new"),
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
]
