"""Conditions are compiled once, and judged as they stand at each instant; a rule that does not match costs a line."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.automation.engine.judgement import conditions_query, judge_conditions
from crm.automation.registry.records import record_kind
from crm.automation.setup import groups_of, read_conditions
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from tests.cast import Cast, House

# 22:00 in New York: two hours before the day ends.
EVENING = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
WHERE = "where=touched:older:3&where=came:within:2&where=level:not:ended&any1=value:min:10 USD&any1=next:is:today"


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant):
        yield cast.house


def test_what_is_kept_is_as_true_at_another_instant(house: House) -> None:
    job, kind = house.job, record_kind("job")
    assert kind is not None
    groups = groups_of(read_conditions(kind, WHERE))
    Job.objects.filter(pk=job.pk).update(touched_at=EVENING - timedelta(days=3, minutes=-30), came_in_at=EVENING)
    found = []
    for hours in (0, 1, 2, 3, 26, 30, 60):
        with clock.at(EVENING + timedelta(hours=hours)):
            held = judge_conditions(kind, [job.pk], groups)[job.pk]
            found.append((held["touched:older:3"], held["came:within:2"]))
            # The list asks anew each time.
            plain = {
                str(clause): Job.objects.filter(conditions_query([(clause,)]), pk=job.pk).exists()
                for group in groups
                for clause in group
            }
            assert held == plain, f"after {hours} hours"
    assert len(set(found)) > 2, "what counts from now, and from the day, has changed meanwhile"


def test_it_is_compiled_once_a_day_and_asks_one_question(house: House) -> None:
    kind = record_kind("job")
    assert kind is not None
    groups = groups_of(read_conditions(kind, WHERE))
    with clock.at(EVENING):
        judge_conditions(kind, [house.job.pk], groups)
        judge_conditions(kind, [house.job.pk], groups)
    with clock.at(EVENING + timedelta(hours=1)), CaptureQueriesContext(connection) as asked:
        assert judge_conditions(kind, [house.job.pk, 0], groups).keys() == {house.job.pk}, "one that is gone is missing"
    assert len(asked) == 1
    assert judge_conditions(kind, [], groups) == {}


def test_what_was_typed_is_a_value_and_no_sql(house: House) -> None:
    kind = record_kind("follow_up")
    assert kind is not None
    row = FollowUp.plan(kind="call", subject="50% o'clock %s", due_at=EVENING, by=None, job=house.job)
    groups = groups_of(read_conditions(kind, "where=subject:has:50%25 o'c&where=subject:has:%25s&where=subject:has:x"))
    assert judge_conditions(kind, [row.pk], groups)[row.pk] == {
        "subject:has:50% o'c": True,
        "subject:has:%s": True,
        "subject:has:x": False,
    }
