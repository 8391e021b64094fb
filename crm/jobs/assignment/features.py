"""Register what assignment adds to jobs: permissions, settings pages, a member's availability, event words."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.assignment.event_words import EVENT_WORDS
from crm.jobs.assignment.setup import assignment_setup
from crm.platform.access.permissions import EVERYBODY, Permission
from crm.platform.features import Feature
from crm.platform.models import Member, Role
from crm.web.notices.member_hours import MemberHours
from crm.web.settings.sections import Section, SectionGroup
from crm.web.shell.record_pages import RecordLink

MANAGE = "assignment.manage"

FEATURES: list[Feature] = [
    MemberHours(lambda member_id: assignment_setup().hours_of(member_id)),
    Permission(
        MANAGE,
        frozenset({Role.MANAGER, Role.ADMIN}),
        "settings",
        _("Set up assignment"),
        _("Rules, skills, territories, limits, and everybody’s absences."),
    ),
    Permission(
        "assignment.own",
        EVERYBODY,
        "daily",
        _("Set their own availability"),
        _("Stop new work for a while, and note their own absences and who covers."),
    ),
    SectionGroup(11, "assignment", _("Assignment")),
    Section(
        "assignment",
        10,
        "jobs:assignment",
        MANAGE,
        "arrow-right-left",
        _("Assignment rules"),
        _("Who gets which work, and what happens when nobody has room."),
    ),
    Section("assignment", 20, "jobs:skills", MANAGE, "zap", _("Skills"), _("What members are good at.")),
    Section(
        "assignment", 30, "jobs:territories", MANAGE, "map-pin", _("Territories"), _("Who works where, by postal code.")
    ),
    Section(
        "assignment",
        40,
        "jobs:workload",
        MANAGE,
        "gauge",
        _("Workload"),
        _("How much everybody has and takes, and who is at work."),
    ),
    Section(
        "assignment", 50, "jobs:absences", MANAGE, "calendar", _("Absences"), _("Who is away when, as a calendar.")
    ),
    RecordLink(Member, "availability", "jobs:availability", "assignment.own", key="uid"),
    *EVENT_WORDS,
]
