"""Register the pages of sequences: permissions, navigation, panels, selection actions, palette, shortcuts."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.job_titles import job_titles
from crm.jobs.list.conditions import JobFilters
from crm.jobs.models import Job
from crm.people.models import Person
from crm.platform.access.permissions import EVERYBODY, Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.lists.conditions.filters import AddedFilter
from crm.web.lists.saved.palette import PaletteList
from crm.web.lists.selection_actions import SelectionAction
from crm.web.shell.navigation import NavigationPage
from crm.web.shell.palette import PaletteAction
from crm.web.shell.record_pages import RecordLink, RecordPage
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to
from followups.sequences.editor.entry_filter import EntryFilter
from followups.sequences.enrolments.enrolment_list import ENROLMENTS
from followups.sequences.models import Enrolment, Sequence

VIEW = "sequences.view"
ENROL = "sequences.enrol"

ENTRIES: list[Feature] = [
    Permission(
        name=VIEW,
        roles=EVERYBODY,
        group="followups",
        label=_("See sequences"),
        note=_("Their steps, and who is in them, of the leads they see."),
    ),
    Permission(
        name=ENROL,
        roles=EVERYBODY,
        group="followups",
        label=_("Start and stop sequences for leads"),
        note=_("Pause them, skip a wait and put back what has left, too; of the leads they see."),
    ),
    Permission(
        name="sequences.manage",
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="settings",
        label=_("Set up sequences"),
        note=_("Create and edit sequences, and turn them on or off for everyone."),
    ),
    NavigationPage(
        name="sequences:list",
        permission=VIEW,
        icon="workflow",
        label=_("Sequences"),
        section=True,
        tab_of="automation:rules",
    ),
    NavigationPage(
        name="sequences:enrolments",
        permission=VIEW,
        icon="users",
        label=_("In sequences"),
        section=True,
        tab_of="automation:rules",
    ),
    PaletteList(ENROLMENTS),
    PaletteAction(
        name="sequences:new_sequence", permission="sequences.manage", icon="workflow", label=_("New sequence")
    ),
    Shortcut(keys="g q", act=going_to("sequences:list"), label=_("Go to the sequences"), group=ANYWHERE),
    RecordPage(
        model=Sequence,
        name="sequences:sequence",
        list="sequences:list",
        visible=lambda member: Sequence.objects.all(),
    ),
    RecordPage(
        model=Enrolment,
        name="sequences:enrolment",
        list="sequences:enrolments",
        event="sequences",
        titles=job_titles,
    ),
    AddedFilter(JobFilters, "enters", EntryFilter()),
    RecordLink(model=Job, purpose="sequences", name="sequences:job_panel", permission=VIEW, key="number"),
    RecordLink(model=Person, purpose="sequences", name="sequences:person_panel", permission=VIEW),
    SelectionAction(
        lists=("leads", "service"),
        page="sequences:enrol_leads",
        permission=ENROL,
        act="sequence",
        icon="workflow",
        label=_("Start a sequence"),
    ),
    SelectionAction(
        lists=("people",),
        page="sequences:enrol_customers",
        permission=ENROL,
        act="sequence",
        icon="workflow",
        label=_("Start a sequence"),
    ),
]
