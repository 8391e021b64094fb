"""Register what jobs add: pipeline settings, event words, a tenant's defaults, reassignment of a leaver's jobs."""

from django.utils.translation import gettext_lazy as _

from crm.jobs import health, notices
from crm.jobs.appointments import features as appointments
from crm.jobs.assignment import features as assignment
from crm.jobs.assignment import reassignment
from crm.jobs.configuration.work_setup import SECTIONS as FILE_SECTIONS
from crm.jobs.customer_visibility import visible_people
from crm.jobs.customers import customer_list, erasure
from crm.jobs.customers.palette import people_found, people_on_page
from crm.jobs.fields import features as fields
from crm.jobs.list.conditions import JobFilters
from crm.jobs.list.own_filters import own_filters
from crm.jobs.losses import features as losses
from crm.jobs.models import Job, Phase, Pipeline, Stage, StageTarget
from crm.jobs.next_step.kinds import StepKindSource, usual_kinds
from crm.jobs.pipelines.defaults import create_defaults
from crm.jobs.pipelines.key_fields import KeyFieldSource
from crm.jobs.quality import key_fields
from crm.jobs.tags import features as tags
from crm.jobs.timeline.event_words import EVENT_WORDS
from crm.jobs.timeline.parts import TimelineKinds, TimelinePart
from crm.people.merging.duplicate_candidates import keep_looking
from crm.people.models import Person
from crm.platform.access.permissions import EVERYBODY, Permission
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Event, Role
from crm.platform.organization import calendar_effects
from crm.platform.organization.member_departure import WorkHolding
from crm.platform.organization.tenant_creation import TenantStart
from crm.platform.tenancy.row_level_security import DefinerFunction
from crm.web.lists.saved.palette import PaletteList
from crm.web.settings.sections import Section
from crm.web.shell.first_steps import FirstStep, was_edited
from crm.web.shell.navigation import NavigationPage
from crm.web.shell.palette import PaletteSource
from crm.web.shell.record_pages import RecordLink, RecordPage
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to
from crm.web.timeline.event_words import EventWords


def has_own_steps() -> bool:
    """Return True if a pipeline was edited, or a lead was moved along the unedited steps."""
    if was_edited(Pipeline, Phase, Stage, StageTarget):
        return True
    return bool(Event.objects.filter(subject_kind=Job._meta.label_lower, kind="job.moved").exists())


SETTINGS = [
    Permission(
        name="pipelines.manage",
        roles=frozenset({Role.ADMIN}),
        group="settings",
        label=_("Set up pipelines"),
        note=_("Pipelines, phases, steps, their targets, urgency levels, and the sources."),
    ),
    Section(
        group="sales",
        name="jobs:pipelines",
        permission="pipelines.manage",
        icon="workflow",
        label=_("Pipelines"),
        note=_("Pipelines, their steps and phases, and how long each step may take."),
        affects=_("Affects the list of leads and its clocks, what customers read about each step, and reports."),
        words=_("stages funnel targets time limits deal status steps"),
        below=(
            "jobs/targets.html",
            "jobs/step.html",
            "jobs/customer_texts.html",
        ),
    ),
    Section(
        group="sales",
        name="jobs:levels",
        permission="pipelines.manage",
        icon="gauge",
        label=_("Urgency"),
        note=_("When a lead is due soon, late and very late."),
        affects=_("Affects the colours and order of leads, and triggers on lateness."),
        words=_("levels due soon overdue late threshold warning percentage"),
        tab_of="jobs:pipelines",
        template="jobs/levels.html",
    ),
    Section(
        group="sales",
        name="jobs:sources",
        permission="pipelines.manage",
        icon="megaphone",
        label=_("Sources"),
        note=_("Where leads come from."),
        affects=_("Affects the sources to choose from on a lead, and the reports by source."),
        words=_("marketing origin referral utm attribution lead source"),
    ),
]
CUSTOMERS = [
    Permission(
        name="people.view",
        roles=EVERYBODY,
        group="data",
        label=_("See customers"),
        note=_("Those whose leads they see, and those who have none yet."),
    ),
    Permission(
        name="people.erase",
        roles=frozenset({Role.ADMIN}),
        group="data",
        label=_("Erase a customer for good"),
        note=_("Name, addresses, texts and files, at the customer’s wish; nothing brings them back."),
    ),
    RecordLink(model=Person, purpose="erase", name="people:erase", permission="people.erase"),
    EventWords("person.erased", "x", _("erased the customer")),
    NavigationPage(name="people:list", permission="people.view", icon="user", label=_("Customers"), section=True),
    Shortcut(keys="g p", act=going_to("people:list"), label=_("Go to the customers"), group=ANYWHERE),
    RecordPage(model=Person, name="people:person", list="people:list", visible=visible_people),
    PaletteList(customer_list.CUSTOMERS),
    PaletteSource(name="people", permission="people.view", find=people_found, on_page=people_on_page),
    EventWords("person.added", "user-plus", _("added the customer")),
    EventWords("company.added", "building-2", _("added the company")),
    EventWords("company.renamed", "pencil", _("renamed the company")),
    EventWords("person.corrected", "pencil", _("edited the customer")),
    EventWords("person.merged", "users", _("merged another record into this one")),
    EventWords("person.taken_apart", "users", _("undid a merge")),
    EventWords("person.merged_away", "users", _("was merged into another record")),
    EventWords("person.restored", "users", _("is a record of its own again")),
    EventWords("property.corrected", "pencil", _("edited the property")),
    EventWords("person.parted", "users", _("marked another record as not a duplicate")),
]
FEATURES: list[Feature] = [
    *FILE_SECTIONS,
    *SETTINGS,
    *CUSTOMERS,
    *erasure.DATA,
    FirstStep(
        name="jobs:pipelines",
        permission="pipelines.manage",
        icon="workflow",
        label=_("Check your pipeline’s steps"),
        note=_("Rename, add or remove steps, and say how long each may take."),
        is_done=has_own_steps,
    ),
    *EVENT_WORDS,
    *notices.KINDS,
    notices.STAND,
    *assignment.FEATURES,
    *tags.FEATURES,
    *fields.FEATURES,
    *own_filters(JobFilters, Job),
    *own_filters(customer_list.CustomerFilters, Person),
    *losses.FEATURES,
    *health.FEATURES,
    *appointments.FEATURES,
    KeyFieldSource("leads", key_fields.fields),
    Topic("jobs", ("job",)),
    Topic(calendar_effects.TOPIC),
    StepKindSource(usual_kinds),
    TimelineKinds("job.", TimelinePart.STEPS),
    TimelineKinds("job.next_step", TimelinePart.PLANNED),
    TimelineKinds("job.contact", TimelinePart.PLANNED, by="kind"),
    TimelineKinds("job.heard", by="channel"),
    TimelineKinds("job.answered", by="channel"),
    TimelineKinds("note.", TimelinePart.NOTES),
    TenantStart(create_defaults),
    TenantStart(keep_looking),
    WorkHolding(
        name="jobs",
        count=reassignment.count,
        say=reassignment.say,
        hand_over=reassignment.reassign_open_jobs,
    ),
    DefinerFunction("search_candidates(text[], text, text, text[], text, integer)"),
    DefinerFunction("search_jobs(text[], text, text, text[], text, integer, bigint, bigint, integer)"),
]
