"""Register service: permissions, topics, notices, event words."""

from django.utils.translation import gettext_lazy as _

from comms.library.packs.pack_entries import TemplatePack
from comms.library.variables import TemplateVariable
from crm.documents.gallery import PhotoGroups
from crm.jobs.job_titles import job_titles
from crm.jobs.models import Job
from crm.jobs.timeline.parts import TimelineKinds, TimelinePart
from crm.people.models import Property
from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.lists.saved.palette import PaletteList
from crm.web.settings.sections import Section
from crm.web.shell.navigation import NavigationPage, Number
from crm.web.shell.record_pages import RecordFragment, RecordLink, RecordPage
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to
from service import erasure
from service.arrivals import texts as arrival_texts
from service.assets.maintenance_renewal import SOURCE as MAINTENANCE_RENEWAL
from service.claims.features import FEATURES as CLAIMS
from service.configuration.service_setup import SECTIONS as FILE_SECTIONS
from service.event_words import EVENT_WORDS
from service.hand_offs.notices import KINDS
from service.hand_offs.waiting import count_unanswered
from service.issues.features import FEATURES as ISSUES
from service.models import HandOff, Project
from service.places.visibility import visible_places
from service.projects.board import fresh_board
from service.projects.crew_lanes import LANES
from service.projects.photo_groups import by_milestone
from service.projects.project_list import PROJECTS
from service.projects.triggers import DATES
from service.weather.features import FEATURES as WEATHER

OFFICE = frozenset({Role.SERVICE, Role.MANAGER, Role.ADMIN})

PERMISSIONS = [
    PermissionGroup("service", _("Service")),
    Permission(
        name="handoffs.view",
        roles=EVERYBODY,
        group="service",
        label=_("See hand-offs"),
        note=_("For jobs they sold and leads they can see."),
    ),
    Permission(
        name="handoffs.prepare",
        roles=EVERYBODY,
        group="service",
        label=_("Prepare hand-offs"),
        note=_("Add promises and quotes from the customer, tick the checklist, and hand off again."),
    ),
    Permission(
        name="handoffs.answer",
        roles=OFFICE,
        group="service",
        label=_("Accept hand-offs or send them back"),
        note=_("Answer for each promise whether it can be kept, and set up the job."),
    ),
    Permission(
        name="projects.view",
        roles=EVERYBODY,
        group="service",
        label=_("See projects"),
        note=_("Of jobs they sold and leads they can see."),
    ),
    Permission(
        name="projects.work",
        roles=OFFICE,
        group="service",
        label=_("Work on projects"),
        note=_("Milestones, photos, dates, crews and holds."),
    ),
    Permission(
        name="projects.set_up",
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="settings",
        label=_("Set up project templates"),
        note=_("The plan a type of job starts with when service accepts it."),
    ),
]
PAGES = [
    NavigationPage(name="service:list", permission="projects.view", icon="hammer", label=_("Jobs"), section=True),
    PaletteList(PROJECTS),
    Shortcut(keys="g j", act=going_to("service:list"), label=_("Go to jobs"), group=ANYWHERE),
    RecordPage(model=Project, name="service:project", list="service:list", titles=job_titles),
    RecordFragment(Job, "service-board", fresh_board),
    NavigationPage(
        name="service:hand_offs",
        permission="handoffs.view",
        icon="arrow-right-left",
        label=_("Hand-offs"),
        section=True,
        number=Number(count_unanswered, _("to answer"), topics="service", event="service"),
        tab_of="service:list",
    ),
    Section(
        group="service",
        name="service:templates",
        permission="projects.set_up",
        icon="list-checks",
        label=_("Project templates"),
        note=_("The milestones, tasks and checklist a job starts with."),
        affects=_("Affects new jobs. Jobs already accepted do not change."),
        words=_("job template checklist milestones tasks plan"),
    ),
    RecordPage(model=Property, name="service:place", list="service:list", visible=visible_places),
    RecordLink(model=Job, purpose="hand_off", name="service:hand_off_of_job", permission="handoffs.view", key="number"),
    RecordPage(model=HandOff, name="service:hand_off", list="service:hand_offs", titles=job_titles),
]


FEATURES: list[Feature] = [
    *FILE_SECTIONS,
    PhotoGroups(by_milestone),
    *erasure.DATA,
    *PERMISSIONS,
    *PAGES,
    *ISSUES,
    *CLAIMS,
    TemplatePack("arrivals", {"en": arrival_texts.ENGLISH, "nl": arrival_texts.DUTCH}),
    # Given by what sends them; a template of anything else has none.
    TemplateVariable(name="crew.name", words=_("Crew"), example="Crew A", value=lambda subject: ""),
    TemplateVariable(name="crew.minutes", words=_("Minutes late"), example="30", value=lambda subject: ""),
    *WEATHER,
    *DATES,
    MAINTENANCE_RENEWAL,
    *KINDS,
    *EVENT_WORDS,
    *(
        TimelineKinds(f"{what}.", TimelinePart.STEPS)
        for what in ("handoff", "project", "milestone", "issue", "arrival")
    ),
    TimelineKinds("report.", TimelinePart.FILES),
    Topic("service", ("handoff", "project", "milestone", "issue", "report", "arrival")),
    LANES,
]
