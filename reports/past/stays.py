"""Stays in a step that include a past instant, the longest first, and counts of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from crm.jobs.models import Job, JobState, StageVisit
from crm.jobs.models.visibility import limited_to
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Member
from crm.web.lists.paging import Order
from leads.lead_list import LEADS

# The longest in its step first; one index bounds the stays, of which a page is the first few.
LONGEST_FIRST = Order(StageVisit, "entered_at", "id")
SHOWN = ("tenant_id", "id", "job_id", "stage_id", "entered_at", "left_at", "allowed")


def spanning(at: datetime, member: Member, phase: int = 0) -> Any:
    """Return the stays that include an instant, of leads the member may see today; `phase`: its place, 0 for all.

    With the columns alone that the index has which bounds them: of very many stays a page is the first few.
    """
    stays = StageVisit.objects.filter(Q(left_at__isnull=True) | Q(left_at__gte=at), entered_at__lt=at)
    stays = stays.only(*SHOWN)
    if limited_to(member) is not None:
        stays = stays.filter(job__in=Job.objects.visible_to(member))
    if phase:
        setup = pipeline_setup()
        stays = stays.filter(stage_id__in=setup.stages_in_phase(setup.phases[phase - 1].pk))
    return stays


@dataclass
class PhaseChange:
    """Leads of one phase: the number then and now, and the outcomes."""

    name: str
    place: int
    then: int = 0
    # What became of those: keys "same", "on", "back", "done", "lost".
    became: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    now: int = 0

    @property
    def difference(self) -> str:
        """The difference between now and then: "+3", "−2", "0"."""
        more = self.now - self.then
        if more:
            return f"{more:+}".replace("-", "−")
        return "0"


def changes(at: datetime, member: Member) -> list[PhaseChange]:
    """Count the leads by phase, then and now; those without a status first, if any. Three statements."""
    spans = spanning(at, member).order_by()
    # A stay that nobody has left: its lead is open and stands there, and its row need not be read.
    lasting = spans.filter(left_at__isnull=True).values_list("stage_id").annotate(leads=Count("*"))
    left = spans.filter(left_at__gte=at).values_list("stage_id", "job__stage_id", "job__state")
    phases = sum_changes(
        [
            *((stage, stage, JobState.OPEN, leads) for stage, leads in lasting),
            *left.annotate(leads=Count("*")),
        ]
    )
    open_now = LEADS.apply(LEADS.filters(level="open"), member).order_by().values_list("stage_id")
    for stage_id, leads in open_now.annotate(leads=Count("*")):
        phases[pipeline_setup().phase_of(stage_id)].now += leads
    return [one for one in phases if one.place or one.then or one.now]


def sum_changes(counted: Iterable[tuple[int | None, int | None, str, int]]) -> list[PhaseChange]:
    """Sum counts by step then, step now and state now into phases, in order; those without a status are first."""
    setup = pipeline_setup()
    phases = [PhaseChange("", 0), *(PhaseChange(phase.name, place) for place, phase in enumerate(setup.phases, 1))]
    for before, after, state, leads in counted:
        place = setup.phase_of(before)
        phases[place].then += leads
        phases[place].became[became(place, setup.phase_of(after), state)] += leads
    return phases


def became(before: int, after: int, state: str) -> str:
    """Return the kind of change between two phases, or to an outcome."""
    if state != JobState.OPEN:
        if state == JobState.DONE:
            return "done"
        return "lost"
    if after == before:
        return "same"
    if after > before:
        return "on"
    return "back"
