"""Before a rule is on: what its limit allows, what is planned, where two meet, and the map."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm.automation.definition import Once, RuleLimit, WaitStep
from crm.automation.log.run_account import run_account
from crm.automation.log.run_lines import run_lines
from crm.automation.log.run_list import RUNS
from crm.automation.models import DryRun, Mode, Rule, RuleRun, RunState, Silence
from crm.automation.points.calibration import PointOutcome
from crm.automation.points.filters import BANDS
from crm.automation.preview import dry_run_chart
from crm.automation.preview.dry_run import first_event_since, within_limit
from crm.automation.preview.planned_steps import find_collisions, planned_steps
from crm.automation.preview.rule_map import build_map
from crm.automation.registry.actions import ActionResult, RuleAction
from crm.automation.span import Span, SpanUnit
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform import features
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from crm.web.reader import Reader
from tests.automation.rules import do, rule, work
from tests.cast import Cast, House
from tests.followups.conftest import Browser

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in New York
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TELL = do("tell", who="owner")
WRITE = RuleAction(
    name="test.write",
    records=(),
    icon="mail",
    label="write",
    act=lambda firing, chosen: ActionResult(),
    words=lambda chosen: "write",
    writes_to_customer=True,
)


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        Job.objects.filter(pk=cast.house.job.pk).update(entered_at=MONDAY, came_in_at=MONDAY)
        yield cast.house


@pytest.fixture
def job(house: House) -> Job:
    row: Job = Job.objects.get(pk=house.job.pk)
    return row


# Of two records: the first three times on Monday, the last a week later.
HITS = [
    (1, MONDAY, "a"),
    (1, MONDAY + HOUR, "a"),
    (1, MONDAY + 2 * HOUR, "b"),
    (1, MONDAY + 7 * DAY, "a"),
    (2, MONDAY + 7 * DAY, "a"),
]


@pytest.mark.parametrize(
    ("limit", "kept"),
    [
        (RuleLimit(Once.ALWAYS), [0, 1, 2, 3, 4]),
        (RuleLimit(Once.VALUE), [0, 2, 4]),
        (RuleLimit(Once.DAY), [0, 3, 4]),
        (RuleLimit(Once.RECORD), [0, 4]),
        (RuleLimit(Once.DAYS, 7), [0, 3, 4]),
        (RuleLimit(Once.DAYS, 8), [0, 4]),
    ],
)
def test_a_look_back_keeps_what_its_limit_allows(house: House, limit: RuleLimit, kept: list[int]) -> None:
    assert list(within_limit(HITS, limit)) == [HITS[at] for at in kept]


def test_events_are_found_by_their_instant_without_an_index(house: House, job: Job) -> None:
    for days in (3, 2, 1):
        with clock.at(MONDAY - days * DAY):
            job.hear("sms")
    heard = list(Event.objects.filter(kind="job.heard").order_by("pk"))
    assert Event.objects.filter(pk__gte=first_event_since(heard[1].at), kind="job.heard").count() == 2


def test_after_the_newest_event_there_is_none(house: House, job: Job) -> None:
    job.hear("sms")
    newest = Event.objects.latest("pk")
    with clock.at(datetime(2100, 1, 1, tzinfo=UTC)):
        assert first_event_since(clock.now()) == newest.pk + 1


def planned(**which: Any) -> list[tuple[datetime, str]]:
    return [(one.at, one.words) for one in planned_steps(**which)]


def stays(*steps: Any, **parts: Any) -> Rule:
    """A rule two days after a lead came into its step, armed."""
    made = rule("job.stays", *(steps or (TELL,)), span=Span(2), options={"step": ""}, **parts)
    work(clock.now(), rounds=2)
    return made


def test_a_time_that_comes_is_planned(house: House) -> None:
    stays()
    assert planned() == [(MONDAY + 2 * DAY, "notify the owner")]


def test_steps_behind_a_wait_are_planned_later(house: House) -> None:
    stays(TELL, WaitStep(Span(3)), do("job.turn", side="us"))
    assert planned() == [
        (MONDAY + 2 * DAY, "notify the owner"),
        (MONDAY + 5 * DAY, "set the next move to us"),
    ]


def test_what_is_too_far_is_not_planned(house: House) -> None:
    stays(TELL, WaitStep(Span(30)), TELL)
    assert (len(planned()), planned(days=1)) == (1, [])


@pytest.mark.parametrize("where", ["where=rep:is:nobody", "where=value:min:5000 USD"])
def test_what_does_not_match_now_is_not_planned(house: House, where: str) -> None:
    stays(where=where)
    assert planned() == []


def test_of_a_rule_that_is_off_nothing_is_planned(house: House) -> None:
    stays().switch(Mode.OFF, by=house.ada)
    assert planned() == []


def test_what_is_planned_is_of_one_rule_or_one_customer(house: House) -> None:
    one = stays(name="One")
    other = rule("job.heard", TELL, name="Other")
    open_job(title="Nobodys", stage=house.stage("New"), by=None)
    work(MONDAY, rounds=2)
    assert (len(planned()), len(planned(rule=one)), planned(rule=other)) == (2, 2, [])
    assert len(planned(person_id=house.job.person_id)) == 1


def test_a_run_that_waits_is_planned_from_where_it_stands(house: House, job: Job) -> None:
    rule("job.heard", TELL, WaitStep(Span(3)), do("job.turn", side="us"))
    job.hear("sms")
    work(MONDAY, rounds=2)
    assert planned() == [(MONDAY + 3 * DAY, "set the next move to us")]


def test_the_next_round_is_planned_for_each_that_matches(house: House) -> None:
    rule("job.round", TELL, weekdays=(1,), at_hour=10)
    open_job(title="Nobodys", stage=house.stage("New"), by=None)
    assert planned() == [(MONDAY + DAY, "notify the owner")] * 2


def test_two_rules_that_write_to_a_customer_on_a_day_meet(house: House) -> None:
    with features.extra_features(WRITE):
        for name in ("One", "Two"):
            stays(do("test.write"), name=name)
        [met] = find_collisions(planned_steps())
    assert (met.day, {one.rule.name for one in met.planned}) == ((MONDAY + 2 * DAY).date(), {"One", "Two"})


def test_one_rule_that_writes_twice_meets_no_other(house: House) -> None:
    with features.extra_features(WRITE):
        stays(do("test.write"), do("test.write"))
        assert find_collisions(planned_steps()) == []


def test_rules_that_tell_colleagues_meet_nobody(house: House) -> None:
    for name in ("One", "Two"):
        stays(name=name)
    assert find_collisions(planned_steps()) == []


def test_a_rep_is_shown_no_plans(house: House) -> None:
    stays()
    Browser(house, house.rita).get("triggers/ahead/", status=404)


def node(house: House, name: str) -> Any:
    steps = [step for pipeline in build_map(house.tenant.slug).pipelines for step in pipeline.steps]
    return next(step for step in steps if step.stage == house.stage(name))


def test_a_rule_hangs_on_its_step_and_leads_to_another(house: House) -> None:
    rule("job.entered", do("job.move", step=house.stage("Quote sent").pk), options={"step": house.stage("Reached").pk})
    [hung] = node(house, "Reached").rules
    assert ("Quote sent" in hung.leads_to, hung.y > node(house, "Reached").y) == (True, True)
    [pipeline] = [one for one in build_map(house.tenant.slug).pipelines if one.pipeline == house.job.pipeline]
    assert sum(arrow.by_rule for arrow in pipeline.arrows) == 1
    assert len(pipeline.arrows) == len(pipeline.steps)


def test_rules_on_one_step_stand_below_one_another(house: House) -> None:
    for name in ("One", "Two"):
        rule("job.entered", TELL, TELL, options={"step": house.stage("Reached").pk}, name=name)
    one, two = node(house, "Reached").rules
    assert one.y + one.height < two.y


def test_a_rule_on_no_step_is_listed_by_what_it_is_about(house: House) -> None:
    rule("job.heard", TELL, name="Heard")
    rule("document.added", TELL, record="document", name="Paper")
    rule("job.heard", TELL, name="Aged").archive(by=None)
    found = {group: [row.name for row, _does in rows] for group, rows in build_map(house.tenant.slug).elsewhere.items()}
    assert found == {"Leads": ["Heard"], "Documents": ["Paper"]}


def test_a_step_of_the_map_opens_its_leads(house: House) -> None:
    assert "step=Reached" in node(house, "Reached").url


def test_days_of_a_look_back_are_bars_of_a_chart(house: House) -> None:
    run = DryRun(until=MONDAY, by_day={"2026-03-02": 4, "2026-03-01": 1, "2026-01-01": 9})
    drawn = dry_run_chart.build_chart(run)
    assert [(bar.day, bar.times) for bar in drawn.bars] == [("2026-03-01", 1), ("2026-03-02", 4)]
    assert drawn.bars[0].height < drawn.bars[1].height


def test_a_look_back_at_nothing_has_no_bars(house: House) -> None:
    drawn = dry_run_chart.build_chart(DryRun(until=MONDAY, by_day={}))
    assert (drawn.bars, drawn.most) == ([], 0)


@pytest.fixture
def put(house: House, job: Job) -> Callable[..., RuleRun]:
    """A run of a rule of two steps, in a state."""
    made = rule("job.heard", TELL, WaitStep(Span(1)), do("job.turn", side="us"), mode=Mode.SHADOW)

    def make(state: str, **parts: Any) -> RuleRun:
        waits = {"next_at": MONDAY + DAY} if state == RunState.WAITING else {}
        row: RuleRun = RuleRun.objects.create(
            rule=made, version=made.version, record="job", record_id=job.pk, job_id=job.pk,
            key=f"{state}{len(parts)}{RuleRun.objects.count()}", state=state, **waits, **parts,
        )  # fmt: skip
        row.refresh_from_db()
        return row

    return make


def told(house: House, run: RuleRun) -> list[tuple[str, str]]:
    return [(step.words, step.state) for step in run_account(run, Reader.of(house.ada, MONDAY)).steps]


def entry(step: int, state: str, words: str = "", **data: Any) -> dict[str, Any]:
    return {"step": step, "at": MONDAY.isoformat(), "state": state, "data": data, "words": words}


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (RunState.UNMATCHED, "Not done"),
        (RunState.SKIPPED, "Not done"),
        (RunState.PROPOSED, "Suggested"),
        (RunState.SHADOW, "Would have been done"),
    ],
)
def test_steps_of_a_run_that_did_nothing(house: House, put: Callable[..., RuleRun], state: str, word: str) -> None:
    assert {state for _words, state in told(house, put(state))} == {word}


def test_steps_done_waited_for_and_to_come(house: House, put: Callable[..., RuleRun]) -> None:
    run = put(RunState.WAITING, step=2, log=[entry(0, "done", count=1)])
    assert [state for _words, state in told(house, run)] == ["Done", "Waited", "Upcoming"]


def test_of_a_step_tried_twice_the_last_try_is_told(house: House, put: Callable[..., RuleRun]) -> None:
    run = put(RunState.DONE, step=3, log=[entry(0, "failed", "KeyError"), entry(0, "done"), entry(2, "skipped")])
    assert [state for _words, state in told(house, run)] == ["Done", "Waited", "Nothing to do"]


def test_a_step_that_was_refused_says_why(house: House, put: Callable[..., RuleRun]) -> None:
    run = put(RunState.DONE, step=3, log=[entry(0, "refused", "There is nobody to notify.")])
    assert told(house, run)[0] == ("notify the owner: There is nobody to notify.", "Not done")


def test_a_wait_that_moved_says_from_when(house: House, put: Callable[..., RuleRun]) -> None:
    moved = {"from": MONDAY.isoformat(), "to": (MONDAY + HOUR).isoformat()}
    words = told(house, put(RunState.WAITING, step=2, log=[entry(1, "moved", **moved)]))[1][0]
    assert "working hours or the time zone changed" in words


def test_a_run_without_an_event_began_as_its_time_came(house: House, put: Callable[..., RuleRun]) -> None:
    assert run_account(put(RunState.DONE), Reader.of(house.ada, MONDAY)).cause == "Its time has come."


def test_a_run_says_who_began_it(house: House, job: Job, put: Callable[..., RuleRun]) -> None:
    job.assign_to(house.mona, by=house.rita)
    event = Event.objects.filter(kind="job.assigned").latest("pk")
    assert run_account(put(RunState.DONE, event_id=event.pk), Reader.of(house.ada, MONDAY)).cause.startswith(
        "Rita Rep "
    )


def line_words(house: House, run: RuleRun) -> str:
    request = type("Asked", (), {"member": house.ada, "tenant": house.tenant})()
    return run_lines([run], request)[0].did


@pytest.mark.parametrize(
    ("state", "parts", "words"),
    [
        (RunState.DONE, {"log": [{}, {}]}, "2 steps"),
        (RunState.DONE, {"log": [{}]}, "1 step"),
        (RunState.SKIPPED, {"reason": "All triggers are off."}, "All triggers are off."),
        (RunState.UNMATCHED, {"judged": [[["rep:is:nobody", False]]]}, "not met: Rep is unassigned"),
        (RunState.UNMATCHED, {"judged": [[["rep:is:nobody", True]]]}, ""),
        (RunState.UNMATCHED, {"judged": [[["step:is:Gone", False]]]}, "not met: step:is:Gone"),
        (RunState.SHADOW, {}, ""),
    ],
)
def test_a_line_of_the_log_says_what_came_of_it(
    house: House, put: Callable[..., RuleRun], state: str, parts: dict[str, Any], words: str
) -> None:
    assert line_words(house, put(state, **parts)) == words


def test_a_line_of_a_lead_one_does_not_see_names_nobody(house: House, put: Callable[..., RuleRun]) -> None:
    run = put(RunState.DONE)
    shown = {}
    for reader in (house.ada, house.rita):
        request = type("Asked", (), {"member": reader, "tenant": house.tenant})()
        Job.objects.filter(pk=run.record_id).update(member=house.mona)
        shown[reader.name] = (run_lines([run], request)[0].title, bool(run_lines([run], request)[0].url))
    assert shown == {"Ada Admin": ("Cora Customer", True), "Rita Rep": ("(deleted)", False)}


@pytest.mark.parametrize(
    ("query", "count"), [({}, 3), ({"fired": "1"}, 2), ({"state": "failed"}, 1), ({"record": "document"}, 0)]
)
def test_the_log_is_narrowed(house: House, put: Callable[..., RuleRun], query: dict[str, str], count: int) -> None:
    for state in (RunState.DONE, RunState.FAILED, RunState.SHADOW):
        put(state)
    assert RUNS.apply(RUNS.filters(**query), house.ada).count() == count


def test_the_log_is_narrowed_to_a_rule(house: House, put: Callable[..., RuleRun]) -> None:
    run, other = put(RunState.DONE), rule("job.heard", TELL, name="Other")
    other.refresh_from_db()
    run.rule.refresh_from_db()
    counts = [RUNS.apply(RUNS.filters(rule=str(one.uid)), house.ada).count() for one in (run.rule, other)]
    assert counts == [1, 0]


@pytest.mark.parametrize(("name", "status"), [("ada", 200), ("mona", 200), ("rita", 404), ("sam", 404)])
@pytest.mark.parametrize("path", ["triggers/log/", "triggers/map/", "triggers/"])
def test_who_reads_what_triggers_did(house: House, path: str, name: str, status: int) -> None:
    Browser(house, getattr(house, name)).get(path, status=status)


def test_a_wait_ends_where_the_customer_is_left_alone_meanwhile(house: House, job: Job) -> None:
    rule("job.heard", WaitStep(Span(1, SpanUnit.HOURS)), TELL)
    job.hear("sms")
    work(MONDAY, rounds=2)
    Silence.begin(house.cora, by=house.rita)
    work(MONDAY + 2 * HOUR, rounds=2)
    run = RuleRun.objects.get()
    assert (run.state, run.reason) == (RunState.STOPPED, "Triggers are off for this customer.")


def test_a_wait_ends_where_its_rule_is_off_meanwhile(house: House, job: Job) -> None:
    made = rule("job.heard", WaitStep(Span(1, SpanUnit.HOURS)), TELL)
    job.hear("sms")
    work(MONDAY, rounds=2)
    made.switch(Mode.OFF, by=house.ada)
    work(MONDAY + 2 * HOUR, rounds=2)
    assert RuleRun.objects.get().reason == "The trigger was turned off."


def test_bands_of_points_leave_none_out_and_none_twice() -> None:
    def within(points: int) -> int:
        edges = [(-(10**6) if b.least is None else b.least, 10**6 if b.most is None else b.most) for b in BANDS]
        return sum(least <= points <= most for least, most in edges)

    assert {within(points) for points in range(-30, 31)} == {1}


@pytest.mark.parametrize(("won", "lost", "percent"), [(0, 0, None), (1, 0, 100), (1, 2, 33), (0, 4, 0)])
def test_the_share_that_was_won(won: int, lost: int, percent: int | None) -> None:
    assert PointOutcome(won, lost).percent == percent


def test_bands_have_names(house: House) -> None:
    assert [band.words for band in BANDS] == ["below 0", "0", "1 to 2", "3 to 4", "5 to 9", "10 or more"]
