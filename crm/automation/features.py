"""Register the features of rules: permissions, event descriptions, notices, and the features for jobs."""

from django.utils.translation import gettext_lazy as _

from crm.automation import escalation, health, notices
from crm.automation.configuration import SECTIONS as FILE_SECTIONS
from crm.automation.documents import features as documents
from crm.automation.event_words import EVENT_WORDS
from crm.automation.jobs import features as jobs
from crm.automation.log.run_list import RUNS
from crm.automation.models import Rule
from crm.automation.people import features as people
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
from crm.web.shell.navigation import NavigationPage
from crm.web.shell.record_pages import RecordLink, RecordPage
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to

VIEW = "automation.view"
MANAGE = "automation.manage"

FEATURES: list[Feature] = [
    *FILE_SECTIONS,
    Permission(
        name=VIEW,
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="settings",
        label=_("See triggers"),
        note=_("View triggers, their log, and why something did or did not happen."),
    ),
    Permission(
        name=MANAGE,
        roles=frozenset({Role.ADMIN}),
        group="settings",
        label=_("Set up triggers"),
        note=_("Create and edit triggers, and turn them on or off for everyone or for one customer."),
    ),
    Topic("rules", ("rule",)),
    NavigationPage(
        name="automation:rules",
        permission=VIEW,
        icon="zap",
        label=_("Automation"),
        section=True,
        tab_label=_("Triggers"),
    ),
    Shortcut(keys="g t", act=going_to("automation:rules"), label=_("Go to the triggers"), group=ANYWHERE),
    NavigationPage(
        name="automation:log",
        permission=VIEW,
        icon="history",
        label=_("Log"),
        section=True,
        tab_of="automation:rules",
    ),
    NavigationPage(name="automation:map", permission=VIEW, icon="workflow", label=_("Map"), tab_of="automation:rules"),
    NavigationPage(
        name="automation:preview",
        permission=VIEW,
        icon="calendar-clock",
        label=_("Next 14 days"),
        tab_of="automation:rules",
    ),
    Section(
        group="automation",
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
    RecordPage(model=Rule, name="automation:rule", list="automation:rules"),
    RecordLink(model=Stage, purpose="moves", name="automation:stage_moves", permission=VIEW, key="id"),
    RecordLink(model=Person, purpose="triggers", name="automation:person", permission=VIEW),
    *EVENT_WORDS,
    *filters.FILTERS,
    *jobs.FEATURES,
    *documents.FEATURES,
    *people.FEATURES,
    notices.KIND,
    notices.PAUSED_KIND,
    notices.TELL,
    escalation.KIND,
    escalation.ESCALATE,
    *webhooks.FEATURES,
    *health.FEATURES,
]
