"""Service's board: unanswered hand-offs, then a column per step of sold jobs; steps with one name share a column.

A card is dropped on a step, or moved by the job's own menu; both answer with the board as it is then.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.jobs.list.board_cards import Card, CardMaker
from crm.jobs.list.rows import next_crossing
from crm.jobs.models import Job, Stage
from crm.jobs.pipelines.setup import PipelineSetup, pipeline_setup
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.lists.conditions.query import Filters
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, page_query
from service.projects.project_list import PROJECTS, waiting
from service.projects.rows import OfProjects

# Cards of a column.
CAP = 50
WAITING = "waiting"
ELSEWHERE = "elsewhere"


@dataclass
class ProjectColumn:
    """A column: the steps with one name, at most one per pipeline; its key is that of the first step."""

    key: str
    name: str
    stages: dict[int, Stage] = field(default_factory=dict)
    lacks: str = ""
    jobs: list[Job] = field(default_factory=list)
    cards: str = ""

    @property
    def is_target(self) -> bool:
        return bool(self.stages)


class ProjectCardMaker(OfProjects, CardMaker):
    """Turns jobs into cards of service: percentage, next milestone, and link."""

    def __init__(self, slug: str, reader: Reader, member: Member, *, with_owner: bool) -> None:
        super().__init__(slug, reader, with_owner=with_owner, may_move=allows(member, "jobs.move"))
        self.member = member

    def card(self, job: Job) -> Card:
        card = super().card(job)
        url = self.page_of(job)
        # Who sold it sees it here after it has become service's, and moves it no more; what waits, nobody moves.
        is_fixed = job.pk in self.hand_offs or not job.is_visible_to(self.member)
        return card._replace(url=url or card.url, stay="" if is_fixed else card.stay)

    def _short_value(self, job: Job) -> str:
        return self.progress_words(job)


def columns(here: PipelineSetup) -> list[ProjectColumn]:
    """Return a column for each step name of sold jobs, in pipeline order."""
    by_name: dict[str, ProjectColumn] = {}
    nth = {pk: at for at, pk in enumerate(here.pipelines)}
    steps = [
        (place, at, nth[pk], stage)
        for pk, pipeline in here.pipelines.items()
        for place, phase in enumerate(here.shapes[pk])
        for at, stage in enumerate(phase)
        if here.phases[place].is_sold and pipeline.archived_at is None
    ]
    for _phase, _at, _nth, stage in sorted(steps, key=lambda one: one[:3]):
        column = by_name.setdefault(stage.name.casefold(), ProjectColumn(str(stage.pk), stage.name))
        column.stages.setdefault(stage.pipeline_id, stage)
    for column in by_name.values():
        column.lacks = " ".join(str(at) for pk, at in nth.items() if pk not in column.stages)
    return list(by_name.values())


def stage_for(job: Job, key: str) -> tuple[ProjectColumn, Stage | None] | None:
    """Return the step of the job's pipeline in the column with this key; None for an unknown column."""
    column = next((one for one in columns(pipeline_setup()) if one.key == key), None)
    if column:
        return (column, column.stages.get(job.pipeline_id))
    return None


def board_context(request: TenantRequest, filters: Filters) -> dict[str, Any]:
    """Return the context of the board. The number of queries is constant."""
    member = request.member
    reader = Reader.of(request.member, clock.now())
    kept = PROJECTS.apply(filters, member)
    board_columns = _read_columns(kept)
    jobs = [job for column in board_columns for job in column.jobs]
    maker = ProjectCardMaker(request.tenant.slug, reader, member, with_owner=allows(member, "jobs.see_all"))
    maker.read(jobs)
    for column in board_columns:
        column.cards = maker.cards(column.jobs)
    crossing = next_crossing(jobs, reader.now)
    return {
        "filters": filters,
        "first_url": filters.query(),
        "here": reverse("service:board", args=[request.tenant.slug]) + filters.query(),
        "crossing": crossing.isoformat() if crossing else "",
        "columns": board_columns,
    }


def _read_columns(kept: Any) -> list[ProjectColumn]:
    wait = ProjectColumn(WAITING, _("Sold, waiting for an answer"))
    wait.jobs = list(kept.filter(waiting()).in_list_order()[:CAP])
    nth = Window(RowNumber(), partition_by=F("stage_id"), order_by=["level", "sort_at", "id"])
    first = kept.exclude(waiting()).annotate(nth=nth).filter(nth__lte=CAP).values("pk")
    rest = Job.objects.filter(pk__in=list(first.values_list("pk", flat=True))).in_list_order()
    steps = columns(pipeline_setup())
    elsewhere = ProjectColumn(ELSEWHERE, _("In another step"))
    of_stage = {stage.pk: column for column in steps for stage in column.stages.values()}
    for job in rest:
        of_stage.get(job.stage_id, elsewhere).jobs.append(job)
    _cap_columns(steps)
    return [wait, *steps, *([elsewhere] if elsewhere.jobs else [])]


def _cap_columns(found: Sequence[ProjectColumn]) -> None:
    for column in found:
        column.jobs = column.jobs[:CAP]


def fresh_board(request: TenantRequest, job: Job) -> str:
    """Render the board as it is now, with the filters of the requesting page."""
    filters = PROJECTS.read(page_query(request), request.member).changed(sort="")
    return render_to_string("service/board.html#columns", board_context(request, filters) | {"is_fresh": True}, request)
