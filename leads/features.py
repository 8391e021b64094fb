"""Register what leads add: pages, list, search, permissions, words of sales events, and their part of the demo."""

from django.utils.translation import gettext_lazy as _

from crm.automation.registry.lists import RecordList
from crm.automation.registry.moves import StageMove, StageMoveSource
from crm.automation.registry.triggers import EventTrigger, about_job
from crm.jobs.models import Job
from crm.jobs.quality.checks import keep_checking
from crm.jobs.timeline.parts import Part, TimelineKinds
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
from crm.web.shell.navigation import FrameLink, Number, Page
from crm.web.shell.palette import Action, Source
from crm.web.shell.record_pages import RecordPage
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to
from crm.web.timeline.event_words import EventWords
from leads import erasure, export, lead_list
from leads.assignment import LEADS, SELL
from leads.intake.features import FEATURES as INTAKE
from leads.lead_list import needing_us
from leads.page import fresh_facts, fresh_page, fresh_row, render_page
from leads.palette import found, in_hand, otherwise
from leads.qualification import features as qualification
from leads.response import features as response
from leads.sources import features as sources
from leads.views.board import fresh_board
from leads.won_filter import WON

MANAGERS, NO_REPS = frozenset({Role.MANAGER, Role.ADMIN}), frozenset({Role.MANAGER, Role.ADMIN, Role.SERVICE})

PERMISSIONS = [
    PermissionGroup(10, "leads", _("Leads")),
    Permission(
        "jobs.view",
        EVERYBODY,
        "leads",
        _("See leads"),
        _("Their own and the unclaimed ones, with customer, notes and timeline."),
    ),
    Permission(
        "jobs.see_all",
        NO_REPS,
        "leads",
        _("See everybody’s leads"),
        _("Those of colleagues too: in lists, in search and in the numbers."),
    ),
    Permission(
        "leads.open",
        EVERYBODY,
        "leads",
        _("Enter new leads"),
        _("By hand. They become their own, or stay unclaimed."),
    ),
    Permission(
        "leads.open_for_others",
        NO_REPS,
        "leads",
        _("Enter leads for colleagues"),
        _("Give a new lead to somebody else while entering it."),
    ),
    Permission(
        SELL,
        frozenset({Role.REP}),
        "leads",
        _("Get new leads"),
        _("Assignment rules without a team give leads to them. Others get some where a rule names them or their team."),
    ),
    # One lead at a time is enough for service.
    Permission(
        "jobs.bulk",
        frozenset({Role.REP}) | MANAGERS,
        "leads",
        _("Change many leads at once"),
        _("Select leads in the list and change them together; only what they may do to one."),
    ),
    Permission(
        "jobs.move",
        EVERYBODY,
        "leads",
        _("Move leads through the pipeline"),
        _("Move them, put them on hold, mark them lost or done, reopen them; set priority and whose move it is."),
    ),
    Permission(
        "jobs.note",
        EVERYBODY,
        "leads",
        _("Write notes"),
        _("For the team alone; a customer never sees them. The important ones are pinned to the top."),
    ),
    Permission(
        "jobs.claim", EVERYBODY, "leads", _("Claim leads"), _("Claim an unclaimed lead, and release their own.")
    ),
    Permission(
        "jobs.assign",
        MANAGERS,
        "leads",
        _("Assign leads to anybody"),
        _("Give any lead to any colleague, or take it from one."),
    ),
    Permission(
        "jobs.correct",
        EVERYBODY,
        "data",
        _("Edit a lead and its customer"),
        _("Name, phone, email, address, value and source."),
    ),
    Permission(
        "jobs.quality",
        NO_REPS,
        "data",
        _("See the quality of the data"),
        _("A list of missing or incorrect data, to fix one by one."),
    ),
    # Not for reps: elsewhere merging was used to claim another's customer.
    Permission(
        "people.merge",
        NO_REPS,
        "data",
        _("Merge customers"),
        _("Make one of two entries of the same customer, and take them apart again."),
    ),
    Permission(
        "leads.import",
        MANAGERS,
        "files",
        _("Import leads"),
        _("Read leads in from a file, and take an import back."),
    ),
]
PAGES = [
    Page(
        30,
        "leads:list",
        "jobs.view",
        "chart-no-axes-gantt",
        _("Leads"),
        section=True,
        number=Number(needing_us, _("need us now"), topics="jobs", event="leads"),
    ),
    FrameLink(10, "jobs:search", "jobs.view", "search", _("Search"), searches=_("Search leads and customers")),
    Page(76, "jobs:quality", "jobs.quality", "list-checks", _("Data quality"), tab_of="reports:dashboard"),
    Page(61, "jobs:duplicates", "people.merge", "users", _("Duplicates"), tab_of="people:list"),
    Page(31, "leads:import", "leads.import", "file-up", _("Import"), section=True, tab_of="leads:list"),
    RecordList("job", "leads:list"),
    RecordPage(
        Job,
        "leads:lead",
        key="number",
        list="leads:list",
        render=render_page,
        titles=lambda jobs: {job.pk: job.title for job in jobs},
        fragments={"list": fresh_row, "lead": fresh_page, "facts": fresh_facts, "board": fresh_board},
    ),
]
ACTIONS = [
    Action(10, "leads:open", "leads.open", "plus", _("New lead"), act="new", dialog=True),
    Source(5, "jobs.view", in_hand, is_of_actions=True),
    Source(10, "jobs.view", found),
    Source(95, "jobs.view", otherwise),
    PaletteList(lead_list.LEADS),
    Shortcut(20, "g l", going_to("leads:list"), _("Go to the leads"), ANYWHERE),
    Shortcut(61, "e", "plan", _("Plan the next step")),
    Shortcut(66, "l", "log", _("Log a call, text, email or visit")),
    Shortcut(62, "m", "move", _("Move to …")),
    Shortcut(63, "s", "steps", _("Choose a step")),
    Shortcut(64, "a", "assign", _("Assign")),
    Shortcut(65, "p", "priority", _("Set the priority")),
    Shortcut(66, "r", "write", _("Text or email"), within="rowbar"),
    Shortcut(66, "r", "write-here", _("Text or email, on a lead’s page"), within="ways"),
    Shortcut(67, "h", "hold", _("On hold")),
    Shortcut(68, "d", "lose", _("Lost")),
    Shortcut(69, "w", "note", _("Write a note, on a lead’s page")),
]
FEATURES: list[Feature] = [
    WON,
    TimelineKinds("lead.", Part.STEPS),
    *sources.FEATURES,
    *erasure.DATA,
    *PERMISSIONS,
    *PAGES,
    *ACTIONS,
    *INTAKE,
    FirstStep(
        10,
        "leads:import",
        "leads.import",
        "file-up",
        _("Add your leads"),
        _("Import a spreadsheet or another CRM’s export, or enter the first one by hand."),
        Job.objects.exists,
    ),
    LEADS,
    Topic("jobs", ("lead",)),
    Topic("imports", ("import",)),
    EventWords("lead.filled_in", "file-text", _("added missing sales details")),
    StageMoveSource(30, lambda: (StageMove("won", _("it is won"), "lead.won"),)),
    EventTrigger(91, "lead.won", "job", _("is won"), events=("lead.won",), about=about_job),
    EventWords("lead.won", "trophy", _("marked it as won")),
    EventWords("lead.win_withdrawn", "undo-2", _("took back that it was won")),
    VisibleCount(10, "jobs.view", _("Open leads"), Job.objects.open),
    Exportable("leads", _("Leads"), "jobs.view", "leads:list", export.ids, export.headings, export.rows),
    TenantStart(keep_checking),
    *response.FEATURES,
    *qualification.FEATURES,
    DefinerFunction("freshen_statistics(bigint)"),
]
