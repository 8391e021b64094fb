"""Judge enrolments: whether each must end or rest now. A fixed number of queries, however many there are.

Asked when an event arrives, before a step is done, and again in the second before a message is sent. Everything that
happened after a lead entered counts, whoever has heard of it by then.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from comms.models import Direction, KillSwitch, Message
from comms.models.message import STOP
from crm.automation.engine.judgement import all_groups_hold, judge_conditions
from crm.automation.models import Silence
from crm.automation.models.policy import automation_policy
from crm.jobs.models import ContactOutcome, Job, Side
from crm.jobs.models.job_record import JobState
from crm.kernel import clock
from crm.kernel.business_hours import HoursError
from crm.people.models import Person
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from followups.sequences import registry
from followups.sequences.engine.absences import AUTO_REPLY, CustomerAbsence, find_absences, find_resumptions
from followups.sequences.engine.named_day import promised_day
from followups.sequences.models import EndReason, Enrolment, PauseReason
from followups.sequences.models.sequence import sequences_by_id
from followups.sequences.registry import enrolment_pauses, sequence_signals
from followups.sequences.setup import ReadSequence, job_kind, read_versions

# Contacts that are no attempt in vain.
_IN_TOUCH = (ContactOutcome.REACHED, ContactOutcome.SENT)
_ENDS = ("job.contacted", "job.answered", "appointment.booked", "lead.won")


class EnrolmentEnd(NamedTuple):
    """An enrolment must end. `cause`: what brought the end, as ids and names."""

    reason: EndReason
    cause: Mapping[str, Any]


class EnrolmentRest(NamedTuple):
    """An enrolment must rest. `until` is None if the end of the rest is unknown."""

    reason: PauseReason
    until: datetime | None = None


Verdict = EnrolmentEnd | EnrolmentRest


@dataclass
class EnrolmentFacts:
    """The facts about some enrolments: their leads, customers, messages and events."""

    jobs: Mapping[int, Job]
    people: Mapping[int, Person]
    reads: Mapping[int, ReadSequence]
    # Further leads of the same customers, by the customer's id.
    job_ids_by_person: Mapping[int, set[int]] = field(default_factory=dict)
    # Messages of customers, newest last: by customer and by lead; and of others of their company, by the company's id.
    messages: list[dict[str, Any]] = field(default_factory=list)
    events: Mapping[int, list[Event]] = field(default_factory=dict)
    switches: Sequence[KillSwitch] = ()
    silent: Collection[int] = ()
    stays: Mapping[int, bool] = field(default_factory=dict)
    resting: Mapping[int, PauseReason] = field(default_factory=dict)
    # The last absence that a customer's automatic reply named; when a member last resumed an enrolment.
    absences: Mapping[int, CustomerAbsence] = field(default_factory=dict)
    resumptions: Mapping[int, datetime] = field(default_factory=dict)


def load_facts(rows: Sequence[Enrolment]) -> EnrolmentFacts:
    """Load the facts of some enrolments."""
    reads = read_versions({row.version_id for row in rows})
    jobs = Job.objects.in_bulk({row.job_id for row in rows})
    people = Person.objects.in_bulk({row.person_id for row in rows})
    facts = EnrolmentFacts(jobs, people, reads)
    if not rows:
        return facts
    since = min(row.entered_at for row in rows)
    siblings = defaultdict[int, set[int]](set)
    for pk, person_id in Job.objects.filter(person_id__in=people).order_by().values_list("pk", "person_id"):
        siblings[person_id].add(pk)
    facts.job_ids_by_person = siblings
    received = _load_messages(facts, since)
    facts.messages = [message for message in received if not message["automatic"]]
    facts.absences = find_absences([message for message in received if message["automatic"]])
    facts.resumptions = find_resumptions(rows, facts.absences)
    facts.events = _load_events(facts, since)
    facts.switches = list(KillSwitch.objects.on())
    facts.silent = set(Silence.objects.filter(person_id__in=people).values_list("person_id", flat=True))
    facts.stays = _judge_stays(rows, reads)
    resting: dict[int, PauseReason] = {}
    for pause in enrolment_pauses():
        resting |= dict.fromkeys(pause.find(list(jobs)), pause.reason)
    facts.resting = resting
    return facts


def judge_enrolments(rows: Sequence[Enrolment], facts: EnrolmentFacts | None = None) -> dict[int, Verdict]:
    """Return the enrolments, by id, that must end or rest now."""
    facts = facts or load_facts(rows)
    verdicts = {row.pk: _judge_one(row, facts) for row in rows}
    return {pk: verdict for pk, verdict in verdicts.items() if verdict is not None}


def _judge_one(row: Enrolment, facts: EnrolmentFacts) -> Verdict | None:
    person = facts.people.get(row.person_id)
    if person is None or row.person_id != row.held_for or person.merged_into_id:
        return EnrolmentEnd(EndReason.MERGED, {})
    if person.erased_at:
        return EnrolmentEnd(EndReason.ERASED, {})
    if row.is_test and not sequences_by_id()[row.sequence_id].is_in_test:
        return EnrolmentEnd(EndReason.TEST, {})
    return _judge_contact(row, facts) or _judge_lead(row, facts) or _judge_rest(row, facts)


def _judge_contact(row: Enrolment, facts: EnrolmentFacts) -> Verdict | None:
    """Return the end, or the rest, that the customer's messages or our contact with them bring."""
    stops = facts.reads[row.version_id].definition.stops
    company_id = facts.people[row.person_id].company_id
    rest = None
    for message in facts.messages:
        if message["at"] <= row.entered_at:
            continue
        is_theirs = message["person_id"] == row.person_id or message["job_id"] == row.job_id
        cause = {"message": message["pk"], "medium": message["medium"]}
        if is_theirs and registry.ANSWERED in stops:
            if message["request"] == STOP:
                return EnrolmentEnd(EndReason.OPTED_OUT, cause)
            if message["day"] is None:
                return EnrolmentEnd(EndReason.ANSWERED, cause)
            rest = _rest_until(message["day"] + timedelta(days=1)) or rest
        is_colleague = company_id is not None and message["person__company_id"] == company_id
        is_answer = not is_theirs and message["request"] != STOP
        if is_colleague and is_answer and registry.COLLEAGUE in stops:
            return EnrolmentEnd(EndReason.COLLEAGUE, cause)
    for event in _events_after(row, facts, facts.job_ids_by_person.get(row.person_id, {row.job_id})):
        outcome = event.data.get("outcome")
        if event.kind == "job.contacted" and outcome == ContactOutcome.REACHED and registry.REACHED in stops:
            return EnrolmentEnd(EndReason.REACHED, {"event": event.pk})
        if event.kind == "appointment.booked" and registry.BOOKED in stops:
            return EnrolmentEnd(EndReason.BOOKED, {"event": event.pk})
        is_touch = event.kind == "job.answered" or (event.kind == "job.contacted" and outcome in _IN_TOUCH)
        if is_touch and registry.TOUCHED in stops:
            return EnrolmentEnd(EndReason.TOUCHED, {"event": event.pk})
    return rest


def _rest_until(day: date, reason: PauseReason = PauseReason.NAMED_DAY) -> EnrolmentRest | None:
    """Return the rest until a day's opening; None if that has passed."""
    until = _opening_time(day)
    if until > clock.now():
        return EnrolmentRest(reason, until)
    return None


def _opening_time(day: date) -> datetime:
    """Return when the organization opens on a day, or next."""
    hours = directory().calendars.get(directory().default_calendar_id or 0)
    zone = directory().zone
    if hours:
        zone = hours.zone
    at = datetime.combine(day, time(9), zone)
    try:
        if hours:
            return hours.opening(at)
        return at
    except HoursError:
        return at


def _judge_lead(row: Enrolment, facts: EnrolmentFacts) -> EnrolmentEnd | None:
    """Return the end that the state of the lead brings."""
    stops = facts.reads[row.version_id].definition.stops
    job = facts.jobs[row.job_id]
    if job.ended_at and job.ended_at >= row.entered_at and row.entered_at != job.ended_at:
        if job.state == JobState.DONE and registry.WON in stops:
            return EnrolmentEnd(EndReason.WON, {})
        if job.state in (JobState.LOST, JobState.DROPPED) and registry.LOST in stops:
            return EnrolmentEnd(EndReason.LOST, {})
    signals = sequence_signals()
    for event in _events_after(row, facts, {row.job_id}):
        if event.kind == "lead.won" and registry.WON in stops:
            return EnrolmentEnd(EndReason.WON, {"event": event.pk})
        for name in stops:
            signal = signals.get(name)
            if signal and event.kind in signal.events and signal.about(event) == row.job_id and signal.heeds(event):
                return EnrolmentEnd(EndReason.SIGNAL, {"event": event.pk, "signal": name})
    if not facts.stays.get(row.pk, True):
        return EnrolmentEnd(EndReason.LEFT, {})
    return None


def _judge_rest(row: Enrolment, facts: EnrolmentFacts) -> EnrolmentRest | None:
    """Return the rest that the lead, a switch or the sequence brings; a rest of the row's own stays until its day."""
    job = facts.jobs[row.job_id]
    now = clock.now()
    if row.pause_reason != PauseReason.HAND and (rest := _judge_absence(row, facts)):
        return rest
    if row.pause_reason in _OWN_PAUSES and (row.paused_until is None or row.paused_until > now):
        return EnrolmentRest(PauseReason(row.pause_reason), row.paused_until)
    sequence = sequences_by_id()[row.sequence_id]
    if not sequence.is_working or row.is_test != sequence.is_in_test:
        return EnrolmentRest(PauseReason.SEQUENCE)
    if row.job_id in facts.resting:
        return EnrolmentRest(facts.resting[row.job_id])
    if job.side == Side.PAUSED:
        return EnrolmentRest(PauseReason.HOLD, job.pause_ends_at)
    if not automation_policy().is_on or row.person_id in facts.silent:
        return EnrolmentRest(PauseReason.SWITCH)
    for switch in facts.switches:
        if not switch.purpose and switch.stops(
            brand_id=job.brand_id, channel_id=None, person_id=row.person_id, purpose="", at=now
        ):
            return EnrolmentRest(PauseReason.SWITCH, switch.until)
    return None


def _judge_absence(row: Enrolment, facts: EnrolmentFacts) -> EnrolmentRest | None:
    """Return the rest that the customer's absence brings, unless a member has let the enrolment go on since."""
    absence = facts.absences.get(row.person_id)
    if absence is None or absence.told_at <= max(row.entered_at, facts.resumptions.get(row.pk, row.entered_at)):
        return None
    return _rest_until(absence.back_on, PauseReason.AWAY)


# Pauses that no present state explains: they last until their day, or until a member ends them.
_OWN_PAUSES = (PauseReason.AWAY, PauseReason.NAMED_DAY, PauseReason.HAND)


def _events_after(row: Enrolment, facts: EnrolmentFacts, job_ids: Iterable[int]) -> list[Event]:
    return [
        event
        for job_id in job_ids
        for event in facts.events.get(job_id, ())
        if event.at > row.entered_at and event.pk > (row.entry_event_id or 0)
    ]


def _load_messages(facts: EnrolmentFacts, since: datetime) -> list[dict[str, Any]]:
    """Load what came in since an instant: of these, of others on their leads, and of others of their companies.

    That is what they wrote, and the replies of their programs.
    """
    received = Message.objects.filter(direction=Direction.IN, author__isnull=True, automatic__in=("", AUTO_REPLY))
    rows = received.filter(at__gt=since).order_by()
    columns = ("pk", "at", "medium", "person_id", "job_id", "text", "request", "automatic")
    written = [*rows.filter(person_id__in=facts.people).values(*columns)]
    written += rows.filter(job_id__in=facts.jobs).values(*columns)
    companies = {
        person.company_id
        for person in facts.people.values()
        if person.company_id and any(registry.COLLEAGUE in read.definition.stops for read in facts.reads.values())
    }
    colleagues: dict[int, int] = {}
    if companies:
        colleagues = dict(Person.objects.filter(company_id__in=companies).values_list("pk", "company_id"))
        written += rows.filter(person_id__in=colleagues).values(*columns)
    zone = directory().zone
    for message in written:
        message["day"] = promised_day(message.pop("text"), message["at"].astimezone(zone))
    by_id = {
        message["pk"]: message | {"person__company_id": colleagues.get(message["person_id"])} for message in written
    }
    return sorted(by_id.values(), key=lambda message: message["at"])


def _load_events(facts: EnrolmentFacts, since: datetime) -> dict[int, list[Event]]:
    """Load the events since an instant that may end an enrolment, by lead, oldest first."""
    signals = sequence_signals()
    named = {name for read in facts.reads.values() for name in read.definition.stops if name in signals}
    kinds = {*_ENDS, *(kind for name in named for kind in signals[name].events)}
    ids = {pk for job_ids in facts.job_ids_by_person.values() for pk in job_ids} | set(facts.jobs)
    events = defaultdict[int, list[Event]](list)
    for event in Event.objects.filter(job_id__in=ids, kind__in=kinds, at__gt=since).order_by("pk"):
        events[event.job_id or 0].append(event)
    return events


def _judge_stays(rows: Sequence[Enrolment], reads: Mapping[int, ReadSequence]) -> dict[int, bool]:
    """Return whether the conditions of staying hold, for the enrolments whose version has some."""
    limited = [row for row in rows if reads[row.version_id].stays]
    if not limited:
        return {}
    groups = [group for row in limited for group in reads[row.version_id].stays]
    results = judge_conditions(job_kind(), {row.job_id for row in limited}, groups)
    return {row.pk: all_groups_hold(reads[row.version_id].stays, results[row.job_id]) for row in limited}
