"""Read the contacts with customers: of one as a member may see them, and of many for what is learnt."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from assistant.timing.attempts import ContactAttempt, LoggedMessage, build_attempts
from assistant.timing.call_records import completed_calls, recorded_calls
from comms.models import Direction, Message
from crm.jobs.models import Job
from crm.platform.models import Member

# How far back, and how much of one customer at most.
PERIOD = timedelta(days=180)
MOST = 200
_COLUMNS = ("at", "medium", "direction", "duration", "automatic", "author_id")
_SENT = (Message.State.SENT, Message.State.RECEIVED)


def customer_messages(person_id: int, member: Member, now: datetime) -> list[LoggedMessage]:
    """Return the newest messages and calls of a customer that a member may read. One query."""
    rows = Message.objects.readable_by(member).filter(person_id=person_id, at__gte=now - PERIOD, state__in=_SENT)
    return _read_messages(rows.newest_first().values_list(*_COLUMNS)[:MOST])


def customer_attempts(
    person_id: int, messages: Iterable[LoggedMessage], member: Member, now: datetime
) -> list[ContactAttempt]:
    """Return the attempts to reach a customer that a member may see. Three queries."""
    since = now - PERIOD
    jobs = Job.objects.visible_to(member).filter(person_id=person_id).order_by("-pk").values_list("pk", flat=True)
    recorded = recorded_calls(list(jobs[:MOST]), since)
    calls = [call for own in recorded.values() for call in own]
    calls += completed_calls(person_id, member, since, MOST)
    return build_attempts(messages, calls, now)


def attempts_of_many(people: Collection[int], jobs: dict[int, int], now: datetime) -> dict[int, list[ContactAttempt]]:
    """Return the attempts to reach many customers, by person. `jobs`: their jobs, with the person. Two queries.

    Private mail is left out: what is learnt of it would be seen by all.
    """
    since = now - PERIOD
    messages: dict[int, list[LoggedMessage]] = defaultdict(list)
    rows = Message.objects.for_everybody().filter(person_id__in=people, at__gte=since, state__in=_SENT)
    for person_id, *columns in rows.order_by().values_list("person_id", *_COLUMNS):
        messages[person_id] += _read_messages([columns])
    calls: dict[int, list[ContactAttempt]] = defaultdict(list)
    for job_id, own in recorded_calls(jobs, since).items():
        calls[jobs[job_id]] += own
    return {pk: build_attempts(messages[pk], calls[pk], now) for pk in people if messages[pk] or calls[pk]}


def _read_messages(rows: Iterable[Any]) -> list[LoggedMessage]:
    """Return what people wrote or said: without what was automatic on either side."""
    return [
        LoggedMessage(at, medium, direction == Direction.IN, duration or 0)
        for at, medium, direction, duration, automatic, author_id in rows
        if not automatic and (direction == Direction.IN or author_id is not None)
    ]
