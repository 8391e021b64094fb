"""Register the inbox: its page in the navigation, the page of a ticket, keys."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Job
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.web.lists.saved.palette import PaletteList
from crm.web.shell.navigation import Number, Page
from crm.web.shell.palette import Source
from crm.web.shell.record_pages import RecordLink, RecordPage
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to
from tickets.inbox.palette import found
from tickets.inbox.rows import titles
from tickets.inbox.ticket_list import TICKETS, needing_us
from tickets.inbox.views.conversation import fresh_head
from tickets.models import Ticket

IN_A_CONVERSATION = _("In a conversation")
INBOX: list[Feature] = [
    Page(
        20,
        "tickets:list",
        "tickets.view",
        "inbox",
        _("Inbox"),
        section=True,
        number=Number(needing_us, _("waiting for your reply"), topics="tickets", event="tickets"),
    ),
    RecordPage(
        Ticket,
        "tickets:ticket",
        key="number",
        list="tickets:list",
        fragments={"conversation": fresh_head},
        event="tickets",
        titles=titles,
    ),
    RecordLink(Job, "conversations", "tickets:of_job", "tickets.view", key="number"),
    Source(20, "tickets.view", found),
    PaletteList(TICKETS),
    Shortcut(78, "r", "reply", _("Reply"), IN_A_CONVERSATION, within="inbox"),
    Shortcut(76, "Ctrl/⌘ Enter", "", _("Send, while writing"), IN_A_CONVERSATION, within="inbox"),
    Shortcut(77, "Esc", "", _("Stop writing, keep the draft"), IN_A_CONVERSATION, within="inbox"),
    Shortcut(79, "n", "internal-note", _("Write a note for the team"), IN_A_CONVERSATION, within="inbox"),
    Topic("presence"),
    Shortcut(82, "c r", "call-reached", _("Log a call: reached"), IN_A_CONVERSATION, within="inbox"),
    Shortcut(83, "c n", "call-no_answer", _("Log a call: no answer"), IN_A_CONVERSATION, within="inbox"),
    Shortcut(84, "c m", "call-message_left", _("Log a call: left a message"), IN_A_CONVERSATION, within="inbox"),
    Shortcut(80, "e", "solve", _("Solved"), IN_A_CONVERSATION, within="inbox"),
    Shortcut(81, "s", "snooze", _("Snooze"), IN_A_CONVERSATION, within="inbox"),
    Shortcut(85, "#", "tag", _("Tags"), IN_A_CONVERSATION, within="inbox"),
    Shortcut(19, "g i", going_to("tickets:list"), _("Go to the inbox"), ANYWHERE),
]
