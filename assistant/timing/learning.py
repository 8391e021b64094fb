"""Learn every night from the contacts of the last 180 days: hours and media by segment, and two likelihoods.

Looks at the customers of the newest 5,000 leads and at the newest 10,000 completed follow-ups, in batches. Customers
who object to profiling are left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction

from assistant.models import LikelihoodModel, SegmentContacts
from assistant.models.contact_figures import LIKELIHOOD_FLOOR, CustomerSegment
from assistant.reading.likelihood import LikelihoodExample, learn_likelihood
from assistant.scores.score_training import next_night
from assistant.timing.attempts import ContactAttempt
from assistant.timing.history import PERIOD, attempts_of_many
from assistant.timing.hour_table import count_calls, empty_cells
from assistant.timing.signals import follow_up_signals, response_signals
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.zones import zones_of_place
from crm.people.models import may_be_profiled
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from followups.models import FollowUp, FollowUpOutcome

LEARN = "assistant.learn_contacts"
LEADS = 5_000
BATCH = 500
FOLLOW_UPS = 10_000
# What a follow-up's outcome says: one that was not needed says nothing.
_SUCCEEDED = {
    FollowUpOutcome.SUCCESSFUL: True,
    FollowUpOutcome.NO_ANSWER: False,
    FollowUpOutcome.WRONG_TIME: False,
    FollowUpOutcome.RESCHEDULED: False,
}


class LearntCustomer(NamedTuple):
    """A customer whose contacts are counted: where they are, and what kind of customer they are."""

    pk: int
    segment: str
    zone: ZoneInfo


class LearntFollowUp(NamedTuple):
    """A completed follow-up, with what is known of it before."""

    kind: str
    person_id: int | None
    due_at: datetime | None
    completed_at: datetime
    outcome: str


def learn_contacts(ids: Sequence[int]) -> None:
    """Learn from the contacts, and schedule the next night (due work). Idempotent."""
    learn_now()
    due.schedule(LEARN, 0, next_night(clock.now()), key=LEARN)


def begin_learning() -> None:
    """Schedule the first night. Idempotent."""
    due.schedule(LEARN, 0, next_night(clock.now()), key=LEARN)


@transaction.atomic
def learn_now() -> None:
    """Count hours and media of each segment, and learn both likelihoods."""
    now = clock.now()
    hours = {segment: empty_cells() for segment in CustomerSegment.values}
    media: dict[str, dict[str, list[int]]] = {
        segment: defaultdict(lambda: [0, 0]) for segment in CustomerSegment.values
    }
    customers: dict[str, int] = defaultdict(int)
    examples: list[LikelihoodExample] = []
    for customer, attempts in _read_customers(now):
        customers[customer.segment] += 1
        count_calls(attempts, customer.zone, hours[customer.segment])
        for attempt in attempts:
            tried = media[customer.segment][attempt.medium]
            tried[0] += 1
            tried[1] += attempt.is_answered
        examples += _response_examples(customer, attempts)
    for segment in CustomerSegment.values:
        SegmentContacts.objects.update_or_create(
            segment=segment,
            defaults={
                "hours": hours[segment],
                "media": dict(media[segment]),
                "customers": customers[segment],
                "at": now,
            },
        )
    _store_likelihood(LikelihoodModel.Subject.RESPONSE, examples)
    _store_likelihood(LikelihoodModel.Subject.FOLLOW_UP, _follow_up_examples(now))


def _read_customers(now: datetime) -> Iterable[tuple[LearntCustomer, list[ContactAttempt]]]:
    """Yield the customers of the newest leads with the attempts to reach them."""
    columns = ("pk", "person_id", "company_id", "site__country", "site__region", "site__postcode")
    jobs = Job.objects.filter(may_be_profiled(), person__isnull=False).order_by("-pk").values_list(*columns)[:LEADS]
    customers: dict[int, LearntCustomer] = {}
    own_jobs: dict[int, list[int]] = defaultdict(list)
    for pk, person_id, company_id, country, region, postcode in jobs:
        own_jobs[person_id].append(pk)
        if person_id not in customers:
            zone = _zone_of_place(country, region, postcode)
            customers[person_id] = LearntCustomer(person_id, segment_of(company_id), zone)
    people = list(customers)
    for start in range(0, len(people), BATCH):
        batch = people[start : start + BATCH]
        jobs_of_batch = {job: person for person in batch for job in own_jobs[person]}
        for person, attempts in attempts_of_many(batch, jobs_of_batch, now).items():
            yield customers[person], attempts


def segment_of(company_id: int | None) -> str:
    """Return the segment of a customer: a business if their newest lead has a company."""
    return CustomerSegment.BUSINESS if company_id else CustomerSegment.PRIVATE


def _zone_of_place(country: str | None, region: str | None, postcode: str | None) -> ZoneInfo:
    zones = zones_of_place(country, region or "", postcode or "") if country else frozenset()
    if not zones:
        return directory().zone
    return ZoneInfo(min(zones).name)


def _response_examples(customer: LearntCustomer, attempts: Sequence[ContactAttempt]) -> list[LikelihoodExample]:
    return [
        LikelihoodExample(
            customer.pk,
            attempt.is_answered,
            response_signals(attempts[:at], attempt.medium, attempt.at.astimezone(customer.zone)),
        )
        for at, attempt in enumerate(attempts)
    ]


def _follow_up_examples(now: datetime) -> list[LikelihoodExample]:
    """Return the completed follow-ups, each with the outcomes of the earlier ones of its customer."""
    completed = FollowUp.objects.filter(may_be_profiled(), completed_at__gte=now - PERIOD, outcome__in=list(_SUCCEEDED))
    rows = completed.order_by("-completed_at").values_list("kind", "person_id", "due_at", "completed_at", "outcome")
    zone = directory().zone
    before: dict[int | None, list[bool]] = defaultdict(list)
    examples = []
    for at, row in enumerate(reversed(list(rows[:FOLLOW_UPS]))):
        follow_up = LearntFollowUp(*row)
        earlier = before[follow_up.person_id] if follow_up.person_id else []
        is_success = _SUCCEEDED[FollowUpOutcome(follow_up.outcome)]
        local = follow_up.completed_at.astimezone(zone)
        signals = follow_up_signals(follow_up.kind, local, days_late(follow_up.due_at, follow_up.completed_at), earlier)
        examples.append(LikelihoodExample(follow_up.person_id or at, is_success, signals))
        earlier.append(is_success)
    return examples


def days_late(due_at: datetime | None, at: datetime) -> int:
    """Return how many whole days an instant is after a due time; 0 without one."""
    if due_at is None or at <= due_at:
        return 0
    return (at - due_at).days


def _store_likelihood(subject: str, examples: Sequence[LikelihoodExample]) -> None:
    learnt = learn_likelihood(examples, LIKELIHOOD_FLOOR)
    if learnt is None:
        LikelihoodModel.objects.filter(subject=subject).delete()
        return
    LikelihoodModel.objects.update_or_create(
        subject=subject,
        defaults={
            "good": learnt.good,
            "bad": learnt.bad,
            "weights": learnt.weights,
            "slope": learnt.calibration.slope,
            "offset": learnt.calibration.offset,
            "bins": learnt.bins,
            "at": clock.now(),
        },
    )
