"""Create the calls of the last months that best hours and likelihoods are learnt from, and learn."""

import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from assistant.timing.learning import learn_now
from crm.jobs.models import ContactOutcome, Job
from crm.platform.models import Event
from crm.platform.organization.configuration import directory

JOBS = 160
CALLS = 3
# How likely a call to a private customer, and to a business, is answered, by the hour it is made at.
_PRIVATE = {9: 0.25, 10: 0.3, 11: 0.3, 13: 0.25, 14: 0.4, 15: 0.75, 16: 0.8}
_BUSINESS = {9: 0.6, 10: 0.8, 11: 0.7, 13: 0.3, 14: 0.45, 15: 0.4, 16: 0.2}
_PERIOD = timedelta(days=150)


def create_past_calls(now: datetime) -> None:
    """Create them inside the tenant, and learn as the product does at night."""
    Event.objects.bulk_create(_past_calls(now))
    learn_now()


def _past_calls(now: datetime) -> Iterator[Event]:
    dice = random.Random(17)  # noqa: S311 (made-up data, the same every time)
    zone = directory().zone
    jobs = Job.objects.filter(person__isnull=False, member__isnull=False, came_in_at__lt=now - timedelta(days=6))
    for job in jobs.order_by("-came_in_at", "-pk")[:JOBS]:
        first = max(job.came_in_at, now - _PERIOD).astimezone(zone).date() + timedelta(days=1)
        days = (now.astimezone(zone).date() - first).days
        answered = _BUSINESS if job.company_id else _PRIVATE
        for _call in range(min(CALLS, days)):
            hour = dice.choice(list(answered))
            day = first + timedelta(days=dice.randrange(days))
            at = datetime.combine(day, time(hour, dice.randrange(60)), zone)
            outcome = ContactOutcome.REACHED if dice.random() < answered[hour] else ContactOutcome.NO_ANSWER
            yield Event(
                at=at,
                kind="job.contacted",
                subject_kind="jobs.job",
                subject_id=job.pk,
                job_id=job.pk,
                actor_id=job.member_id,
                data={"kind": "call", "outcome": outcome, "touched_at": at.isoformat(), "before": {}},
            )
