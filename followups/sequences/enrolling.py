"""Enrol leads in a sequence: check who may enter, and why others may not; then insert them in one statement."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.people.models import Person
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Member
from crm.platform.work import due
from followups.sequences.engine.states import STEP, end_enrolments
from followups.sequences.models import (
    EndReason,
    Enrolment,
    EnrolmentEntry,
    EnrolmentState,
    EnrolmentStep,
    Reentry,
    Sequence,
)
from followups.sequences.models.sequence import sequences_by_id

# The longest span over which the first steps of many may be spread.
MOST_SPREAD = timedelta(hours=72)


HELD = "held"
REFUSALS = {
    "no_customer": gettext_lazy("The lead has no customer."),
    "erased": gettext_lazy("The customer’s data was erased."),
    "inside": gettext_lazy("The customer is in this sequence already."),
    "again": gettext_lazy("The lead has been in this sequence before, and it takes each lead once."),
    "recent": ngettext_lazy(
        "The lead left this sequence less than %(count)s day ago.",
        "The lead left this sequence less than %(count)s days ago.",
        "count",
    ),
    "same": gettext_lazy("Another lead of the same customer enters."),
    "late": gettext_lazy("The customer entered another sequence meanwhile."),
}


def refusal_text(key: str, sequence: Sequence) -> str:
    """Return in words why a lead may not enter a sequence. Raises KeyError for another name of a reason."""
    holder_id = read_number(key.removeprefix(HELD))
    if key.startswith(HELD) and holder_id is not None:
        return _("Held by “%(name)s”.") % {"name": sequences_by_id()[holder_id].name}
    return str(REFUSALS[key] % {"count": sequence.reentry_days})


@dataclass(frozen=True)
class EntryRefusal:
    """A lead that may not enter, and why. `holder`: the sequence of the same purpose that holds its customer."""

    job: Job
    # The name of the reason: one of REFUSALS, or HELD and the id of the holder.
    key: str
    reason: str
    holder: Sequence | None = None


@dataclass
class EntryPreview:
    """Who would enter now, and who would not."""

    jobs: list[Job] = field(default_factory=list)
    refused: list[EntryRefusal] = field(default_factory=list)
    # Enrolments whose place a sequence that goes ahead takes.
    replaced: list[Enrolment] = field(default_factory=list)


@dataclass
class EnrolmentOutcome:
    """Who entered, and who did not."""

    entered: list[Enrolment] = field(default_factory=list)
    refused: list[EntryRefusal] = field(default_factory=list)


def preview_entry(sequence: Sequence, jobs: Collection[Job], *, entry: str = EnrolmentEntry.HAND) -> EntryPreview:
    """Return which of these leads may enter now. Four queries, however many there are. Writes nothing."""
    people = Person.objects.in_bulk({job.person_id for job in jobs if job.person_id})
    holders = _load_holders(sequence, people)
    earlier = _last_ends(sequence, jobs)
    begun = set(EnrolmentStep.objects.filter(enrolment__in=holders.values()).values_list("enrolment_id", flat=True))
    preview = EntryPreview()
    taken: set[int] = set()
    for job in jobs:
        person = people.get(job.person_id or 0)
        holder = holders.get(job.person_id or 0)
        if holder and entry == EnrolmentEntry.RULE and _goes_ahead(sequence, holder) and holder.pk not in begun:
            if not sequence.is_in_test:
                preview.replaced.append(holder)
            holder = None
        key = _refusal_key(sequence, job, person, holder, earlier)
        if not key and person and person.pk in taken:
            key = "same"
        if key:
            held_by = sequences_by_id()[holder.sequence_id] if holder else None
            preview.refused.append(EntryRefusal(job, key, refusal_text(key, sequence), held_by))
        else:
            taken.add(job.person_id or 0)
            preview.jobs.append(job)
    return preview


def _load_holders(sequence: Sequence, people: Collection[int]) -> dict[int, Enrolment]:
    """Return the enrolments that hold these customers, by their id. A test holds only in its own sequence."""
    inside = Enrolment.objects.inside().filter(held_for__in=people)
    holders = {}
    if sequence.is_in_test:
        holders = {row.held_for: row for row in inside.in_test().filter(sequence=sequence)}
    return {row.held_for: row for row in inside.in_test(False).filter(purpose=sequence.purpose)} | holders


def _refusal_key(
    sequence: Sequence, job: Job, person: Person | None, holder: Enrolment | None, earlier: dict[int, Enrolment]
) -> str:
    """Return the name of the reason why a lead may not enter; blank if it may."""
    if person is None:
        return "no_customer"
    if person.erased_at:
        return "erased"
    if holder and holder.sequence_id == sequence.pk:
        return "inside"
    if holder:
        return f"{HELD}{holder.sequence_id}"
    last = earlier.get(job.pk)
    if last is None or sequence.reentry == Reentry.ALWAYS:
        return ""
    if sequence.reentry == Reentry.ONCE:
        return "again"
    days = timedelta(days=sequence.reentry_days)
    if last.ended_at and last.ended_at + days > clock.now():
        return "recent"
    return ""


def _last_ends(sequence: Sequence, jobs: Collection[Job]) -> dict[int, Enrolment]:
    """Return the last enrolment of each lead that has left this sequence."""
    rows = Enrolment.objects.that_ended().filter(sequence=sequence, job_id__in=[job.pk for job in jobs])
    rows = rows.exclude(end_reason__in=(EndReason.UNDONE, EndReason.TEST))
    if not sequence.is_in_test:
        rows = rows.in_test(False)
    return {row.job_id: row for row in rows.order_by("ended_at", "pk")}


def _goes_ahead(sequence: Sequence, holder: Enrolment) -> bool:
    return sequence.rank < sequences_by_id()[holder.sequence_id].rank


@transaction.atomic
def enrol_all(
    sequence: Sequence,
    jobs: Collection[Job],
    *,
    by: Member | None,
    entry: str = EnrolmentEntry.HAND,
    entry_event_id: int | None = None,
    spread: timedelta = timedelta(),
) -> EnrolmentOutcome:
    """Enrol leads; their first steps are due now, or spread evenly over a span. Returns who entered and who did not.

    Idempotent while they are inside. Raises Refused if the sequence is off. One that is ahead takes the place of an
    enrolment of its purpose that has not begun, if a trigger enrols (`entry`).
    """
    if not sequence.is_working:
        raise Refused(_("The sequence is off. Turn it on first."))
    assert sequence.version_id is not None, "a sequence is added with a version"
    preview = preview_entry(sequence, jobs, entry=entry)
    if preview.replaced:
        rows = Enrolment.lock_all(Enrolment.objects.inside().filter(pk__in=[row.pk for row in preview.replaced]))
        end_enrolments([(row, EndReason.REPLACED, {"sequence": sequence.pk}) for row in rows])
    made = _insert_enrolments(sequence, preview.jobs, by, entry, entry_event_id, min(spread, MOST_SPREAD))
    entered_ids = {row.job_id for row in made}
    lost = [job for job in preview.jobs if job.pk not in entered_ids]
    late = [EntryRefusal(job, "late", refusal_text("late", sequence)) for job in lost]
    return EnrolmentOutcome(made, preview.refused + late)


def _insert_enrolments(
    sequence: Sequence,
    jobs: list[Job],
    by: Member | None,
    entry: str,
    entry_event_id: int | None,
    spread: timedelta,
) -> list[Enrolment]:
    """Insert the enrolments. Of two transactions that enrol one customer, the unique slot lets one in."""
    if not jobs:
        return []
    ids = bulk_write.allocate_ids(Enrolment, len(jobs))
    now = clock.now()
    pause = spread / len(jobs)
    common = {
        "sequence_id": sequence.pk,
        "version_id": sequence.version_id,
        "purpose": sequence.purpose,
        "is_test": sequence.is_in_test,
        "state": EnrolmentState.ACTIVE,
        "entry": entry,
        "entered_by_id": by.pk if by else None,
        "entry_event_id": entry_event_id,
        "entered_at": now,
    }
    rows = [
        common
        | {
            "id": pk,
            "job_id": job.pk,
            "person_id": job.person_id,
            "held_for": job.person_id,
            "next_at": now + n * pause,
        }
        for n, (pk, job) in enumerate(zip(ids, jobs, strict=True))
    ]
    bulk_write.insert_all(Enrolment, rows, ignore_conflicts=True)
    made = list(Enrolment.objects.filter(pk__in=ids).order_by("pk"))
    due.schedule_all(STEP, [(row.pk, row.next_at) for row in made if row.next_at])
    events.record_all(
        [
            EventDraft("sequence.entered", row, {"sequence": sequence.pk, "entry": entry}, job_id=row.timeline_job_id)
            for row in made
        ],
        by=by,
    )
    return made


def enrol(sequence: Sequence, job: Job, *, by: Member | None) -> Enrolment:
    """Enrol one lead by hand. Raises Refused with the reason, which names the sequence that holds its customer."""
    outcome = enrol_all(sequence, [job], by=by)
    if outcome.refused:
        raise Refused(outcome.refused[0].reason)
    return outcome.entered[0]
