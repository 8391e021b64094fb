"""How far a lead came: qualified once it is past the first phase, quoted once it stands where a quote is out.

Both are kept with their first instant, as sold is (leads/sale.py), and stay when a lead moves back: it was quoted.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import OuterRef, Subquery

from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Event
from leads.models import Lead


def qualified_steps() -> set[int]:
    """Return the steps from the second phase on."""
    here = pipeline_setup()
    return {pk for pk in here.stages if here.phase_of(pk) > 1}


def quoted_steps() -> set[int]:
    """Return the steps in which a quote is out: the last one of the phase of quotes, and all of the phases after it.

    The phase of quotes is two before the first sold one: of Contact, Inspect, Quote, Decide, Job and Paid the third.
    """
    here = pipeline_setup()
    sold = next((at for at, phase in enumerate(here.phases, 1) if phase.is_sold), len(here.phases))
    of_quotes = max(sold - 2, 1)
    last = {steps[-1].pk for shape in here.shapes.values() if (steps := shape[of_quotes - 1])}
    return last | {pk for pk in here.stages if here.phase_of(pk) > of_quotes}


def reached(stage_id: int | None, at: datetime) -> dict[str, datetime]:
    """Return the columns of a lead that begins in a step."""
    steps = {"qualified_at": qualified_steps(), "quoted_at": quoted_steps()}
    return {column: at for column, there in steps.items() if stage_id in there}


def follow_moves(moved: Sequence[Event]) -> None:
    """Note of leads that moved how far they came."""
    steps = {"qualified_at": qualified_steps(), "quoted_at": quoted_steps()}
    for event in moved:
        for column, there in steps.items():
            if event.data.get("to") in there:
                Lead.objects.filter(pk=event.subject_id, **{column: None}).update(**{column: event.at})


def catch_up() -> None:
    """Note how far leads came that stand there already, as since an upgrade."""
    entered = Job.objects.filter(pk=OuterRef("pk")).order_by().values("entered_at")[:1]
    for column, there in (("qualified_at", qualified_steps()), ("quoted_at", quoted_steps())):
        rows = Lead.objects.filter(**{column: None}, job__stage_id__in=there)
        rows.update(**{column: Subquery(entered)})
