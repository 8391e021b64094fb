"""Mark a lead as won when its job enters a sold phase, and withdraw that when the move is undone.

Only what a person or a rule moves is won here: an import says itself when its leads were won, and records no move.
"""

from collections.abc import Sequence
from datetime import datetime

from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Event, Member
from crm.platform.organization.configuration import directory
from leads.models import Lead


def follow_moves(moved: Sequence[Event]) -> None:
    """Mark leads as won that entered a sold phase, and withdraw it for those a person moved back."""
    crossing = [event for event in moved if _is_sold(event.data.get("from")) != _is_sold(event.data.get("to"))]
    jobs = Job.objects.in_bulk([event.subject_id for event in crossing])
    for event in crossing:
        job = jobs.get(event.subject_id)
        if job is None or not job.is_open or _is_sold(job.stage_id) != _is_sold(event.data.get("to")):
            continue
        lead, _new = Lead.objects.get_or_create(job=job, defaults={"rep_id": job.member_id})
        if job.is_sold:
            lead.win(by=_actor_of(event))
        else:
            lead.withdraw_win(by=_actor_of(event))


def follow_undone(undone: Sequence[Event]) -> None:
    """Withdraw the win of leads whose move was undone."""
    moves = {event.subject_id: event for event in undone if event.data.get("of") == "job.moved"}
    jobs = Job.objects.in_bulk(moves)
    unsold = [pk for pk, job in jobs.items() if not job.is_sold]
    for lead in Lead.objects.filter(job_id__in=unsold, won_at__isnull=False).order_by("pk"):
        event = moves[lead.pk]
        if lead.won_at and lead.won_at >= datetime.fromisoformat(event.data["since"]):
            lead.withdraw_win(by=_actor_of(event))


def _is_sold(stage_id: int | None) -> bool:
    setup = pipeline_setup()
    return stage_id in setup.stages and setup.is_sold(stage_id)


def _actor_of(event: Event) -> Member | None:
    if event.actor_id:
        return directory().members.get(event.actor_id)
    return None
