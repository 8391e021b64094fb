"""Register what appointments add to jobs: permissions, the calendar, settings pages, notices, event words."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.appointments import departure
from crm.jobs.appointments.erasure import DATA
from crm.jobs.appointments.event_words import EVENT_WORDS
from crm.jobs.appointments.forms import TypeForm
from crm.jobs.appointments.notices import KINDS
from crm.jobs.appointments.setup import begin
from crm.jobs.job_titles import job_titles
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment
from crm.jobs.timeline.parts import Part, TimelineKinds
from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.access.visibility_report import VisibleCount
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.platform.organization.member_departure import Holding
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.account.own_pages import OwnPage
from crm.web.settings.sections import Section
from crm.web.shell.navigation import Page
from crm.web.shell.palette import Action
from crm.web.shell.record_pages import RecordLink, RecordPage
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to

PERMISSIONS = [
    PermissionGroup(22, "appointments", _("Appointments")),
    Permission(
        "appointments.view",
        EVERYBODY,
        "appointments",
        _("See the calendar"),
        _("Their own appointments, those of the leads they see, and when colleagues are busy."),
    ),
    Permission(
        "appointments.work",
        EVERYBODY,
        "appointments",
        _("Book and have appointments"),
        _("For themselves and for colleagues: move, confirm, cancel and close them, too."),
    ),
    Permission(
        "appointments.set_up",
        frozenset({Role.MANAGER, Role.ADMIN}),
        "settings",
        _("Set up types of appointments"),
        _("How long they take, who can come, and when customers are reminded."),
    ),
]
FEATURES: list[Feature] = [
    *PERMISSIONS,
    Page(45, "calendar:calendar", "appointments.view", "calendar", _("Calendar"), section=True),
    RecordPage(Appointment, "calendar:appointment", list="calendar:calendar", titles=job_titles),
    TimelineKinds("appointment.", Part.PLANNED),
    RecordLink(Job, "appointments", "calendar:of_job", "appointments.view", key="number"),
    RecordLink(Job, "book", "calendar:book", "appointments.work", key="number", query="job"),
    Section(
        group="sales",
        position=140,
        name="calendar:types",
        permission="appointments.set_up",
        icon="calendar",
        label=_("Appointment types"),
        note=_("How long appointments are, who attends, and their reminders."),
        affects=_("Affects the times customers can book, the calendar, and confirmations and reminders."),
        words=_("visits inspections booking scheduling meetings reminders slots"),
        below=("jobs/appointments/types.html", TypeForm),
    ),
    Action(
        25, "calendar:book", "appointments.work", "calendar", _("Book an appointment"), _("visit inspection meeting")
    ),
    Shortcut(23, "g k", going_to("calendar:calendar"), _("Go to the calendar"), ANYWHERE),
    Topic("appointments", ("appointment",)),
    VisibleCount(25, "appointments.view", _("Open appointments"), Appointment.objects.live),
    TenantStart(begin),
    Holding(15, "appointments", departure.count, departure.say, departure.hand_over),
    OwnPage(30, "calendar:feed", "appointments.view", _("My calendar feed")),
    *DATA,
    *KINDS,
    *EVENT_WORDS,
]
