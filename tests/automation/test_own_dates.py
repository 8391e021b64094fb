"""Triggers by a date of the tenant's own: before and after it, with conditions; another date is another firing."""

from datetime import UTC, date, datetime

from crm.automation.models import RuleRun, RuleTimer
from crm.automation.setup import read_rule
from crm.automation.span import Span
from crm.jobs.correction import fill_in
from crm.jobs.models import Job
from crm.jobs.models.fields import OwnField
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from tests.automation.rules import do, rule, work
from tests.cast import Cast

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in New York


def test_a_date_of_ones_own_is_counted_from_before_and_after_with_conditions(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant), clock.at(MONDAY):
        lease = OwnField.add("Lease ends", kind="date", by=None)
        date_of = {"options": {"field": lease.key}}
        before = rule("job.own_date", do("tell", who="owner"), span=Span(5), before=True, name="Before", **date_of)
        after = rule("job.own_date", do("tell", who="owner"), span=Span(2), where="where=value:min:1000", **date_of)

        def ends(day: date) -> dict[int, datetime]:
            fill_in(Job.objects.get(pk=house.job.pk), lease, day.isoformat(), by=house.rita)
            work()
            return dict(RuleTimer.objects.values_list("rule", "at"))

        # Nine in New York on both sides of the change of the clock, on the 8th.
        expected = {before.pk: datetime(2026, 3, 7, 14, tzinfo=UTC), after.pk: datetime(2026, 3, 14, 13, tzinfo=UTC)}
        assert ends(date(2026, 3, 12)) == expected
        moved = {before.pk: datetime(2026, 3, 15, 13, tzinfo=UTC), after.pk: datetime(2026, 3, 22, 13, tzinfo=UTC)}
        assert ends(date(2026, 3, 20)) == moved
        for at in (*expected.values(), *moved.values()):
            work(at)
        assert dict(RuleRun.objects.values_list("rule", "state")) == {before.pk: "done", after.pk: "unmatched"}
        with clock.at(datetime(2026, 4, 1, 15, tzinfo=UTC)):
            assert ends(date(2026, 7, 1))[before.pk] == datetime(2026, 6, 26, 13, tzinfo=UTC), "another date fires anew"
            fill_in(Job.objects.get(pk=house.job.pk), lease, "", by=house.rita)
            work()
            assert not RuleTimer.objects.exists()
            lease.archive(by=None)
            assert read_rule(before).problem == "Its date field no longer exists."


def test_fields_of_ones_own_are_conditions_of_any_trigger(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant), clock.at(MONDAY):
        roof, lease = OwnField.add("Roof", kind="text", by=None), OwnField.add("Lease ends", kind="date", by=None)
        heard = [
            rule("job.contacted", do("tell", who="owner"), where=where, name=where)
            for where in ("where=own_words:has:tile", f"where=own_date:is:{lease.key}-7", "where=own_words:has:slate")
        ]
        job = Job.objects.get(pk=house.job.pk)
        fill_in(job, roof, "Clay tiles", by=house.rita)
        fill_in(job, lease, "2026-03-05", by=house.rita)
        work()
        Job.objects.get(pk=job.pk).answer("phone", by=house.rita)
        work()
        states = dict(RuleRun.objects.values_list("rule", "state"))
        assert [states.get(one.pk) for one in heard] == ["done", "done", "unmatched"]
