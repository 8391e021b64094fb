"""Register what follow-ups add: pages, list, the next step of a job, types in the settings, event words, demo."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.appointments.feed.feed import FeedSource
from crm.jobs.models import Job
from crm.jobs.next_step.kinds import StepKindSource
from crm.jobs.timeline.parts import Part, TimelineKinds
from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.access.visibility_report import VisibleCount
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.platform.organization.member_departure import Holding
from crm.web.lists.exports import Exportable
from crm.web.lists.saved.palette import PaletteList
from crm.web.settings.sections import Section
from crm.web.shell.navigation import Number, Page
from crm.web.shell.palette import Action
from crm.web.shell.record_pages import RecordLink, RecordPage
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to
from followups import erasure, export, follow_up_list
from followups.assignment import reassignment
from followups.assignment.work import FOLLOW_UPS
from followups.automation.features import FEATURES as AUTOMATION
from followups.callbacks import PLANNED
from followups.event_words import EVENT_WORDS
from followups.feed import dated
from followups.models import FollowUp
from followups.models.kind_setup import step_kinds
from followups.tiles import overdue

IN_FOLLOW_UPS = _("In the follow-ups")
PERMISSIONS = [
    PermissionGroup(20, "followups", _("Follow-ups")),
    Permission(
        "followups.view",
        EVERYBODY,
        "followups",
        _("See follow-ups"),
        _("Their own, and those of the leads they see."),
    ),
    Permission(
        "followups.work",
        EVERYBODY,
        "followups",
        _("Work on follow-ups"),
        _("Plan them, do them, move them to another time, hand them over and cancel them."),
    ),
    Permission(
        "followups.see_all",
        frozenset({Role.MANAGER, Role.ADMIN, Role.SERVICE}),
        "followups",
        _("See everybody’s follow-ups"),
        _("Those of colleagues too."),
    ),
    Permission(
        "followups.manage_kinds",
        frozenset({Role.ADMIN}),
        "settings",
        _("Edit the types of follow-ups"),
        _("Which there are, what they are called and how long they take."),
    ),
]
PAGES = [
    Page(
        40,
        "followups:list",
        "followups.view",
        "clock-check",
        _("Follow-ups"),
        section=True,
        number=Number(overdue, _("overdue"), topics="followups", event="followups"),
    ),
    RecordPage(
        FollowUp,
        "followups:follow_up",
        list="followups:list",
        event="followups, planned",
        titles=lambda rows: {row.pk: row.subject for row in rows},
    ),
    RecordLink(Job, "next_step", "followups:panel", "followups.view", key="number"),
    RecordLink(Job, "plan_many", "followups:plan_many", "jobs.bulk", key=""),
    RecordLink(Job, "plan", "followups:plan", "followups.work", key="number", query="job"),
    RecordLink(Job, "read_step", "followups:understand", "followups.work", key="number", query="job"),
    Section(
        group="sales",
        position=130,
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
    Action(
        20,
        "followups:plan",
        "followups.work",
        "clock-check",
        _("Plan a follow-up"),
        _("to-do task"),
        dialog=True,
    ),
    PaletteList(follow_up_list.FOLLOW_UPS),
    Shortcut(70, "c", "complete", _("Done: how did it go?"), IN_FOLLOW_UPS),
    Shortcut(71, "t", "tomorrow", _("Move to tomorrow"), IN_FOLLOW_UPS),
    Shortcut(72, "r", "call", _("Call"), IN_FOLLOW_UPS),
    Shortcut(73, "w", "write-follow-up", _("Text or email"), IN_FOLLOW_UPS, within="follow-ups"),
    Shortcut(21, "g f", going_to("followups:list"), _("Go to the follow-ups"), ANYWHERE),
]
FEATURES: list[Feature] = [
    *erasure.DATA,
    *PERMISSIONS,
    *PAGES,
    *ACTIONS,
    *AUTOMATION,
    *EVENT_WORDS,
    TimelineKinds("followup.", Part.PLANNED),
    Topic("followups", ("followup",)),
    StepKindSource(step_kinds),
    FOLLOW_UPS,
    PLANNED,
    FeedSource(dated),
    VisibleCount(20, "followups.view", _("Open follow-ups"), FollowUp.objects.open),
    Holding(20, "followups", reassignment.count, reassignment.say, reassignment.reassign_open_follow_ups),
    Exportable(
        "followups",
        _("Follow-ups"),
        "followups.view",
        "followups:list",
        export.ids,
        export.headings,
        export.rows,
    ),
]
