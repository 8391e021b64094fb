"""The calls that members recorded: as contacts on jobs, and in follow-ups about a customer alone."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from assistant.timing.attempts import CALL, ContactAttempt
from crm.jobs.models import ContactOutcome
from crm.platform.models import Event, Member
from followups.calls.queue import call_kinds
from followups.models import FollowUp, FollowUpKind, FollowUpOutcome

CONTACTED = "job.contacted"
UNDONE = "job.undone"
WITHDRAWN = ("job.contact_withdrawn", UNDONE)
_OUTCOMES = {FollowUpOutcome.SUCCESSFUL: True, FollowUpOutcome.NO_ANSWER: False}


def recorded_calls(jobs: Collection[int], since: datetime) -> dict[int, list[ContactAttempt]]:
    """Return the calls recorded on jobs, by job. One query."""
    rows = Event.objects.filter(job_id__in=jobs, at__gte=since, kind__in=(CONTACTED, *WITHDRAWN))
    return replay_contacts(rows.order_by("pk").values_list("job_id", "kind", "at", "data"))


def replay_contacts(rows: Iterable[tuple[int, str, datetime, dict[str, Any]]]) -> dict[int, list[ContactAttempt]]:
    """Return the calls among the contacts of jobs, without those that were taken back."""
    contacts: dict[int, list[tuple[str, ContactAttempt]]] = defaultdict(list)
    for job_id, kind, at, data in rows:
        own = contacts[job_id]
        if kind == CONTACTED:
            called_at = datetime.fromisoformat(data.get("touched_at") or at.isoformat())
            call = ContactAttempt(called_at, CALL, data["outcome"] == ContactOutcome.REACHED)
            own.append((data["kind"], call))
        elif own and (kind != UNDONE or data.get("of") == CONTACTED):
            own.pop()
    return {job_id: [call for way, call in own if way == FollowUpKind.CALL] for job_id, own in contacts.items()}


def completed_calls(person_id: int, member: Member, since: datetime, most: int) -> list[ContactAttempt]:
    """Return the calls of follow-ups about a customer without a job. One query."""
    rows = FollowUp.objects.visible_to(member).filter(
        person_id=person_id, job=None, kind__in=call_kinds(), completed_at__gte=since
    )
    pairs = rows.order_by("-completed_at").values_list("completed_at", "outcome")[:most]
    return [ContactAttempt(at, CALL, _OUTCOMES[outcome]) for at, outcome in pairs if outcome in _OUTCOMES]
