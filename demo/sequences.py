"""Create the demo's sequences, with leads at each of their steps and some that have left."""

from collections.abc import Sequence as Rows
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from django.utils.translation import override

from crm.automation.models import Mode, Rule
from crm.automation.registry.presets import rule_preset
from crm.automation.span import Span, SpanUnit
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from followups.sequences.definition import SequenceFork, SequenceWait
from followups.sequences.engine.states import STEP
from followups.sequences.engine.walk import walk_due
from followups.sequences.enrolling import enrol_all
from followups.sequences.models import (
    EndReason,
    Enrolment,
    EnrolmentEntry,
    EnrolmentState,
    EnrolmentStep,
    PauseReason,
    Sequence,
    SequenceMode,
    StepResult,
)
from followups.sequences.preset_entries import add_from_preset, sequence_presets

# The packs of which there is a sequence; the others can be started from.
ON = ("quotes", "onboarding", "silence")
TESTED = ("documents",)
OFF = ("expiry", "year")
# How many leads are in the test, and on how many days it has run.
TESTERS = 9
TEST_DAYS = 4
# How many leads have entered, and the shares of them that have left or rest.
ENTERED = 46
# How many of them entered before the present version.
OLDER = 14
SHARE_ENDED = 0.4
SHARE_PAUSED = 0.08
ENDS = (
    *(EndReason.ANSWERED,) * 5,
    *(EndReason.BOOKED,) * 2,
    *(EndReason.WON,) * 3,
    *(EndReason.REACHED,) * 2,
    *(EndReason.FINISHED,) * 10,
    EndReason.LOST,
    EndReason.OPTED_OUT,
)


def create_sequences(now: datetime) -> None:
    """Create sequences of packs inside the tenant, after its templates, jobs and triggers."""
    random = Random("sequences")  # noqa: S311 (made-up data, the same every time)
    presets = {preset.key: preset for preset in sequence_presets()}
    with override(directory().tenant.language):
        made = {key: add_from_preset(presets[key], by=None) for key in (*ON, *TESTED, *OFF)}
        for key in ON:
            made[key].switch(SequenceMode.ON, by=None)
        for key in TESTED:
            made[key].switch(SequenceMode.SHADOW, by=None)
        _create_entry_rule()
    jobs = list(Job.objects.open().filter(person__isnull=False).order_by("-pk")[: ENTERED * 3])
    chosen = list({job.person_id: job for job in jobs}.values())
    random.shuffle(chosen)
    quotes = made["quotes"]
    _enrol(quotes, chosen[:OLDER], now, random)
    _edit(quotes)
    _enrol(quotes, chosen[OLDER:ENTERED], now, random)
    for key in TESTED:
        Sequence.objects.filter(pk=made[key].pk).update(mode_at=now - timedelta(days=TEST_DAYS))
        _test(made[key], chosen[ENTERED : ENTERED + TESTERS], now)


def _edit(sequence: Sequence) -> None:
    """Make a second version: the first wait is a day longer."""
    assert sequence.version is not None, "a sequence is added with a version"
    definition = sequence.version.parsed
    at = next(at for at, step in enumerate(definition.steps) if isinstance(step, SequenceWait))
    steps = list(definition.steps)
    steps[at] = SequenceWait(Span(3, SpanUnit.WORKING_DAYS))
    sequence.edit(replace(definition, steps=tuple(steps)), by=None)


def _test(sequence: Sequence, jobs: Rows[Job], now: datetime) -> None:
    """Let leads enter the test, one after another, and let them walk to where they are now."""
    sequence.refresh_from_db()
    for number, job in enumerate(jobs):
        with clock.at(now - timedelta(days=TEST_DAYS) + timedelta(hours=7 * number)):
            entered = enrol_all(sequence, [job], by=None, entry=EnrolmentEntry.BULK).entered
            walk_due([row.pk for row in entered])
    for hours in range(24 * TEST_DAYS, 0, -6):
        with clock.at(now - timedelta(hours=hours)):
            ids = Enrolment.objects.in_test().inside().filter(next_at__lte=clock.now()).values_list("pk", flat=True)
            walk_due(list(ids))


def _create_entry_rule() -> None:
    """Create the trigger that starts the quote follow-up, in test mode; left out without a step of its name."""
    preset = rule_preset("sequences.quotes")
    assert preset is not None, "followups.sequences offers it"
    try:
        definition = preset.definition()
    except Refused:
        return
    Rule.add(str(preset.name), definition, by=None, preset=preset.key, mode=Mode.SHADOW)


def _enrol(sequence: Sequence, jobs: Rows[Job], now: datetime, random: Random) -> None:
    """Insert enrolments with the steps they have done."""
    rows = [_build_enrolment(sequence, job, now, random) for job in jobs]
    made: list[Enrolment] = Enrolment.objects.bulk_create(rows)
    EnrolmentStep.objects.bulk_create([step for row in made for step in _done_steps(row, random)])
    due.schedule_all(STEP, [(row.pk, row.next_at) for row in made if row.next_at and row.is_inside])
    entries = [_entry_draft(row) for row in made]
    ends = [
        EventDraft(
            "sequence.ended", row, {"sequence": row.sequence_id, "reason": row.end_reason}, row.job_id, row.ended_at
        )
        for row in made
        if row.ended_at
    ]
    events.record_all([*entries, *ends], by=None)


def _entry_draft(row: Enrolment) -> EventDraft:
    data = {"sequence": row.sequence_id, "entry": row.entry}
    return EventDraft("sequence.entered", row, data, row.job_id, row.entered_at)


def _end_draft(row: Enrolment) -> EventDraft:
    data = {"sequence": row.sequence_id, "reason": row.end_reason}
    return EventDraft("sequence.ended", row, data, row.job_id, row.ended_at)


def _build_enrolment(sequence: Sequence, job: Job, now: datetime, random: Random) -> Enrolment:
    """Return an enrolment at a wait, paused there, or over."""
    version = sequence.version
    assert version is not None, "a sequence is added with a version"
    assert job.person_id is not None, "leads with a customer were chosen"
    waits = [node.position for node in version.nodes if isinstance(node.step, SequenceWait)]
    at = random.choice(waits)
    entered_at = now - timedelta(days=waits.index(at) * 3 + random.randrange(1, 3), hours=random.randrange(1, 9))
    row = Enrolment(
        sequence=sequence,
        version=version,
        job=job,
        person_id=job.person_id,
        held_for=job.person_id,
        purpose=sequence.purpose,
        entry=random.choice((EnrolmentEntry.HAND, EnrolmentEntry.BULK, EnrolmentEntry.RULE)),
        entered_by_id=job.member_id,
        entered_at=entered_at,
        position=at,
        begun_at=now - timedelta(hours=5),
        next_at=now + timedelta(hours=random.randrange(20, 90)),
        wrote_at=now - timedelta(hours=5),
    )
    if row.entry == EnrolmentEntry.RULE:
        row.entered_by_id = None
    kind = random.random()
    if kind < SHARE_ENDED:
        row.state = EnrolmentState.ENDED
        row.end_reason = random.choice(ENDS)
        row.ended_at = min(entered_at + timedelta(days=random.randrange(1, 6)), now - timedelta(hours=2))
        row.next_at = None
    elif kind < SHARE_ENDED + SHARE_PAUSED:
        row.state = EnrolmentState.PAUSED
        row.pause_reason = PauseReason.AWAY
        row.paused_until = row.next_at
    return row


def _done_steps(row: Enrolment, random: Random) -> list[EnrolmentStep]:
    """Return the acts and forks before the step at which an enrolment stands, on one way through them."""
    steps = []
    position: int | None = 0
    at = row.entered_at
    while position is not None and position < row.position:
        node = row.version.nodes[position]
        following = node.following
        result = StepResult.DONE
        if isinstance(node.step, SequenceFork):
            result = random.choice((StepResult.YES, StepResult.NO))
            following = node.following if result == StepResult.YES else node.other
        if not isinstance(node.step, SequenceWait):
            steps.append(EnrolmentStep(enrolment=row, version=row.version, position=position, at=at, result=result))
        at += timedelta(hours=20)
        position = following
    return steps
