"""React to events: judge the enrolments they may concern again, note replies, and go on after a follow-up is done.

Events only say whom to look at. What an enrolment must do is decided from what is stored (engine/judgement.py), so an
event that comes late or twice changes nothing wrongly.
"""

from collections.abc import Collection, Sequence

from django.db.models import Q

from comms.models import Message
from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.models import Event
from followups.models import FollowUp, FollowUpOutcome
from followups.sequences.definition import SequenceAct, Unanswered
from followups.sequences.engine.held_back import release_all, release_messages
from followups.sequences.engine.judgement import judge_enrolments, load_facts
from followups.sequences.engine.states import end_enrolments, resume_rows, save_enrolments
from followups.sequences.engine.walk import apply_verdicts
from followups.sequences.models import EndReason, Enrolment, EnrolmentState, PauseReason
from followups.sequences.models.sequence import sequences_by_id
from followups.sequences.models.step_record import ORIGIN
from followups.sequences.registry import enrolment_pauses, sequence_signals
from followups.sequences.setup import read_versions

# Events of a lead or customer after which its enrolments are looked at again.
_OWN_EVENTS = frozenset(
    {
        *("message.received", "job.contacted", "job.answered", "appointment.booked", "lead.won", "job.finished"),
        *("job.lost", "job.dropped", "job.moved", "job.paused", "job.resumed", "job.reopened", "job.corrected"),
        *("person.merged", "person.erased", "person.rules_switched_off", "person.rules_switched_on"),
    }
)
# Events of the organization after which everybody who rests for a switch is looked at again.
SWITCHES = ("kill_switch.ended", "automation.switched_on")


def wanted_events() -> frozenset[str]:
    """Return the kinds of events after which enrolments are judged again; none without sequences."""
    if not sequences_by_id():
        return frozenset()
    signals = sequence_signals()
    named = {
        name
        for sequence in sequences_by_id().values()
        if sequence.version is not None
        for name in sequence.version.parsed.stops
        if name in signals
    }
    pauses = {kind for pause in enrolment_pauses() for kind in pause.events}
    return _OWN_EVENTS | {kind for name in named for kind in signals[name].events} | pauses


def judge_again(heard: Sequence[Event]) -> None:
    """Judge the enrolments of the leads and customers of these events, and end, pause or resume them. Idempotent."""
    job_ids = {event.job_id for event in heard if event.job_id}
    person_ids = _people_of(heard, job_ids)
    rows = Enrolment.objects.inside().filter(
        Q(job_id__in=job_ids) | Q(person_id__in=person_ids) | Q(held_for__in=person_ids)
    )
    judge_rows(set(rows.values_list("pk", flat=True)))
    release_messages(person_ids)


def judge_rows(ids: Collection[int]) -> None:
    """Judge these enrolments again: end, pause or resume them."""
    if not ids:
        return
    rows = Enrolment.lock_all(Enrolment.objects.inside().filter(pk__in=ids))
    facts = load_facts(rows)
    others = apply_verdicts(rows, judge_enrolments(rows, facts))
    resume_rows([row for row in others if row.state == EnrolmentState.PAUSED], by=None)


def judge_switched(_heard: Sequence[Event]) -> None:
    """Judge those that rest for a switch again, and release what the gate held for it."""
    rows = Enrolment.objects.filter(state=EnrolmentState.PAUSED, pause_reason=PauseReason.SWITCH)
    judge_rows(set(rows.values_list("pk", flat=True)))
    release_all()


def _people_of(heard: Sequence[Event], job_ids: Collection[int]) -> set[int]:
    """Return the customers of events: of their lead, who wrote, their colleagues, and merged or erased records."""
    people = set(Job.objects.filter(pk__in=job_ids, person__isnull=False).values_list("person_id", flat=True))
    messages = {event.subject_id for event in heard if event.kind == "message.received"}
    people |= set(Message.objects.filter(pk__in=messages, person__isnull=False).values_list("person_id", flat=True))
    for event in heard:
        if event.kind.startswith("person."):
            people.add(event.subject_id)
            people.update(event.data.get("records", ()))
            people.update([event.data["merged"]] if "merged" in event.data else ())
    companies = Person.objects.filter(pk__in=people, company__isnull=False).values("company_id")
    return people | set(Person.objects.filter(company_id__in=companies).values_list("pk", flat=True))


def follow_tasks(changed: Sequence[Event]) -> None:
    """Go on with the enrolments whose follow-up was completed or cancelled: the next wait counts from now."""
    ids = {event.subject_id for event in changed}
    tasks = FollowUp.objects.filter(pk__in=ids, origin__startswith=ORIGIN).in_bulk()
    closed = [pk for pk, task in tasks.items() if not task.is_open]
    rows = Enrolment.lock_all(Enrolment.objects.inside().filter(task_id__in=closed))
    reads = read_versions({row.version_id for row in rows})
    ends = []
    going = []
    for row in rows:
        task = tasks[row.task_id or 0]
        step = reads[row.version_id].steps[row.position].node.step
        ends_unanswered = isinstance(step, SequenceAct) and step.unanswered == Unanswered.END
        if ends_unanswered and task.outcome in (FollowUpOutcome.NO_ANSWER, FollowUpOutcome.WRONG_TIME):
            ends.append((row, EndReason.IN_VAIN, {"follow_up": task.pk}))
        else:
            row.task_id = None
            row.next_at = task.completed_at or clock.now()
            going.append(row)
    save_enrolments(going)
    for row, _reason, _cause in ends:
        row.task_id = None
    end_enrolments(ends)
