"""BestHours: the hours of the day at which a customer was reached before, or wrote. Nothing from too little."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from comms.models import Direction, Medium, Message
from crm.jobs.models import ContactOutcome, Job
from crm.kernel import formats
from crm.platform.models import Event, Member
from crm.web.reader import Reader
from followups.calls.queue import call_kinds
from followups.models import FollowUp, FollowUpKind, FollowUpOutcome

# How far back, and of how much at most.
PERIOD = timedelta(days=180)
MOST = 100
# A span of so many hours is named, of at least so many calls or messages in all, if at least so many fell into it.
SPAN = 2
LEAST = 3
LEAST_IN_SPAN = 2
# Two records of one call, by the telephone and by the member, are this close to each other.
SAME_CALL = timedelta(minutes=30)
_CONTACTED = "job.contacted"
UNDONE = "job.undone"
_WITHDRAWN = ("job.contact_withdrawn", UNDONE)


class Attempt(NamedTuple):
    """A call, and whether somebody answered; or a message of theirs."""

    at: datetime
    is_answered: bool


class BestHours(NamedTuple):
    """The span from `first` to `last` o'clock: so many of `tries` in it were answered."""

    first: int
    last: int
    answered: int
    tries: int


def find_best_hours(attempts: Sequence[Attempt], zone: ZoneInfo) -> BestHours | None:
    """Return the span with most answers, if at least half of what was tried in it was answered. Pure."""
    if len(attempts) < LEAST:
        return None
    hours = [(attempt.at.astimezone(zone).hour, attempt.is_answered) for attempt in attempts]
    spans = []
    for first in range(25 - SPAN):
        answers = [is_answered for hour, is_answered in hours if first <= hour < first + SPAN]
        answered = sum(answers)
        if answered >= LEAST_IN_SPAN and 2 * answered >= len(answers):
            spans.append(BestHours(first, first + SPAN, answered, len(answers)))
    return max(spans, key=lambda span: (span.answered, span.answered / span.tries, span.first), default=None)


def find_writing_hours(written: Sequence[datetime], zone: ZoneInfo) -> BestHours | None:
    """Return the span in which at least half of their messages came. Pure."""
    span = find_best_hours([Attempt(at, True) for at in written], zone)
    if span is None or 2 * span.answered < len(written):
        return None
    return span._replace(tries=len(written))


def best_hours_sentence(follow_up: FollowUp, job: Job | None, member: Member, reader: Reader, zone: ZoneInfo) -> str:
    """Return when the customer was reached before, in their time zone; "" if there is too little to say.

    Their calls decide; without enough of them, when they write.
    """
    since = reader.now - PERIOD
    messages = Message.objects.readable_by(member).filter(at__gte=since)
    if job and job.person_id:
        messages = messages.filter(person_id=job.person_id)
    elif follow_up.person_id and not follow_up.job_id:
        messages = messages.filter(person_id=follow_up.person_id)
    else:
        return ""
    columns = ("at", "medium", "direction", "duration", "automatic")
    rows = list(messages.newest_first().values_list(*columns)[:MOST])
    logged = _logged_calls(follow_up, job, member, since)
    telephoned = [Attempt(at, bool(duration)) for at, medium, _way, duration, _auto in rows if medium == Medium.CALL]
    if calls := find_best_hours(merge_attempts([*logged, *telephoned]), zone):
        return _("Best reached %(hours)s (%(answered)s of %(tries)s calls answered then).") % _values(calls, reader)
    written = [
        at
        for at, medium, direction, _duration, automatic in rows
        if medium != Medium.CALL and direction == Direction.IN and not automatic
    ]
    if hours := find_writing_hours(written, zone):
        return _("Writes mostly %(hours)s (%(answered)s of %(tries)s messages).") % _values(hours, reader)
    return ""


def merge_attempts(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return the attempts in order, with two records of one call as one."""
    merged: list[Attempt] = []
    for attempt in sorted(attempts):
        if merged and attempt.at - merged[-1].at <= SAME_CALL:
            merged[-1] = Attempt(merged[-1].at, merged[-1].is_answered or attempt.is_answered)
        else:
            merged.append(attempt)
    return merged


def _logged_calls(follow_up: FollowUp, job: Job | None, member: Member, since: datetime) -> list[Attempt]:
    """Return the calls that members recorded: on the customer's jobs, else in follow-ups about them alone."""
    if job is None:
        made = FollowUp.objects.visible_to(member).filter(
            person_id=follow_up.person_id, job=None, kind__in=call_kinds()
        )
        ended = made.filter(completed_at__gte=since).order_by("-completed_at").values_list("completed_at", "outcome")
        outcomes = {FollowUpOutcome.SUCCESSFUL: True, FollowUpOutcome.NO_ANSWER: False}
        return [Attempt(at, outcomes[outcome]) for at, outcome in ended[:MOST] if outcome in outcomes]
    jobs = Job.objects.visible_to(member).filter(person_id=job.person_id).order_by("-pk").values_list("pk", flat=True)
    recorded = Event.objects.filter(job_id__in=list(jobs[:MOST]), at__gte=since, kind__in=(_CONTACTED, *_WITHDRAWN))
    return _replay_contacts(recorded.order_by("pk").values_list("job_id", "kind", "at", "data"))


def _replay_contacts(recorded: Iterable[tuple[int, str, datetime, dict[str, Any]]]) -> list[Attempt]:
    """Return the calls among the contacts of jobs, without those that were taken back."""
    contacts: dict[int, list[tuple[str, Attempt]]] = defaultdict(list)
    for job_id, kind, at, data in recorded:
        own = contacts[job_id]
        if kind == _CONTACTED:
            called_at = datetime.fromisoformat(data.get("touched_at") or at.isoformat())
            own.append((data["kind"], Attempt(called_at, data["outcome"] == ContactOutcome.REACHED)))
        elif own and (kind != UNDONE or data.get("of") == _CONTACTED):
            own.pop()
    return [attempt for own in contacts.values() for way, attempt in own if way == FollowUpKind.CALL]


def _values(span: BestHours, reader: Reader) -> dict[str, object]:
    day = datetime.combine(reader.today, datetime.min.time(), reader.zone)
    ends = [
        formats.clock_time(day.replace(hour=hour % 24), reader.zone, reader.country, reader.language)
        for hour in (span.first, span.last)
    ]
    return {"hours": "–".join(ends), "answered": span.answered, "tries": span.tries}
