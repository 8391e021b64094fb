"""Register what tickets add: permissions, topic."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.timeline.parts import Part, TimelineKinds
from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.shell.navigation import Page
from tickets import erasure, notices
from tickets.assignment import TICKETS, create_rule
from tickets.automation.features import FEATURES as AUTOMATION
from tickets.calls.missed import MISSED
from tickets.departure import HOLDINGS
from tickets.event_words import EVENT_WORDS
from tickets.health import HEALTH
from tickets.inbox.features import INBOX
from tickets.life.features import FEATURES as LIFE
from tickets.macros.features import MACROS
from tickets.notes.mentions import KIND as MENTION_NOTICE
from tickets.notes.words import EVENT_WORDS as NOTE_WORDS
from tickets.privacy.features import FEATURES as PRIVACY
from tickets.set_aside import features as set_aside
from tickets.sla import features as sla
from tickets.visibility import GRANT

MANAGERS = frozenset({Role.MANAGER, Role.ADMIN})

PERMISSIONS = [
    PermissionGroup(12, "tickets", _("Conversations")),
    Permission(
        "tickets.view",
        EVERYBODY,
        "tickets",
        _("Read conversations"),
        _("Their own, those of the leads they see, and those nobody has yet."),
    ),
    Permission(
        "tickets.work",
        EVERYBODY,
        "tickets",
        _("Work on conversations"),
        _("Answer, note, claim, solve, snooze, merge and split them; only those they see."),
    ),
    Permission(
        "tickets.assign",
        MANAGERS | {Role.SERVICE},
        "tickets",
        _("Give conversations to anybody"),
        _("Give a conversation to any colleague or team, or take it from one."),
    ),
    Permission(
        "tickets.set_up",
        MANAGERS,
        "settings",
        _("Set up conversations"),
        _("Response times, when a conversation closes by itself, and macros."),
    ),
]
FEATURES: list[Feature] = [
    *PERMISSIONS,
    *HOLDINGS,
    Topic("tickets", ("ticket", "entry")),
    Topic("endings"),
    *EVENT_WORDS,
    TimelineKinds("ticket.", Part.STEPS),
    TimelineKinds("ticket.note", Part.NOTES),
    *AUTOMATION,
    *LIFE,
    *PRIVACY,
    *HEALTH,
    *sla.FEATURES,
    *erasure.DATA,
    Page(72, "tickets:figures", "tickets.view", "gauge", _("Response times"), tab_of="reports:dashboard"),
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
