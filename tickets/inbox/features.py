"""Register the inbox: navigation, page of a ticket, keyboard shortcuts."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Job
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.web.lists.saved.palette import PaletteList
from crm.web.shell.navigation import NavigationPage, Number
from crm.web.shell.palette import PaletteSource
from crm.web.shell.record_pages import RecordLink, RecordPage
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to
from tickets.inbox.palette import find_conversations
from tickets.inbox.rows import titles
from tickets.inbox.ticket_list import TICKETS, needing_us
from tickets.inbox.views.conversation import fresh_head
from tickets.models import Ticket

IN_A_CONVERSATION = _("In a conversation")
INBOX: list[Feature] = [
    NavigationPage(
        name="tickets:list",
        permission="tickets.view",
        icon="inbox",
        label=_("Inbox"),
        section=True,
        number=Number(needing_us, _("waiting for your reply"), topics="tickets", event="tickets"),
    ),
    RecordPage(
        model=Ticket,
        name="tickets:ticket",
        key="number",
        list="tickets:list",
        fragments={"conversation": fresh_head},
        event="tickets",
        titles=titles,
    ),
    RecordLink(model=Job, purpose="conversations", name="tickets:of_job", permission="tickets.view", key="number"),
    PaletteSource(name="tickets", permission="tickets.view", find=find_conversations),
    PaletteList(TICKETS),
    Shortcut(keys="r", act="reply", label=_("Reply"), group=IN_A_CONVERSATION, within="inbox"),
    Shortcut(
        keys="Ctrl/⌘ Enter",
        act="",
        label=_("Send, while writing"),
        group=IN_A_CONVERSATION,
        within="inbox",
    ),
    Shortcut(
        keys="Esc",
        act="",
        label=_("Stop writing, keep the draft"),
        group=IN_A_CONVERSATION,
        within="inbox",
    ),
    Shortcut(
        keys="n",
        act="internal-note",
        label=_("Write a note for the team"),
        group=IN_A_CONVERSATION,
        within="inbox",
    ),
    Topic("presence"),
    Shortcut(
        keys="c r",
        act="call-reached",
        label=_("Log a call: reached"),
        group=IN_A_CONVERSATION,
        within="inbox",
    ),
    Shortcut(
        keys="c n",
        act="call-no_answer",
        label=_("Log a call: no answer"),
        group=IN_A_CONVERSATION,
        within="inbox",
    ),
    Shortcut(
        keys="c m",
        act="call-message_left",
        label=_("Log a call: left a message"),
        group=IN_A_CONVERSATION,
        within="inbox",
    ),
    Shortcut(keys="e", act="solve", label=_("Solved"), group=IN_A_CONVERSATION, within="inbox"),
    Shortcut(keys="s", act="snooze", label=_("Snooze"), group=IN_A_CONVERSATION, within="inbox"),
    Shortcut(keys="#", act="tag", label=_("Tags"), group=IN_A_CONVERSATION, within="inbox"),
    Shortcut(keys="g i", act=going_to("tickets:list"), label=_("Go to the inbox"), group=ANYWHERE),
]
