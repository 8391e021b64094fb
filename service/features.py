"""Register what service adds: permissions, topics, notices, event words."""

from django.utils.translation import gettext_lazy as _

from comms.library.packs.shape import TemplatePack
from comms.library.variables import TemplateVariable
from crm.documents.gallery import PhotoGroups
from crm.jobs.job_titles import job_titles
from crm.jobs.models import Job
from crm.jobs.timeline.parts import Part, TimelineKinds
from crm.people.models import Property
from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.settings.sections import Section
from crm.web.shell.navigation import Number, Page
from crm.web.shell.record_pages import RecordFragment, RecordLink, RecordPage
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to
from service import erasure
from service.arrivals import texts as arrival_texts
from service.event_words import EVENT_WORDS
from service.hand_offs.notices import KINDS
from service.hand_offs.waiting import unanswered
from service.issues.features import FEATURES as ISSUES
from service.models import HandOff, Project
from service.places.visibility import visible_places
from service.projects.board import fresh_board
from service.projects.crew_lanes import LANES
from service.projects.photo_groups import by_milestone
from service.projects.triggers import DATES
from service.weather.features import FEATURES as WEATHER

OFFICE = frozenset({Role.SERVICE, Role.MANAGER, Role.ADMIN})

PERMISSIONS = [
    PermissionGroup(23, "service", _("Service")),
    Permission(
        "handoffs.view", EVERYBODY, "service", _("See hand-offs"), _("For jobs they sold and leads they can see.")
    ),
    Permission(
        "handoffs.prepare",
        EVERYBODY,
        "service",
        _("Prepare hand-offs"),
        _("Add promises and quotes from the customer, tick the checklist, and hand off again."),
    ),
    Permission(
        "handoffs.answer",
        OFFICE,
        "service",
        _("Accept hand-offs or send them back"),
        _("Answer for each promise whether it can be kept, and set up the job."),
    ),
    Permission(
        "projects.view",
        EVERYBODY,
        "service",
        _("See projects"),
        _("Of jobs they sold and leads they can see."),
    ),
    Permission(
        "projects.work",
        OFFICE,
        "service",
        _("Work on projects"),
        _("Milestones, photos, dates, crews and holds."),
    ),
    Permission(
        "projects.set_up",
        frozenset({Role.MANAGER, Role.ADMIN}),
        "settings",
        _("Set up project templates"),
        _("The plan a type of job starts with when service accepts it."),
    ),
]
PAGES = [
    Page(50, "service:list", "projects.view", "hammer", _("Jobs"), section=True),
    Shortcut(22, "g j", going_to("service:list"), _("Go to jobs"), ANYWHERE),
    RecordPage(Project, "service:project", list="service:list", titles=job_titles),
    RecordFragment(Job, "service-board", fresh_board),
    Page(
        51,
        "service:hand_offs",
        "handoffs.view",
        "arrow-right-left",
        _("Hand-offs"),
        section=True,
        number=Number(unanswered, _("to answer"), topics="service", event="service"),
        tab_of="service:list",
    ),
    Section(
        group="service",
        position=10,
        name="service:templates",
        permission="projects.set_up",
        icon="list-checks",
        label=_("Project templates"),
        note=_("The milestones, tasks and checklist a job starts with."),
        affects=_("Affects new jobs. Jobs already accepted do not change."),
        words=_("job template checklist milestones tasks plan"),
    ),
    RecordPage(Property, "service:place", list="service:list", visible=visible_places),
    RecordLink(Job, "hand_off", "service:hand_off_of_job", "handoffs.view", key="number"),
    RecordPage(HandOff, "service:hand_off", list="service:hand_offs", titles=job_titles),
]


FEATURES: list[Feature] = [
    PhotoGroups(by_milestone),
    *erasure.DATA,
    *PERMISSIONS,
    *PAGES,
    *ISSUES,
    TemplatePack("arrivals", {"en": arrival_texts.ENGLISH, "nl": arrival_texts.DUTCH}),
    # Given by what sends them; a template of anything else has none.
    TemplateVariable(95, "crew.name", _("Crew"), "Crew A", lambda subject: ""),
    TemplateVariable(96, "crew.minutes", _("Minutes late"), "30", lambda subject: ""),
    *WEATHER,
    *DATES,
    *KINDS,
    *EVENT_WORDS,
    *(TimelineKinds(f"{what}.", Part.STEPS) for what in ("handoff", "project", "milestone", "issue", "arrival")),
    TimelineKinds("report.", Part.FILES),
    Topic("service", ("handoff", "project", "milestone", "issue", "report", "arrival")),
    LANES,
]
