"""Register what rules add: permissions, event words, notices, and what they know of jobs."""

from django.utils.translation import gettext_lazy as _

from crm.automation import escalation, health, notices
from crm.automation.documents import features as documents
from crm.automation.event_words import EVENT_WORDS
from crm.automation.jobs import features as jobs
from crm.automation.log.run_list import RUNS
from crm.automation.models import Rule
from crm.automation.points import filters
from crm.automation.webhooks import features as webhooks
from crm.jobs.models import Stage
from crm.people.models import Person
from crm.platform.access.permissions import Permission
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.lists.saved.palette import PaletteList
from crm.web.settings.sections import Section
from crm.web.shell.navigation import Page
from crm.web.shell.record_pages import RecordLink, RecordPage
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to

VIEW, MANAGE = "automation.view", "automation.manage"

FEATURES: list[Feature] = [
    Permission(
        VIEW,
        frozenset({Role.MANAGER, Role.ADMIN}),
        "settings",
        _("See triggers"),
        _("View triggers, their log, and why something did or did not happen."),
    ),
    Permission(
        MANAGE,
        frozenset({Role.ADMIN}),
        "settings",
        _("Set up triggers"),
        _("Create and edit triggers, and turn them on or off for everyone or for one customer."),
    ),
    Topic("rules", ("rule",)),
    Page(80, "automation:rules", VIEW, "zap", _("Automation"), section=True, tab_label=_("Triggers")),
    Shortcut(27, "g t", going_to("automation:rules"), _("Go to the triggers"), ANYWHERE),
    Page(82, "automation:log", VIEW, "history", _("Log"), section=True, tab_of="automation:rules"),
    Page(83, "automation:map", VIEW, "workflow", _("Map"), tab_of="automation:rules"),
    Page(84, "automation:preview", VIEW, "calendar-clock", _("Next 14 days"), tab_of="automation:rules"),
    Section(
        group="automation",
        position=10,
        name="automation:points",
        permission=VIEW,
        icon="flag",
        label=_("Priority points"),
        note=_("What makes a lead high priority or urgent."),
        affects=_("Affects the priority of leads and their order."),
        words=_("lead scoring score hot leads urgent"),
        template="automation/points/points.html",
    ),
    PaletteList(RUNS),
    RecordPage(Rule, "automation:rule", list="automation:rules"),
    RecordLink(Stage, "moves", "automation:stage_moves", VIEW, key="id"),
    RecordLink(Person, "triggers", "automation:person", VIEW),
    *EVENT_WORDS,
    *filters.FILTERS,
    *jobs.FEATURES,
    *documents.FEATURES,
    notices.KIND,
    notices.PAUSED_KIND,
    notices.TELL,
    escalation.KIND,
    escalation.ESCALATE,
    *webhooks.FEATURES,
    *health.FEATURES,
]
