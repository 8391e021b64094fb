"""Register the extensions of follow-ups: pages, list, next step of a job, type settings, event words, demo."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Job
from crm.jobs.next_step.kinds import StepKindSource
from crm.jobs.timeline.parts import TimelineKinds, TimelinePart
from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.access.visibility_report import VisibleCount
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.platform.organization.member_departure import WorkHolding
from crm.web.lists.exports import Exportable
from crm.web.lists.saved.palette import PaletteList
from crm.web.lists.selection_actions import SelectionAction
from crm.web.settings.sections import Section
from crm.web.shell.navigation import NavigationPage, Number
from crm.web.shell.palette import PaletteAction
from crm.web.shell.record_pages import RecordLink, RecordPage
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to
from followups import erasure, export, follow_up_list
from followups.assignment import reassignment
from followups.assignment.work import FOLLOW_UPS
from followups.automation.features import FEATURES as AUTOMATION
from followups.callbacks import PLANNED
from followups.calls.features import FEATURES as CALLS
from followups.configuration.follow_ups import SECTIONS as FILE_SECTIONS
from followups.configuration.sequences import CHAPTER
from followups.configuration.sequences import SEQUENCES as SEQUENCES_SECTION
from followups.customer_reminders.features import FEATURES as CUSTOMER_REMINDERS
from followups.event_words import EVENT_WORDS
from followups.feed import FOLLOW_UPS as CALENDAR_ITEMS
from followups.figures.features import FEATURES as FIGURES
from followups.links.features import FEATURES as LINKS
from followups.links.record_names import title_follow_ups
from followups.models import FollowUp, FollowUpSeries
from followups.models.kind_setup import step_kinds
from followups.neglect.features import FEATURES as NEGLECT
from followups.notes.features import FEATURES as NOTES
from followups.offline.features import FEATURES as OFFLINE
from followups.reminders.features import FEATURES as REMINDERS
from followups.sequences import features as sequences
from followups.tiles import count_overdue

IN_FOLLOW_UPS = _("In the follow-ups")
PERMISSIONS = [
    PermissionGroup("followups", _("Follow-ups")),
    Permission(
        name="followups.view",
        roles=EVERYBODY,
        group="followups",
        label=_("See follow-ups"),
        note=_("Their own, and those of the leads they see."),
    ),
    Permission(
        name="followups.work",
        roles=EVERYBODY,
        group="followups",
        label=_("Work on follow-ups"),
        note=_("Plan them, do them, move them to another time, hand them over and cancel them."),
    ),
    Permission(
        name="followups.see_all",
        roles=frozenset({Role.MANAGER, Role.ADMIN, Role.SERVICE}),
        group="followups",
        label=_("See everybody’s follow-ups"),
        note=_("Those of colleagues too."),
    ),
    Permission(
        name="followups.manage_templates",
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="followups",
        label=_("Edit the team’s templates of follow-ups"),
        note=_("Their own templates everybody may edit."),
    ),
    Permission(
        name="followups.manage_kinds",
        roles=frozenset({Role.ADMIN}),
        group="settings",
        label=_("Edit the types of follow-ups"),
        note=_("Which there are, what they are called and how long they take."),
    ),
]
PAGES = [
    NavigationPage(
        name="followups:list",
        permission="followups.view",
        icon="clock-check",
        label=_("Follow-ups"),
        section=True,
        number=Number(count_overdue, _("overdue"), topics="followups", event="followups"),
    ),
    RecordPage(
        model=FollowUp,
        name="followups:follow_up",
        list="followups:list",
        event="followups, planned",
        titles_for=title_follow_ups,
    ),
    RecordPage(
        model=FollowUpSeries,
        name="followups:series",
        list="followups:list",
        event="followups",
        titles=lambda rows: {row.pk: row.subject for row in rows},
    ),
    RecordLink(model=Job, purpose="next_step", name="followups:panel", permission="followups.view", key="number"),
    SelectionAction(
        lists=("leads", "service", "people"),
        page="followups:plan_many",
        permission="jobs.bulk",
        act="plan",
        icon="clock-check",
        label=_("Follow up"),
    ),
    RecordLink(
        model=Job,
        purpose="read_step",
        name="followups:understand",
        permission="followups.work",
        key="number",
        query="job",
    ),
    Section(
        group="sales",
        name="followups:templates",
        permission="followups.manage_templates",
        icon="list-checks",
        label=_("Follow-up templates"),
        note=_("Follow-ups that are planned again and again: when they are due, who gets them, how they go."),
        affects=_("Affects the templates to choose from when follow-ups are planned."),
        words=_("templates library presets recurring tasks success"),
    ),
    Section(
        group="sales",
        name="followups:kinds",
        permission="followups.manage_kinds",
        icon="clock-check",
        label=_("Follow-up types"),
        note=_("The types of follow-ups, their order, and types of your own."),
        affects=_("Affects the types to choose from when a follow-up is planned, and the reports on work."),
        words=_("activities tasks calls to-do reminders activity types"),
    ),
]
ACTIONS = [
    PaletteAction(
        name="followups:plan",
        permission="followups.work",
        icon="clock-check",
        label=_("Plan a follow-up"),
        words=_("to-do task"),
        dialog=True,
    ),
    PaletteList(follow_up_list.FOLLOW_UPS),
    Shortcut(keys="c", act="complete", label=_("Done: how did it go?"), group=IN_FOLLOW_UPS),
    Shortcut(keys="t", act="tomorrow", label=_("Move to tomorrow"), group=IN_FOLLOW_UPS),
    Shortcut(keys="r", act="call", label=_("Call"), group=IN_FOLLOW_UPS),
    Shortcut(keys="w", act="write-follow-up", label=_("Text or email"), group=IN_FOLLOW_UPS, within="follow-ups"),
    Shortcut(keys="g f", act=going_to("followups:list"), label=_("Go to the follow-ups"), group=ANYWHERE),
]
FEATURES: list[Feature] = [
    SEQUENCES_SECTION,
    CHAPTER,
    *FILE_SECTIONS,
    *erasure.DATA,
    *PERMISSIONS,
    *PAGES,
    *FIGURES,
    *LINKS,
    *NEGLECT,
    *NOTES,
    *ACTIONS,
    *CALLS,
    *CUSTOMER_REMINDERS,
    *AUTOMATION,
    *EVENT_WORDS,
    *REMINDERS,
    *OFFLINE,
    *sequences.FEATURES,
    TimelineKinds("followup.", TimelinePart.PLANNED),
    TimelineKinds("series.", TimelinePart.PLANNED),
    Topic("followups", ("followup", "series")),
    StepKindSource(step_kinds),
    FOLLOW_UPS,
    PLANNED,
    CALENDAR_ITEMS,
    VisibleCount(permission="followups.view", label=_("Open follow-ups"), rows=FollowUp.objects.open),
    WorkHolding(
        name="series",
        count=reassignment.count_series,
        say=reassignment.describe_series,
        hand_over=reassignment.reassign_series,
    ),
    WorkHolding(
        name="followups",
        count=reassignment.count_open,
        say=reassignment.describe_count,
        hand_over=reassignment.reassign_open_follow_ups,
    ),
    Exportable(
        kind="followups",
        label=_("Follow-ups"),
        permission="followups.view",
        page="followups:list",
        ids=export.list_ids,
        headings=export.list_headings,
        rows=export.read_rows,
    ),
]
