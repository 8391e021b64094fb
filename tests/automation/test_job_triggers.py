"""What starts a rule about a lead, and what does not; and the instants that times count from."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crm.automation.engine.rounds import next_round, run_rounds
from crm.automation.engine.subscriber import find_starts
from crm.automation.models import Mode, Rule, RuleRun, RuleTimer
from crm.automation.setup import read_rule
from crm.automation.span import Span, SpanUnit
from crm.documents.kinds import begin as begin_kinds
from crm.documents.models import Document, DocumentKind
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Priority, Side
from crm.kernel import clock
from crm.platform.models import Due, Event
from crm.platform.tenancy.context import use_tenant
from tests.automation.rules import do, rule, work
from tests.cast import Cast, House

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in New York
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MARCH_11 = date(2026, 3, 11)
TELL = do("tell", who="owner")
Happens = Callable[[House, Job], Any]


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        yield cast.house


@pytest.fixture
def job(house: House) -> Job:
    row: Job = Job.objects.get(pk=house.job.pk)
    return row


def shadow(trigger: str, **parts: Any) -> Rule:
    """A rule that notes what it would do."""
    return rule(trigger, TELL, mode=Mode.SHADOW, **parts)


def runs() -> int:
    """How many times rules were looked at, once the workers have heard of what happened."""
    work(clock.now(), rounds=2)
    return int(RuleRun.objects.count())


def _lose_as(reason: str) -> Happens:
    return lambda house, job: job.lose(reason, by=house.rita)


def _call_nobody_takes(house: House, job: Job) -> None:
    job.contact("call", "no_answer", by=house.rita)


@pytest.mark.parametrize(
    ("trigger", "options", "happens", "count"),
    [
        ("job.assigned", {}, lambda house, job: job.assign_to(house.mona, by=house.mona), 1),
        ("job.assigned", {}, lambda house, job: job.assign_to(house.rita, by=house.mona), 0),
        ("job.heard", {}, lambda house, job: job.hear("sms"), 1),
        ("job.heard", {}, lambda house, job: job.answer("sms", by=house.rita, turn=False), 0),
        ("job.paused", {}, lambda house, job: job.pause(reason="Away", until=None, by=house.rita), 1),
        ("job.finished", {}, lambda house, job: job.finish(by=house.rita), 1),
        ("job.finished", {}, _lose_as("Price"), 0),
        ("job.prioritized", {}, lambda house, job: job.prioritize(Priority.HIGH, by=house.rita), 1),
        ("job.prioritized", {}, lambda house, job: job.prioritize(Priority.NORMAL, by=house.rita), 0),
        ("job.lost", {"reason": ""}, _lose_as("Price"), 1),
        ("job.lost", {"reason": ""}, lambda house, job: job.drop("Spam", by=house.rita), 0),
        ("job.left", {"step": ""}, lambda house, job: job.move_to(house.stage("Reached"), by=house.rita), 1),
        ("job.contacted", {"kind": "", "outcome": ""}, lambda h, j: j.contact("call", "reached", by=h.rita), 1),
        ("job.contacted", {"kind": "", "outcome": ""}, lambda h, j: j.answer("sms", by=h.rita, turn=False), 1),
        ("job.contacted", {"kind": "call", "outcome": ""}, lambda h, j: j.contact("email", "sent", by=h.rita), 0),
        ("job.contacted", {"kind": "call", "outcome": ""}, _call_nobody_takes, 1),
        ("job.contacted", {"kind": "", "outcome": "reached"}, _call_nobody_takes, 0),
        ("job.opened", {}, lambda house, job: open_job(title="New", by=house.rita), 1),
    ],
)  # fmt: skip
def test_a_rule_is_started_by_its_event_alone(
    house: House, job: Job, trigger: str, options: dict[str, str], happens: Happens, count: int
) -> None:
    shadow(trigger, options=options)
    happens(house, job)
    assert runs() == count


def test_a_lead_that_is_reopened_starts_its_rule(house: House, job: Job) -> None:
    job.lose("Price", by=house.rita)
    shadow("job.reopened")
    job.reopen(by=house.rita)
    assert runs() == 1


@pytest.mark.parametrize(("step", "count"), [("Reached", 1), ("Quote sent", 0)])
def test_a_step_is_reached_by_moving_there(house: House, job: Job, step: str, count: int) -> None:
    shadow("job.entered", options={"step": house.stage(step).pk})
    job.move_to(house.stage("Reached"), by=house.rita)
    assert runs() == count


@pytest.mark.parametrize(("step", "count"), [("New", 1), ("Reached", 0)])
def test_a_step_is_reached_by_being_created_in_it(house: House, step: str, count: int) -> None:
    shadow("job.entered", options={"step": house.stage(step).pk})
    open_job(title="New", stage=house.stage("New"), by=house.rita)
    assert runs() == count


@pytest.mark.parametrize(("step", "count"), [("New", 1), ("Reached", 0)])
def test_a_step_is_left_by_moving_out_of_it(house: House, job: Job, step: str, count: int) -> None:
    shadow("job.left", options={"step": house.stage(step).pk})
    job.move_to(house.stage("Reached"), by=house.rita)
    assert runs() == count


def event(kind: str, job: Job, /, **data: Any) -> Event:
    """An event of the lead that is in no log."""
    return Event(pk=10**9, kind=kind, subject_id=job.pk, job_id=job.pk, at=clock.now(), data=data)


@pytest.mark.parametrize(
    ("trigger", "options", "kind", "data", "starts"),
    [
        ("job.opened", {}, "job.opened", {}, True),
        ("job.opened", {}, "job.opened", {"import": 4}, False),
        ("job.late", {"level": "job.overdue"}, "job.overdue", {}, True),
        ("job.late", {"level": "job.overdue"}, "job.far_overdue", {}, False),
        ("job.late", {"level": "job.overdue"}, "job.due_soon", {}, False),
    ],
)
def test_an_event_is_heeded_as_chosen(
    house: House, job: Job, trigger: str, options: dict[str, str], kind: str, data: dict[str, Any], starts: bool
) -> None:
    shadow(trigger, options=options)
    assert bool(find_starts([event(kind, job, **data)])) is starts


def test_leads_of_an_import_reach_no_step(house: House, job: Job) -> None:
    step = house.stage("New").pk
    shadow("job.entered", options={"step": step})
    found = [bool(find_starts([event("job.opened", job, stage=step, **data)])) for data in ({}, {"import": 4})]
    assert found == [True, False]


def test_what_happened_before_it_was_on_starts_nothing(house: House, job: Job) -> None:
    made = shadow("job.heard")
    heard = event("job.heard", job)
    heard.at = made.mode_at - timedelta(seconds=1)
    assert find_starts([heard]) == []


def test_each_mode_starts_a_rule_of_its_own(house: House, job: Job) -> None:
    made = shadow("job.heard")
    [start] = find_starts([event("job.heard", job)])
    assert start.key == f"{made.mode}:event:{10**9}"


@pytest.mark.parametrize("mode", [Mode.OFF, Mode.SHADOW])
def test_a_rule_that_is_off_or_paused_is_not_started(house: House, job: Job, mode: Mode) -> None:
    made = rule("job.heard", TELL, mode=mode)
    if mode == Mode.SHADOW:
        made.pause("It failed")
    assert find_starts([event("job.heard", job)]) == []


def timer(trigger: str, **parts: Any) -> datetime | None:
    """When a rule looks at the lead; None for never."""
    made = shadow(trigger, **parts)
    work(clock.now(), rounds=2)
    row = RuleTimer.objects.filter(rule=made).order_by("at").first()
    return row.at if row else None


def test_a_lead_without_status_counts_from_when_it_came_in(house: House) -> None:
    open_job(title="New", by=None)
    assert timer("job.no_status", span=Span(3, SpanUnit.HOURS)) == MONDAY + 3 * HOUR


def test_a_lead_with_a_status_counts_for_no_such_rule(house: House, job: Job) -> None:
    assert timer("job.no_status", span=Span(3, SpanUnit.HOURS)) is None


def test_who_wrote_waits_from_their_first_message(house: House, job: Job) -> None:
    job.hear("sms")
    with clock.at(MONDAY + HOUR):
        job.hear("sms")
        assert timer("job.unanswered", span=Span(2, SpanUnit.HOURS)) == MONDAY + 2 * HOUR


def test_an_answer_takes_the_time_away(house: House, job: Job) -> None:
    job.hear("sms")
    shadow("job.unanswered", span=Span(2, SpanUnit.HOURS))
    work(MONDAY, rounds=2)
    job.answer("sms", by=house.rita, turn=False)
    work(MONDAY, rounds=2)
    assert not RuleTimer.objects.exists()


def test_no_contact_counts_from_the_last_one(house: House, job: Job) -> None:
    job.contact("call", "no_answer", by=house.rita)
    with clock.at(MONDAY + HOUR):
        assert timer("job.silent", span=Span(2, SpanUnit.HOURS)) == MONDAY + 2 * HOUR


def test_their_move_counts_while_it_is_theirs(house: House, job: Job) -> None:
    assert timer("job.their_move", span=Span(2, SpanUnit.HOURS), name="Ours") is None
    job.turn_to(Side.CUSTOMER, by=house.rita)
    assert timer("job.their_move", span=Span(2, SpanUnit.HOURS), name="Theirs") == MONDAY + 2 * HOUR


@pytest.mark.parametrize(("trigger", "end"), [("job.done_since", "finish"), ("job.lost_since", "lose")])
@pytest.mark.parametrize(("days", "comes"), [(2, True), (4, False)])
def test_what_ended_counts_from_then_and_for_so_long_alone(
    house: House, job: Job, trigger: str, end: str, days: int, comes: bool
) -> None:
    """Within the three days that such a rule may be late."""
    with clock.at(MONDAY - days * DAY):
        job.finish(by=house.rita) if end == "finish" else job.lose("Price", by=house.rita)
    shadow(trigger, span=Span(0))
    assert runs() == int(comes)


def test_a_rule_that_leaves_the_present_alone_has_no_time_that_is_over(house: House, job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(entered_at=MONDAY - 9 * DAY)
    made = shadow("job.stays", span=Span(2), options={"step": ""})
    work(MONDAY, rounds=1)
    assert RuleTimer.objects.filter(rule=made).exists() or RuleRun.objects.filter(rule=made).exists()
    later = shadow("job.stays", span=Span(2), options={"step": ""}, name="Later")
    later.switch(Mode.ON, by=house.ada, skips_present=True)
    work(MONDAY, rounds=2)
    assert not RuleRun.objects.filter(rule=later).exists()


@pytest.mark.parametrize(
    ("hour", "at"),
    [
        (None, MONDAY + 2 * DAY),
        (9, MONDAY + 3 * DAY - HOUR),
        (10, MONDAY + 2 * DAY),
        (11, MONDAY + 2 * DAY + HOUR),
    ],
)
def test_an_hour_of_the_day_is_never_too_early(house: House, job: Job, hour: int | None, at: datetime) -> None:
    """Ten in the morning two days on: nine o'clock is on the day after."""
    Job.objects.filter(pk=job.pk).update(entered_at=MONDAY)
    assert timer("job.stays", span=Span(2), options={"step": ""}, at_hour=hour) == at


def test_a_time_follows_the_step(house: House, job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(entered_at=MONDAY)
    shadow("job.stays", span=Span(2), options={"step": house.stage("New").pk})
    work(MONDAY, rounds=2)
    assert RuleTimer.objects.count() == 1
    job.refresh_from_db()
    job.move_to(house.stage("Reached"), by=house.rita)
    work(MONDAY, rounds=2)
    assert not RuleTimer.objects.exists()


def test_a_rule_that_is_switched_off_keeps_no_times(house: House, job: Job) -> None:
    made = shadow("job.stays", span=Span(2), options={"step": ""})
    work(MONDAY, rounds=2)
    made.switch(Mode.OFF, by=house.ada)
    work(MONDAY, rounds=2)
    assert not RuleTimer.objects.exists()


@pytest.mark.parametrize(
    ("days", "hour", "at"),
    [
        ((0,), 11, MONDAY + HOUR),
        ((0,), 10, MONDAY + 7 * DAY - HOUR),
        ((1, 3), 8, MONDAY + DAY - 2 * HOUR),
        ((1,), None, MONDAY + DAY - 2 * HOUR),
        ((1,), 0, MONDAY + DAY - 10 * HOUR),
        ((), 8, None),
    ],
)
def test_the_next_round_is_on_its_day_at_its_hour(
    house: House, days: tuple[int, ...], hour: int | None, at: datetime | None
) -> None:
    """The clocks go forward on Sunday the 8th."""
    made = shadow("job.round", weekdays=days, at_hour=hour)
    assert next_round(read_rule(made), MONDAY) == at


def test_a_round_is_planned_while_its_rule_works(house: House) -> None:
    made = shadow("job.round", weekdays=(1,), at_hour=8)
    assert Due.objects.filter(kind="automation.round", subject_id=made.pk).count() == 1
    made.switch(Mode.OFF, by=house.ada)
    assert not Due.objects.filter(kind="automation.round", subject_id=made.pk).exists()


def test_a_round_goes_in_slices_and_looks_at_each_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.automation.engine.rounds.SLICE", 2)
    for number in range(4):
        open_job(title=f"Lead {number}", stage=house.stage("New"), by=None)
    made = shadow("job.round", weekdays=(0,), at_hour=8)
    for _slice in range(4):
        run_rounds([made.pk])
    assert RuleRun.objects.filter(rule=made).count() == 5


def test_a_round_leaves_out_what_is_closed(house: House, job: Job) -> None:
    job.lose("Price", by=house.rita)
    made = shadow("job.round", weekdays=(0,), at_hour=8)
    run_rounds([made.pk])
    assert not RuleRun.objects.exists()


@pytest.fixture
def kind(house: House) -> DocumentKind:
    begin_kinds()
    return DocumentKind.objects.order_by("pk")[0]


@pytest.mark.parametrize(
    ("visibility", "actor", "shown"), [("internal", True, False), ("customer", True, True), ("customer", False, False)]
)
def test_a_document_is_shared_by_us_and_not_by_who_sent_it(
    house: House, job: Job, kind: DocumentKind, visibility: str, actor: bool, shown: bool
) -> None:
    shadow("job.document_shown", options={"kind": kind.pk})
    added = event("document.added", job, kind=kind.pk, visibility=visibility)
    added.actor = house.rita if actor else None
    assert bool(find_starts([added])) is shown


def test_a_document_of_another_type_starts_nothing(house: House, job: Job, kind: DocumentKind) -> None:
    shadow("job.document_added", options={"kind": kind.pk})
    found = [bool(find_starts([event("document.added", job, kind=pk)])) for pk in (kind.pk, kind.pk + 1)]
    assert found == [True, False]


def test_a_document_expires_as_its_last_day_begins(house: House, job: Job, kind: DocumentKind) -> None:
    Document.objects.create(job=job, kind=kind, title="Permit", size=1, taken_at=MONDAY, expires_on=MARCH_11)
    at = timer("document.expires", record="document", span=Span(2), before=True)
    assert at == datetime(2026, 3, 9, 4, tzinfo=UTC), "midnight there, two days before"
