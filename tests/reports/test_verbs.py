"""What reports keep: mailed reports, unusual days, minutes of work; each verb, twice, refused, and by whom."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from crm.jobs.creation.job_creation import open_job
from crm.kernel import clock
from crm.kernel.days import DayRange
from crm.kernel.refusal import Refused
from crm.platform.models import BusinessCalendar, Due, Event, StaffMail
from crm.platform.models.tenant import configuration_changed
from crm.platform.tenancy.context import required_tenant_id, use_tenant
from crm.web.reader import Reader
from reports.mailed.views import when_words
from reports.models import ActDay, CountedAct, ReportMail, UnusualDay, WorkPolicy
from reports.models.work import USUAL_MINUTES, act_minutes
from reports.unusual.bands import UsualBand
from reports.unusual.detection import MOST, _leave_out_the_least, _store_unusual, is_closed, same_weekdays
from reports.work.act_counts import act_lines, count_acts
from reports.work.left_step_filter import _StayedField
from tests.cast import Cast, House
from tests.followups.conftest import Browser

# A Thursday; the report leaves on Mondays at seven in New York.
NOW = datetime(2026, 3, 5, 15, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, 11, tzinfo=UTC)
DAY = date(2026, 3, 4)
Add = Callable[..., ReportMail]


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with clock.at(NOW), use_tenant(cast.house.tenant):
        yield cast.house


@pytest.fixture
def add(house: House) -> Add:
    """Set a weekly report up, for Mona."""

    def make(**changed: Any) -> ReportMail:
        usual = {"name": "Weekly", "rhythm": "week", "day": 1, "hour": 7, "sections": ["leads"]}
        return ReportMail.add(**{"members": [house.mona], "by": house.ada, **usual, **changed})

    return make


def recorded(kind: str) -> int:
    return int(Event.objects.filter(kind=kind).count())


def test_a_report_changed_to_what_it_is_keeps_its_time(house: House, add: Add) -> None:
    report = add()
    with clock.at(NOW + timedelta(days=5)):
        report.change(members=[house.mona], by=house.ada, name="Weekly", day=1)
    assert (report.next_at, recorded("report_mail.changed")) == (MONDAY, 0)


def test_another_day_is_another_time(house: House, add: Add) -> None:
    report = add()
    report.change(members=[house.mona], by=house.ada, day=2)
    assert report.next_at == MONDAY + timedelta(days=1)
    assert Due.objects.get(kind="report.mail").due_at == report.next_at


def test_who_stopped_it_and_is_chosen_again_still_has_it_stopped(house: House, add: Add) -> None:
    report = add()
    report.recipients.get().stop(by=house.mona)
    report.change(members=[house.mona, house.sam], by=house.ada)
    stopped = {row.member_id: row.stopped_at is not None for row in report.recipients.all()}
    assert stopped == {house.mona.pk: True, house.sam.pk: False}


@pytest.mark.parametrize("changed", [{"sections": []}, {"day": 8}, {"rhythm": "quarter", "day": 29}])
def test_a_change_that_makes_no_report_changes_nothing(house: House, add: Add, changed: dict[str, Any]) -> None:
    report = add()
    with pytest.raises(Refused):
        report.change(members=[house.mona], by=house.ada, **changed)
    report.refresh_from_db()
    assert (report.sections, report.day, report.rhythm) == (["leads"], 1, "week")


def test_a_report_changed_in_the_archive_leaves_at_no_time(house: House, add: Add) -> None:
    report = add()
    report.archive(by=house.ada)
    report.change(members=[house.mona], by=house.ada, hour=9)
    assert (report.next_at, Due.objects.filter(kind="report.mail").exists()) == (None, False)


def test_it_is_taken_in_turn_once(house: House, add: Add) -> None:
    report = add()
    assert report.take_turn() == []
    with clock.at(MONDAY):
        assert [row.member_id for row in report.take_turn()] == [house.mona.pk]
        assert report.take_turn() == []
    assert recorded("report_mail.mailed") == 1


def test_a_week_in_which_no_worker_ran_is_not_made_up_for(house: House, add: Add) -> None:
    report = add()
    with clock.at(MONDAY + timedelta(days=8)):
        assert len(report.take_turn()) == 1
        assert report.take_turn() == []
    assert report.next_at == MONDAY + timedelta(days=14)


@pytest.mark.parametrize(("stops", "kind"), [(True, "report_mail.stopped"), (False, "report_mail.resumed")])
def test_stopped_or_resumed_twice_it_is_so_once(house: House, add: Add, stops: bool, kind: str) -> None:
    row = add().recipients.get()
    if not stops:
        row.stop(by=house.mona)
    for _time in range(2):
        row.stop(by=house.mona) if stops else row.resume(by=house.mona)
    assert recorded(kind) == 1


@pytest.mark.parametrize(
    ("rhythm", "words"),
    [("week", "every week on Monday, 7:00"), ("month", "every month on day 1"), ("quarter", "of its first month")],
)
def test_how_often_it_leaves_in_words(house: House, add: Add, rhythm: str, words: str) -> None:
    assert words in when_words(add(rhythm=rhythm), Reader.of(house.mona, NOW))


def test_a_report_is_sent_to_oneself_and_to_nobody_else(house: House, add: Add) -> None:
    report = add(members=[house.sam])
    Browser(house, house.mona).post(f"reports/mailed/{report.uid}/send/", {})
    assert [mail.to for mail in StaffMail.objects.all()] == ["mona@suncoast-test.example"]
    report.refresh_from_db()
    assert report.next_at == MONDAY


def test_who_gets_a_report_stops_it_and_nobody_elses(house: House, add: Add) -> None:
    report = add(members=[house.rita])
    rita, place = Browser(house, house.rita), f"reports/mailed/{report.uid}/stop/"
    rita.post(place, {})
    assert report.recipients.get().stopped_at is not None
    rita.post(place, {"again": "yes"})
    assert report.recipients.get().stopped_at is None
    Browser(house, house.sam).post(place, {}, status=404)


@pytest.mark.parametrize("path", ["", "new/"])
def test_who_sells_sets_no_report_up(house: House, path: str) -> None:
    Browser(house, house.rita).get(f"reports/mailed/{path}", status=404)


def test_another_tenants_report_is_not_found(cast: Cast, add: Add) -> None:
    report, otto = add(), Browser(cast.other, cast.otto)
    for path in ("", "preview/", "stop/"):
        otto.get(f"reports/mailed/{report.uid}/{path}", status=404)
    otto.post(f"reports/mailed/{report.uid}/archive/", {}, status=404)


@pytest.fixture
def odd(house: House) -> UnusualDay:
    row: UnusualDay = UnusualDay.objects.create(day=DAY, measure="came", count=20, low=1, high=6, weight=2.8)
    row.refresh_from_db()
    return row


def test_who_was_first_took_note_of_it(house: House, odd: UnusualDay) -> None:
    odd.acknowledge("  A storm ", by=house.mona)
    odd.acknowledge("A fair", by=house.ada)
    assert (odd.note, odd.noted_by, odd.noted_at, recorded("unusual_day.acknowledged")) == (
        "A storm",
        house.mona,
        NOW,
        1,
    )


def test_what_somebody_noted_stays_as_it_was(house: House, odd: UnusualDay) -> None:
    odd.acknowledge("A storm", by=house.mona)
    _store_unusual(DAY, "came", 3, UsualBand(1, 6))
    _store_unusual(DAY, "came", 40, UsualBand(1, 6))
    odd.refresh_from_db()
    assert odd.count == 20


def test_a_day_that_is_usual_after_all_is_told_of_no_more(odd: UnusualDay) -> None:
    _store_unusual(DAY, "came", 6, UsualBand(1, 6))
    assert not UnusualDay.objects.exists()


@pytest.mark.parametrize("band", [None, UsualBand(1, 6)])
def test_of_what_nothing_is_known_nothing_is_told(house: House, band: UsualBand | None) -> None:
    _store_unusual(DAY, "came", 3, band)
    assert not UnusualDay.objects.exists()


def test_looked_at_again_it_is_told_as_it_is_now(odd: UnusualDay) -> None:
    _store_unusual(DAY, "came", 30, UsualBand(2, 8))
    odd.refresh_from_db()
    assert (UnusualDay.objects.count(), odd.count, odd.high) == (1, 30, 8)


def test_of_many_odd_days_the_oddest_are_told(house: House) -> None:
    week = DayRange(date(2026, 3, 1), date(2026, 3, 7))
    for at, day in enumerate(week):
        for measure in ("came", "won"):
            UnusualDay.objects.create(day=day, measure=measure, count=9, low=1, high=2, weight=at)
    noted = UnusualDay.objects.order_by("weight")[0]
    noted.acknowledge("A storm", by=house.mona)
    _leave_out_the_least(week)
    assert UnusualDay.objects.filter(noted_at=None).count() == MOST
    assert UnusualDay.objects.filter(pk=noted.pk).exists()


@pytest.mark.parametrize(("name", "status"), [("rita", 404), ("sam", 404), ("mona", 302)])
def test_who_takes_note_of_an_odd_day(house: House, odd: UnusualDay, name: str, status: int) -> None:
    Browser(house, getattr(house, name)).post(
        f"reports/unusual/{odd.uid}/acknowledge/", {"note": "A storm"}, status=status
    )
    odd.refresh_from_db()
    assert (odd.noted_at is not None) is (status == 302)


def test_a_weekday_is_compared_with_the_same_ones_that_were_open(house: House) -> None:
    BusinessCalendar.objects.get().close_on(DAY - timedelta(weeks=2), "Move", by=house.ada)
    configuration_changed()
    counts = {(DAY - timedelta(weeks=week), "came"): week for week in range(1, 6)}
    assert same_weekdays(counts, DAY, "came") == [5, 4, 3, 1]
    assert same_weekdays(counts, DAY, "won") == [0, 0, 0, 0]
    assert (is_closed(DAY - timedelta(weeks=2)), is_closed(DAY)) == (True, False)


def test_minutes_are_set_once_and_others_stay_usual(house: House) -> None:
    for _time in range(2):
        WorkPolicy.set_minutes({"message": 9}, by=house.ada)
    assert (WorkPolicy.objects.count(), recorded("work_policy.minutes_set")) == (1, 1)
    assert act_minutes() == USUAL_MINUTES | {"message": 9}


def test_the_usual_minutes_are_no_choice(house: House) -> None:
    WorkPolicy.set_minutes(USUAL_MINUTES, by=house.ada)
    assert not WorkPolicy.objects.exists()


def test_acts_of_the_last_weeks_stand_beside_those_before(house: House) -> None:
    for days, by_hand in ((1, 2), (28, 3), (29, 5), (56, 7), (57, 11)):
        ActDay.objects.create(day=DAY - timedelta(days=days), act=CountedAct.MOVE, by_hand=by_hand, by_itself=1)
    line = next(one for one in act_lines(DAY) if one.label == "Leads moved to a step")
    assert (line.counts.by_hand, line.before.by_hand) == (5, 12)
    assert (line.saved, line.percent) == (2 * USUAL_MINUTES["move"], 100 * 2 // 7)


def test_days_are_counted_from_one_to_before_another(house: House) -> None:
    for day in range(4):
        ActDay.objects.create(day=DAY + timedelta(days=day), act=CountedAct.UPDATE, by_hand=1, by_itself=0)
    assert count_acts(DAY + timedelta(days=1), DAY + timedelta(days=3))[CountedAct.UPDATE].all == 2


@pytest.mark.parametrize("value", ["all.us", "all.", "{step}.customer", "{step}."])
def test_a_list_of_past_stays_is_opened_by_its_number(house: House, value: str) -> None:
    _StayedField().validate(value.format(step=house.stage("New").pk))


@pytest.mark.parametrize("value", ["", "all", "0.us", "x.us", "all.them", "{step}", "{step}.us.us"])
def test_nobody_types_a_list_of_past_stays(house: House, value: str) -> None:
    with pytest.raises(ValidationError):
        _StayedField().validate(value.format(step=house.stage("New").pk))


@pytest.mark.parametrize("path", ["", "workload/", "mailed/"])
def test_another_tenants_numbers_are_not_there(cast: Cast, house: House, path: str) -> None:
    open_job(title="Only here", member=house.mona, by=house.mona)
    assert required_tenant_id() == house.tenant.pk
    answer = Browser(house, cast.otto).client.get(f"/{house.tenant.slug}/reports/{path}")
    assert answer.status_code == 404
