"""Before a rule is switched on: what it would have done, what it will do, where two meet, and the map."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crm.automation.definition import Definition, Once, RuleLimit, WaitStep
from crm.automation.models import DryHit, DryRun, Mode, RuleRun
from crm.automation.preview import dry_run
from crm.automation.preview.planned_steps import find_collisions, planned_steps
from crm.automation.preview.rule_map import build_map
from crm.automation.registry.actions import ActionResult, RuleAction
from crm.automation.span import Span, SpanUnit
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import features
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from tests.automation.rules import do, rule, work
from tests.cast import Cast, House

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in New York
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
    """The lead goes through its steps for three weeks: two days in "Quote sent", then four, then one so far."""
    with use_tenant(cast.house.tenant):
        with clock.at(MONDAY - timedelta(days=40)):
            open_job(title="Old", stage=cast.house.stage("Quote sent"), by=None)
        for days, step in ((20, "Quote sent"), (18, "Reached"), (10, "Quote sent"), (6, "Reached"), (1, "Quote sent")):
            with clock.at(MONDAY - timedelta(days=days)):
                Job.objects.get(pk=cast.house.job.pk).move_to(cast.house.stage(step), by=None)
        with clock.at(MONDAY), features.extra_features(WRITE):
            yield cast.house


def look_back(house: House, made: object) -> DryRun:
    definition = Definition.from_json(made.version.definition)  # type: ignore[attr-defined]
    run = dry_run.start_dry_run(made, definition, by=house.ada)  # type: ignore[arg-type]
    run.refresh_from_db()
    return run


def test_what_it_would_have_done_is_counted_by_day_and_nothing_is_done(house: House) -> None:
    step = house.stage("Quote sent").pk
    made = rule("job.entered", do("tell", who="owner"), options={"step": step}, mode=Mode.OFF)
    before = Event.objects.count()
    run = look_back(house, made)
    assert (run.status, run.fired_count, run.record_count) == ("done", 3, 1), "the old one came in before"
    assert run.by_day == {(MONDAY - timedelta(days=days)).date().isoformat(): 1 for days in (20, 10, 1)}
    assert run.samples[0] == [house.job.pk, (MONDAY - timedelta(days=1)).isoformat()]
    assert not RuleRun.objects.exists()
    assert not DryHit.objects.exists()
    assert Event.objects.count() == before


@pytest.mark.parametrize(
    ("limit", "fired"),
    [(RuleLimit(Once.ALWAYS), 3), (RuleLimit(Once.RECORD), 1), (RuleLimit(Once.DAYS, 10), 2), (RuleLimit(Once.DAY), 3)],
)
def test_it_counts_as_its_limit_allows(house: House, limit: RuleLimit, fired: int) -> None:
    options = {"step": house.stage("Quote sent").pk}
    assert (
        look_back(house, rule("job.entered", do("tell", who="owner"), options=options, limit=limit)).fired_count
        == fired
    )


def test_a_time_counts_where_the_stay_lasted_as_long(house: House) -> None:
    options = {"step": house.stage("Quote sent").pk}
    made = rule("job.stays", do("tell", who="owner"), options=options, span=Span(3, SpanUnit.DAYS))
    run = look_back(house, made)
    assert run.is_exact
    assert list(run.by_day) == [(MONDAY - timedelta(days=7)).date().isoformat()], "three days into the stay of four"


def test_a_rule_that_can_do_nothing_is_not_tried(house: House) -> None:
    with pytest.raises(Refused, match="Add a step"):
        look_back(house, rule("job.opened"))


def test_what_is_planned_names_its_steps_at_their_times(house: House) -> None:
    options = {"step": house.stage("Quote sent").pk}
    steps = (do("test.write"), WaitStep(Span(2, SpanUnit.DAYS)), do("tell", who="managers"))
    made = rule("job.stays", *steps, options=options, span=Span(3, SpanUnit.DAYS), where="where=rep:not:nobody")
    work(MONDAY)
    found = planned_steps(rule=made)
    assert [(planned.at, planned.words) for planned in found] == [
        (MONDAY + timedelta(days=2), "write"),
        (MONDAY + timedelta(days=4), "notify the managers"),
    ]
    assert planned_steps(person_id=house.job.person_id) == found
    assert planned_steps(person_id=0) == []
    work(MONDAY + timedelta(days=2))
    with clock.at(MONDAY + timedelta(days=2)):
        [planned] = planned_steps()
        assert (planned.words, planned.title) == ("notify the managers", house.job.title)


def test_two_rules_that_write_to_one_customer_on_one_day_collide(house: House) -> None:
    options = {"step": house.stage("Quote sent").pk}
    rule("job.stays", do("test.write"), options=options, span=Span(3, SpanUnit.DAYS), name="One")
    rule("job.stays", do("test.write"), options=options, span=Span(75, SpanUnit.HOURS), name="Other")
    rule("job.stays", do("tell", who="owner"), options=options, span=Span(3, SpanUnit.DAYS), name="Tells")
    rule("job.round", do("test.write"), weekdays=(0,), at_hour=9, name="Weekly", where="where=step:is:Quote sent")
    work(MONDAY)
    [collision] = find_collisions(planned_steps())
    assert collision.day == (MONDAY + timedelta(days=2)).date()
    assert [planned.rule.name for planned in collision.planned] == ["One", "Other"]


def test_the_map_hangs_each_rule_on_its_step_and_draws_where_it_leads(house: House) -> None:
    quote, reached = house.stage("Quote sent"), house.stage("Reached")
    rule("job.stays", do("job.move", step=reached.pk), options={"step": quote.pk}, span=Span(3), name="Back")
    rule("job.heard", do("tell", who="owner"), name="Wrote")
    drawn = build_map(house.tenant.slug)
    [pipeline] = drawn.pipelines
    node = next(node for node in pipeline.steps if node.stage == quote)
    assert [(hung.rule.name, hung.leads_to) for hung in node.rules] == [("Back", ["Reached"])]
    assert (node.count, node.median) == (2, timedelta(days=3))
    assert "step=Quote+sent" in node.url
    assert sum(arrow.by_rule for arrow in pipeline.arrows) == 1
    assert len(pipeline.arrows) == len(pipeline.steps)
    [[(elsewhere, _does)]] = drawn.elsewhere.values()
    assert elsewhere.name == "Wrote"
    boxes = {(node.x, node.y) for node in pipeline.steps}
    assert len(boxes) == len(pipeline.steps), "no two stand at one place"
