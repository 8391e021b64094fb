"""Register what appointments add to jobs: permissions, the calendar, settings pages, notices, event words."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.appointments import departure
from crm.jobs.appointments.erasure import DATA
from crm.jobs.appointments.event_words import EVENT_WORDS
from crm.jobs.appointments.feed.calendar_source import APPOINTMENTS
from crm.jobs.appointments.forms import TypeForm
from crm.jobs.appointments.notices import KINDS
from crm.jobs.appointments.setup import begin
from crm.jobs.job_titles import job_titles
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment
from crm.jobs.timeline.parts import TimelineKinds, TimelinePart
from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.access.visibility_report import VisibleCount
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.platform.organization.member_departure import WorkHolding
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.account.own_pages import OwnPage
from crm.web.settings.sections import Section
from crm.web.shell.navigation import NavigationPage
from crm.web.shell.palette import PaletteAction
from crm.web.shell.record_pages import RecordLink, RecordPage
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to
from crm.web.timeline.event_words import EventWords

PERMISSIONS = [
    PermissionGroup("appointments", _("Appointments")),
    Permission(
        name="appointments.view",
        roles=EVERYBODY,
        group="appointments",
        label=_("See the calendar"),
        note=_("Their own appointments, those of the leads they see, and when colleagues are busy."),
    ),
    Permission(
        name="appointments.work",
        roles=EVERYBODY,
        group="appointments",
        label=_("Book and attend appointments"),
        note=_("For themselves and for colleagues: move, confirm, cancel and close them, too."),
    ),
    Permission(
        name="appointments.team_feed",
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="appointments",
        label=_("Create calendar links of teams"),
        note=_("Anyone who has such a link sees the appointments and follow-ups of the team."),
    ),
    Permission(
        name="appointments.set_up",
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="settings",
        label=_("Set up types of appointments"),
        note=_("How long they take, who can come, and when customers are reminded."),
    ),
]
FEATURES: list[Feature] = [
    *PERMISSIONS,
    NavigationPage(
        name="calendar:calendar",
        permission="appointments.view",
        icon="calendar",
        label=_("Calendar"),
        section=True,
    ),
    RecordPage(model=Appointment, name="calendar:appointment", list="calendar:calendar", titles=job_titles),
    TimelineKinds("appointment.", TimelinePart.PLANNED),
    RecordLink(model=Job, purpose="appointments", name="calendar:of_job", permission="appointments.view", key="number"),
    RecordLink(
        model=Job, purpose="book", name="calendar:book", permission="appointments.work", key="number", query="job"
    ),
    Section(
        group="sales",
        name="calendar:types",
        permission="appointments.set_up",
        icon="calendar",
        label=_("Appointment types"),
        note=_("How long appointments are, who attends, and their reminders."),
        affects=_("Affects the times customers can book, the calendar, and confirmations and reminders."),
        words=_("visits inspections booking scheduling meetings reminders slots"),
        below=("jobs/appointments/types.html", TypeForm),
    ),
    PaletteAction(
        name="calendar:book",
        permission="appointments.work",
        icon="calendar",
        label=_("Book an appointment"),
        words=_("visit inspection meeting"),
    ),
    Shortcut(keys="g k", act=going_to("calendar:calendar"), label=_("Go to the calendar"), group=ANYWHERE),
    Topic("appointments", ("appointment",)),
    VisibleCount(permission="appointments.view", label=_("Open appointments"), rows=Appointment.objects.live),
    TenantStart(begin),
    WorkHolding(name="appointments", count=departure.count, say=departure.say, hand_over=departure.hand_over),
    OwnPage(name="calendar:feed", permission="appointments.view", label=_("Calendar links")),
    APPOINTMENTS,
    EventWords("team.feed_created", "calendar", _("created a calendar link for the team")),
    EventWords("team.feed_revoked", "calendar", _("revoked the calendar link of the team")),
    *DATA,
    *KINDS,
    *EVENT_WORDS,
]
