"""Register what assignment adds to jobs: permissions, settings pages, a member's availability, event words."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.assignment.event_words import EVENT_WORDS
from crm.jobs.models.assignment.setup import assignment_setup
from crm.platform.access.permissions import EVERYBODY, Permission
from crm.platform.features import Feature
from crm.platform.models import Member, Role
from crm.web.notices.member_hours import MemberHours
from crm.web.settings.sections import Section
from crm.web.shell.record_pages import RecordLink

MANAGE = "assignment.manage"

FEATURES: list[Feature] = [
    MemberHours(lambda member_id: assignment_setup().hours_of(member_id)),
    Permission(
        name=MANAGE,
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="settings",
        label=_("Set up assignment"),
        note=_("Rules, skills, territories, capacity and absences of all members."),
    ),
    Permission(
        name="assignment.own",
        roles=EVERYBODY,
        group="daily",
        label=_("Set their own availability"),
        note=_("Pause new work, and add their own absences with a cover."),
    ),
    Section(
        group="team",
        name="jobs:assignment",
        permission=MANAGE,
        icon="arrow-right-left",
        label=_("Assignment rules"),
        note=_("Who gets new leads, conversations and jobs."),
        affects=_("Affects who owns new work, and who gets it when that person is away or at capacity."),
        words=_("routing round robin distribute owner auto-assign"),
        below=("jobs/assignment/rule.html",),
    ),
    Section(
        group="team",
        name="jobs:skills",
        permission=MANAGE,
        icon="zap",
        label=_("Skills"),
        note=_("What each member can do."),
        affects=_("Affects which members the assignment rules choose."),
        words=_("expertise abilities"),
        tab_of="jobs:assignment",
    ),
    Section(
        group="team",
        name="jobs:territories",
        permission=MANAGE,
        icon="map-pin",
        label=_("Territories"),
        note=_("Which members work where, by postal code."),
        affects=_("Affects which members the assignment rules choose for an address."),
        words=_("regions areas zip codes postcodes zones"),
        tab_of="jobs:assignment",
    ),
    Section(
        group="team",
        name="jobs:workload",
        permission=MANAGE,
        icon="gauge",
        label=_("Capacity"),
        note=_("How much work each member can take, next to what they have."),
        affects=_("Affects how many leads and conversations are assigned to members."),
        words=_("capacity limit availability pause busy"),
    ),
    Section(
        group="team",
        name="jobs:absences",
        permission=MANAGE,
        icon="calendar",
        label=_("Absences"),
        note=_("Who is away when, and who covers for them."),
        affects=_("Affects who gets new work, and where work goes while somebody is away."),
        words=_("vacation holiday sick leave time off out of office"),
        tab_of="jobs:workload",
        template="jobs/assignment/absences.html",
    ),
    RecordLink(model=Member, purpose="availability", name="jobs:availability", permission="assignment.own", key="uid"),
    *EVENT_WORDS,
]
