"""Register the extensions of leads: pages, list, search, permissions, words of sales events, demo."""

from django.utils.translation import gettext_lazy as _

from crm.automation.registry.lists import RecordList
from crm.automation.registry.moves import StageMove, StageMoveSource
from crm.automation.registry.triggers import EventTrigger, about_job
from crm.jobs.models import Job
from crm.jobs.quality.checks import keep_checking
from crm.jobs.timeline.parts import TimelineKinds, TimelinePart
from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.access.visibility_report import VisibleCount
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.platform.organization.tenant_creation import TenantStart
from crm.platform.tenancy.row_level_security import DefinerFunction
from crm.web.lists.exports import Exportable
from crm.web.lists.saved.palette import PaletteList
from crm.web.shell.first_steps import FirstStep
from crm.web.shell.navigation import FrameLink, NavigationPage, Number
from crm.web.shell.palette import PaletteAction, PaletteSource
from crm.web.shell.record_pages import RecordPage
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to
from crm.web.timeline.event_words import EventWords
from leads import erasure, export, lead_list
from leads.assignment import LEADS, SELL
from leads.calls import features as calls
from leads.configuration.lead_setup import SECTIONS as FILE_SECTIONS
from leads.intake.features import FEATURES as INTAKE
from leads.lead_list import needing_us
from leads.page import fresh_facts, fresh_page, fresh_row, render_page
from leads.palette import find_groups, in_hand, otherwise
from leads.qualification import features as qualification
from leads.response import features as response
from leads.sources import features as sources
from leads.views.board import fresh_board
from leads.won_filter import WON

MANAGERS = frozenset({Role.MANAGER, Role.ADMIN})
NO_REPS = frozenset({Role.MANAGER, Role.ADMIN, Role.SERVICE})

PERMISSIONS = [
    PermissionGroup("leads", _("Leads")),
    Permission(
        name="jobs.view",
        roles=EVERYBODY,
        group="leads",
        label=_("See leads"),
        note=_("Their own and the unclaimed ones, with customer, notes and timeline."),
    ),
    Permission(
        name="jobs.see_all",
        roles=NO_REPS,
        group="leads",
        label=_("See everybody’s leads"),
        note=_("Those of colleagues too: in lists, in search and in the numbers."),
    ),
    Permission(
        name="leads.open",
        roles=EVERYBODY,
        group="leads",
        label=_("Enter new leads"),
        note=_("By hand. They become their own, or stay unclaimed."),
    ),
    Permission(
        name="leads.open_for_others",
        roles=NO_REPS,
        group="leads",
        label=_("Enter leads for colleagues"),
        note=_("Give a new lead to somebody else while entering it."),
    ),
    Permission(
        name=SELL,
        roles=frozenset({Role.REP}),
        group="leads",
        label=_("Get new leads"),
        note=_(
            "Assignment rules without a team give leads to them. Others get some where a rule names them or their team."
        ),
    ),
    # One lead at a time is enough for service.
    Permission(
        name="jobs.bulk",
        roles=frozenset({Role.REP}) | MANAGERS,
        group="leads",
        label=_("Change many leads at once"),
        note=_("Select leads in the list and change them together; only what they may do to one."),
    ),
    Permission(
        name="jobs.move",
        roles=EVERYBODY,
        group="leads",
        label=_("Move leads through the pipeline"),
        note=_("Move them, put them on hold, mark them lost or done, reopen them; set priority and whose move it is."),
    ),
    Permission(
        name="jobs.note",
        roles=EVERYBODY,
        group="leads",
        label=_("Write notes"),
        note=_("For the team alone; a customer never sees them. The important ones are pinned to the top."),
    ),
    Permission(
        name="jobs.claim",
        roles=EVERYBODY,
        group="leads",
        label=_("Claim leads"),
        note=_("Claim an unclaimed lead, and release their own."),
    ),
    Permission(
        name="jobs.assign",
        roles=MANAGERS,
        group="leads",
        label=_("Assign leads to anybody"),
        note=_("Give any lead to any colleague, or take it from one."),
    ),
    Permission(
        name="jobs.correct",
        roles=EVERYBODY,
        group="data",
        label=_("Edit a lead and its customer"),
        note=_("Name, phone, email, address, value and source."),
    ),
    Permission(
        name="jobs.quality",
        roles=NO_REPS,
        group="data",
        label=_("See the quality of the data"),
        note=_("A list of missing or incorrect data, to fix one by one."),
    ),
    # Not for reps: elsewhere merging was used to claim another's customer.
    Permission(
        name="people.merge",
        roles=NO_REPS,
        group="data",
        label=_("Merge customers"),
        note=_("Merge two records of the same customer, and undo a merge."),
    ),
    Permission(
        name="leads.import",
        roles=MANAGERS,
        group="files",
        label=_("Import leads"),
        note=_("Import leads from a file, and undo an import."),
    ),
]
PAGES = [
    NavigationPage(
        name="leads:list",
        permission="jobs.view",
        icon="chart-no-axes-gantt",
        label=_("Leads"),
        section=True,
        number=Number(needing_us, _("need us now"), topics="jobs", event="leads"),
    ),
    FrameLink(
        name="jobs:search",
        permission="jobs.view",
        icon="search",
        label=_("Search"),
        searches=_("Search leads and customers"),
    ),
    NavigationPage(
        name="jobs:quality",
        permission="jobs.quality",
        icon="list-checks",
        label=_("Data quality"),
        tab_of="reports:dashboard",
    ),
    NavigationPage(
        name="jobs:duplicates",
        permission="people.merge",
        icon="users",
        label=_("Duplicates"),
        tab_of="people:list",
    ),
    NavigationPage(
        name="leads:import",
        permission="leads.import",
        icon="file-up",
        label=_("Import"),
        section=True,
        tab_of="leads:list",
    ),
    RecordList("job", "leads:list"),
    RecordPage(
        model=Job,
        name="leads:lead",
        key="number",
        list="leads:list",
        render=render_page,
        titles=lambda jobs: {job.pk: job.title for job in jobs},
        fragments={"list": fresh_row, "lead": fresh_page, "facts": fresh_facts, "board": fresh_board},
    ),
]
ACTIONS = [
    PaletteAction(
        name="leads:open",
        permission="leads.open",
        icon="plus",
        label=_("New lead"),
        act="new",
        dialog=True,
    ),
    PaletteSource(name="in_hand", permission="jobs.view", find=in_hand, is_of_actions=True),
    PaletteSource(name="leads", permission="jobs.view", find=find_groups),
    PaletteSource(name="new_lead", permission="jobs.view", find=otherwise),
    PaletteList(lead_list.LEADS),
    Shortcut(keys="g l", act=going_to("leads:list"), label=_("Go to the leads"), group=ANYWHERE),
    Shortcut(keys="e", act="plan", label=_("Plan the next step")),
    Shortcut(keys="l", act="log", label=_("Log a call, text, email or visit")),
    Shortcut(keys="m", act="move", label=_("Move to …")),
    Shortcut(keys="s", act="steps", label=_("Choose a step")),
    Shortcut(keys="a", act="assign", label=_("Assign")),
    Shortcut(keys="p", act="priority", label=_("Set the priority")),
    Shortcut(keys="r", act="write", label=_("Text or email"), within="rowbar"),
    Shortcut(keys="r", act="write-here", label=_("Text or email, on a lead’s page"), within="ways"),
    Shortcut(keys="h", act="hold", label=_("On hold")),
    Shortcut(keys="d", act="lose", label=_("Lost")),
    Shortcut(keys="w", act="note", label=_("Write a note, on a lead’s page")),
]
FEATURES: list[Feature] = [
    *FILE_SECTIONS,
    WON,
    TimelineKinds("lead.", TimelinePart.STEPS),
    *sources.FEATURES,
    *calls.FEATURES,
    *erasure.DATA,
    *PERMISSIONS,
    *PAGES,
    *ACTIONS,
    *INTAKE,
    FirstStep(
        name="leads:import",
        permission="leads.import",
        icon="file-up",
        label=_("Add your leads"),
        note=_("Import a spreadsheet or another CRM’s export, or enter the first one by hand."),
        is_done=Job.objects.exists,
    ),
    LEADS,
    Topic("jobs", ("lead",)),
    Topic("imports", ("import",)),
    EventWords("lead.filled_in", "file-text", _("added missing sales details")),
    StageMoveSource(lambda: (StageMove("won", _("it is won"), "lead.won"),)),
    EventTrigger(name="lead.won", record="job", label=_("is won"), events=("lead.won",), about=about_job),
    EventWords("lead.won", "trophy", _("marked it as won")),
    EventWords("lead.win_withdrawn", "undo-2", _("undid that it was won")),
    VisibleCount(permission="jobs.view", label=_("Open leads"), rows=Job.objects.open),
    Exportable(
        kind="leads",
        label=_("Leads"),
        permission="jobs.view",
        page="leads:list",
        ids=export.ids,
        headings=export.headings,
        rows=export.rows,
    ),
    TenantStart(keep_checking),
    *response.FEATURES,
    *qualification.FEATURES,
    DefinerFunction("freshen_statistics(bigint)"),
]
