"""Register what tickets add: permissions, topic."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.timeline.parts import TimelineKinds, TimelinePart
from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.settings.sections import Section
from crm.web.shell.navigation import NavigationPage
from tickets import erasure, notices
from tickets.assignment import TICKETS, create_rule
from tickets.automation.features import FEATURES as AUTOMATION
from tickets.calls.missed import MISSED
from tickets.configuration.conversations import SECTIONS as FILE_SECTIONS
from tickets.departure import HOLDINGS
from tickets.event_words import EVENT_WORDS
from tickets.health import HEALTH
from tickets.inbox.features import INBOX
from tickets.macros.features import MACROS
from tickets.notes.mentions import KIND as MENTION_NOTICE
from tickets.notes.words import EVENT_WORDS as NOTE_WORDS
from tickets.set_aside import features as set_aside
from tickets.sla import features as sla
from tickets.visibility import GRANT

MANAGERS = frozenset({Role.MANAGER, Role.ADMIN})

PERMISSIONS = [
    PermissionGroup("tickets", _("Conversations")),
    Permission(
        name="tickets.view",
        roles=EVERYBODY,
        group="tickets",
        label=_("Read conversations"),
        note=_("Their own, those of the leads they see, and those nobody has yet."),
    ),
    Permission(
        name="tickets.work",
        roles=EVERYBODY,
        group="tickets",
        label=_("Work on conversations"),
        note=_("Answer, note, claim, solve, snooze, merge and split them; only those they see."),
    ),
    Permission(
        name="tickets.assign",
        roles=MANAGERS | {Role.SERVICE},
        group="tickets",
        label=_("Give conversations to anybody"),
        note=_("Give a conversation to any colleague or team, or take it from one."),
    ),
    Permission(
        name="tickets.set_up",
        roles=MANAGERS,
        group="settings",
        label=_("Set up conversations"),
        note=_("Response times, when a conversation closes by itself, and macros."),
    ),
]
FEATURES: list[Feature] = [
    *FILE_SECTIONS,
    *PERMISSIONS,
    *HOLDINGS,
    Topic("tickets", ("ticket", "entry")),
    Topic("endings"),
    *EVENT_WORDS,
    TimelineKinds("ticket.", TimelinePart.STEPS),
    TimelineKinds("ticket.note", TimelinePart.NOTES),
    *AUTOMATION,
    Section(
        group="service",
        name="tickets:policy",
        permission="tickets.set_up",
        icon="clock-check",
        label=_("Closing conversations"),
        note=_("When a solved conversation can reopen, closes and is archived."),
        affects=_("Affects whether a late reply reopens a conversation or starts a new one."),
        words=_("reopen archive solved auto-close"),
        tab_of="tickets:sla",
    ),
    Section(
        group="team",
        name="tickets:departed_mail",
        permission="members.manage",
        icon="lock",
        label=_("Mail of former members"),
        note=_("Private conversations of members who have left, and who takes them over."),
        affects=_("Affects who sees these conversations in the inbox."),
        words=_("leavers ex-employee offboarding private take over"),
        tab_of="members",
    ),
    *HEALTH,
    *sla.FEATURES,
    *erasure.DATA,
    NavigationPage(
        name="tickets:figures",
        permission="tickets.view",
        icon="gauge",
        label=_("Response times"),
        tab_of="reports:dashboard",
    ),
    *INBOX,
    TICKETS,
    GRANT,
    *MACROS,
    MISSED,
    *NOTE_WORDS,
    MENTION_NOTICE,
    *notices.KINDS,
    *set_aside.FEATURES,
    TenantStart(create_rule),
]
