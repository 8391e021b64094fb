"""A rep's calls of today: two are made, others wait, and it is known when their customers were reached before."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from comms.models import Message
from crm.jobs.models import ContactOutcome, Job, Priority
from crm.kernel import clock
from crm.platform.models import Event, Member, Role
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from followups.models import FollowUp, FollowUpKind, FollowUpOutcome
from followups.models.due_time import MISSED


class CallWords(NamedTuple):
    """What the calls are about, and what was said in the first."""

    made: tuple[str, str]
    waiting: tuple[str, str]
    note: str


WORDS: Mapping[str, CallWords] = {
    "en": CallWords(
        ("Confirm the visit", "Ask about the photos"),
        ("Answer what they wrote", "Talk the quote over"),
        "The visit is fine. Wants to know whether the ladder can stay over the weekend.",
    ),
    "nl": CallWords(
        ("Bezoek bevestigen", "Vragen naar de foto's"),
        ("Antwoord geven op hun bericht", "Offerte bespreken"),
        "Bezoek is goed. Wil weten of de auto die dag weg moet.",
    ),
}
# Earlier calls of each customer: so many days ago, at what time there, and whether they answered.
EARLIER: Sequence[Sequence[tuple[int, time, bool]]] = (
    ((19, time(10, 20), True), (12, time(10, 40), True), (9, time(15, 5), False), (4, time(10, 30), True)),
    ((16, time(17, 10), True), (11, time(9, 30), False), (8, time(17, 40), True), (3, time(17, 25), False)),
    ((7, time(11, 0), False), (2, time(14, 30), True)),
)


def create_call_day(now: datetime) -> None:
    """Create it inside the tenant, after its follow-ups and conversations."""
    here = directory()
    rep = min((row for row in here.members.values() if row.role == Role.REP), key=lambda row: row.pk)
    words = WORDS.get(here.tenant.language, WORDS["en"])
    written = Message.objects.from_customers().filter(at__gte=now - timedelta(days=40), job__isnull=False)
    last = list(dict.fromkeys(written.newest_first().values_list("job_id", flat=True)))
    jobs = Job.objects.open().filter(member=rep, person__isnull=False).in_bulk(last)
    calls = [jobs[pk] for pk in last if pk in jobs][:4]
    for subject, job in zip([*words.made, *words.waiting], calls, strict=False):
        with clock.at(now - timedelta(hours=4)):
            _plan_call(subject, job, rep, now - timedelta(hours=1))
    _make_calls(words, rep, now)
    waiting = list(FollowUp.objects.open().filter(subject__in=words.waiting).values_list("pk", flat=True))
    FollowUp.miss_all(waiting)
    due.cancel(MISSED, waiting)
    Event.objects.bulk_create(_earlier_calls(rep, now))


def _plan_call(subject: str, job: Job, rep: Member, due_at: datetime, after: FollowUp | None = None) -> None:
    FollowUp.plan(
        kind=FollowUpKind.CALL,
        subject=subject,
        due_at=due_at,
        job=job,
        assignee=rep,
        by=rep,
        priority=Priority.HIGH,
        after=after,
    )


def _make_calls(words: CallWords, rep: Member, now: datetime) -> None:
    """Make two calls: one was answered, the other is to be made again."""
    for subject, outcome, note in (
        (words.made[0], FollowUpOutcome.SUCCESSFUL, words.note),
        (words.made[1], FollowUpOutcome.NO_ANSWER, ""),
    ):
        call = FollowUp.objects.open().filter(subject=subject, assignee=rep).by_time().first()
        if call is None:
            continue
        with clock.at(now - timedelta(minutes=40)):
            call.complete(outcome, by=rep, note=note)
            if outcome == FollowUpOutcome.NO_ANSWER:
                _plan_call(subject, call.job, rep, now + timedelta(minutes=80), after=call)


def _earlier_calls(rep: Member, now: datetime) -> Iterator[Event]:
    zone = directory().zone
    calls = FollowUp.objects.open().filter(kind=FollowUpKind.CALL, assignee=rep, job__isnull=False).by_time()[:9]
    for nth, follow_up in enumerate(calls):
        for days, clock_time, is_answered in EARLIER[nth % len(EARLIER)]:
            at = datetime.combine(now.astimezone(zone).date() - timedelta(days=days), clock_time, zone)
            outcome = ContactOutcome.NO_ANSWER
            if is_answered:
                outcome = ContactOutcome.REACHED
            yield Event(
                at=at,
                kind="job.contacted",
                subject_kind="jobs.job",
                subject_id=follow_up.job_id,
                job_id=follow_up.job_id,
                actor_id=rep.pk,
                data={"kind": "call", "outcome": outcome, "touched_at": at.isoformat(), "before": {}},
            )
