"""What members have put off, and answers they have begun, so that those views of the inbox are not empty."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from comms.models import Draft
from crm.jobs.models import Level
from crm.platform.work import due
from tickets.models import Ticket
from tickets.models.ticket_verbs.urgency import WAKE

# A member with so many open ones puts one off, and has begun to answer another.
_MANY = 2
BEGUN = {"nl": "Dag {name},\n\nik heb het nagevraagd en", "en": "Hi {name},\n\nI looked into it and"}


def put_off(tickets: Sequence[Ticket], now: datetime) -> None:
    """Snooze one of each busy member's that nobody waits for; of unsaved tickets."""
    for mine in _by_member(tickets):
        calm = [row for row in mine if row.level == Level.OK and not row.waiting_since]
        for row in calm[-1:]:
            row.snoozed_until = now + timedelta(days=2)


def wake_later(tickets: Sequence[Ticket]) -> None:
    """Have the snoozed ones of these saved tickets come back."""
    due.schedule_all(WAKE, [(row.pk, row.snoozed_until) for row in tickets if row.snoozed_until])


def begin_answers(tickets: Sequence[Ticket], language: str) -> None:
    """Have each busy member a draft on one of theirs that waits for an answer."""
    waiting = [row for row in tickets if row.waiting_since and row.medium == "email"]
    Draft.objects.bulk_create(
        Draft(
            member_id=row.member_id or 0,
            job_id=row.job_id,
            person_id=None if row.job_id else row.person_id,
            about=f"ticket {row.pk}",
            medium=row.medium,
            subject=f"Re: {row.subject}",
            text=BEGUN[language].format(name=row.customer_name.split()[0]),
        )
        for mine in _by_member(waiting, many=1)
        for row in mine[:1]
    )


def _by_member(tickets: Sequence[Ticket], *, many: int = _MANY) -> Iterator[list[Ticket]]:
    """Yield each member's open ones."""
    found: dict[int, list[Ticket]] = {}
    for row in tickets:
        if row.member_id and row.is_open and row.merged_into_id is None:
            found.setdefault(row.member_id, []).append(row)
    yield from (rows for rows in found.values() if len(rows) >= many)
