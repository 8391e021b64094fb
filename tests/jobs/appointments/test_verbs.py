"""Appointments: booked where people are free, moved, confirmed, closed; what is in the way is said in words."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm.jobs.appointments.availability import next_free
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment, AppointmentType, Attendance
from crm.jobs.models.appointments.local_time import instant
from crm.jobs.models.appointments.obstacles import InTheWay
from crm.jobs.models.assignment import Absence, Skill
from crm.jobs.models.assignment.setup import assignment_setup
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.platform import undo
from crm.platform.models import Event
from crm.platform.organization.member_departure import hand_over
from tests.jobs.appointments.conftest import NOW, TUESDAY

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def kinds(row: Appointment) -> list[str]:
    return list(Event.objects.of(row).order_by("pk").values_list("kind", flat=True))


def test_what_is_booked_is_refused_to_the_next_with_who_and_what(house: Any, visit: Any, booked: Any) -> None:
    assert booked.time_zone == "America/New_York"
    with pytest.raises(InTheWay) as told:
        Appointment.book(house.job, visit, TUESDAY + 80 * MINUTE, [house.mona, house.rita], by=house.mona)
    assert "Rita Rep is at “Cora Customer” from 10:00\xa0AM to 11:00\xa0AM, then 30 minutes" in str(told.value)
    assert not told.value.may_insist
    # Behind the road, and with somebody else at the same time, it goes; so does what ends as it begins.
    Appointment.book(house.job, visit, TUESDAY + 90 * MINUTE, [house.rita], by=house.mona)
    Appointment.book(house.job, visit, TUESDAY, [house.mona], by=house.mona)
    Appointment.book(house.job, visit, TUESDAY - 90 * MINUTE, [house.rita], by=house.mona)
    booked.cancel("Rain", by=house.rita)
    Appointment.book(house.job, visit, TUESDAY, [house.rita], by=house.mona)


def test_hours_and_skills_can_be_insisted_on_but_not_absences(house: Any, visit: AppointmentType) -> None:
    slate = Skill.add("Slate", by=house.ada)
    visit.edit("Inspection", skill=slate, by=house.ada)
    evening = TUESDAY + 9 * HOUR
    with pytest.raises(InTheWay) as told:
        Appointment.book(house.job, visit, evening, [house.rita], by=house.rita)
    assert told.value.may_insist
    assert "outside Rita Rep’s working hours" in str(told.value)
    assert "the skill “Slate”" in str(told.value)
    assert Appointment.book(house.job, visit, evening, [house.rita], by=house.rita, anyway=True).is_live
    slate.give_to([house.rita], by=house.ada)
    Absence.plan(house.rita, TUESDAY + 20 * HOUR, TUESDAY + 44 * HOUR, by=house.rita)
    with pytest.raises(InTheWay) as told:
        Appointment.book(house.job, visit, TUESDAY + 24 * HOUR, [house.rita], by=house.rita, anyway=True)
    assert str(told.value) == "Rita Rep is away then."
    assert assignment_setup().absences[house.rita.pk]


@pytest.mark.parametrize(
    ("at", "who", "why"),
    [(NOW, "rita", "in the future"), (TUESDAY, "", "who comes")],
)
def test_no_time_that_is_over_and_nobody(house: Any, visit: Any, at: datetime, who: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        Appointment.book(house.job, visit, at, [house.rita] if who else [], by=house.rita)


def test_it_is_confirmed_moved_and_closed_and_each_stands_on_the_timeline(house: Any, booked: Appointment) -> None:
    booked.confirm(by=house.rita)
    booked.confirm(by=house.rita)
    booked.reschedule(TUESDAY + 2 * HOUR, by=house.rita, members=[house.rita, house.mona])
    # Of another time nobody knows whether it suits, and calendars must hear of it.
    assert (booked.state, booked.sequence, booked.member_ids) == (
        "planned",
        1,
        sorted([house.rita.pk, house.mona.pk]),
    )
    booked.ask_for_another_time("Can’t, sorry.\nFriday?", way="reply")
    assert (booked.asked_words, booked.asked_at) == ("Can’t, sorry. Friday?", NOW)
    # A time that the customer chose is confirmed by that.
    booked.reschedule(TUESDAY + 3 * HOUR, by=None, way="link")
    assert booked.is_confirmed
    assert booked.asked_at is None
    with pytest.raises(Refused, match="not begun"):
        booked.complete("successful", by=house.rita)
    with clock.at(TUESDAY + 5 * HOUR):
        booked.complete("successful", by=house.rita, note="Two vents leak")
        assert Job.objects.get(pk=house.job.pk).touched_at == TUESDAY + 5 * HOUR
        with pytest.raises(Stale):
            booked.cancel("Too late", by=house.rita)
    told = "booked confirmed rescheduled asked rescheduled completed".split()
    assert kinds(booked) == [f"appointment.{kind}" for kind in told]
    assert set(Event.objects.of(booked).values_list("job_id", flat=True)) == {house.job.pk}


def test_no_time_to_move_to_lies_in_its_own(house: Any, booked: Appointment) -> None:
    own = (booked.starts_at, booked.ends_at)
    found = next_free(
        *(booked.type, [house.rita, house.mona], booked.zone),
        after=TUESDAY - HOUR / 2,
        besides=booked.pk,
        besides_time=own,
    )
    assert found[0].starts_at == TUESDAY + HOUR


def test_each_act_is_undone_unless_the_time_was_given_away(house: Any, visit: Any, booked: Appointment) -> None:
    with undo.record_undoable("appointment.rescheduled", [booked], by=house.rita) as moved:
        booked.reschedule(TUESDAY + 4 * HOUR, by=house.rita, members=[house.mona])
    undo.undo_change(moved.uid, by=house.rita)
    booked.refresh_from_db()
    assert (booked.starts_at, booked.member_ids, booked.sequence) == (TUESDAY, [house.rita.pk], 2)
    with undo.record_undoable("appointment.cancelled", [booked], by=house.rita) as cancelled:
        booked.cancel("Rain", by=house.rita)
    other = Appointment.book(house.job, visit, TUESDAY, [house.rita], by=house.mona)
    with pytest.raises(Refused, match=r"has been taken\. Rita Rep is at"):
        undo.undo_change(cancelled.uid, by=house.rita)
    change = undo.record_created("appointment.booked", [other], by=house.mona, at=NOW)
    undo.undo_change(change.uid, by=house.mona)
    undo.undo_change(cancelled.uid, by=house.rita)
    booked.refresh_from_db()
    assert booked.is_live
    assert Attendance.objects.filter(is_live=True).get().appointment_id == booked.pk


def test_a_rep_sees_their_own_and_those_of_leads_they_see(house: Any, visit: Any, booked: Appointment) -> None:
    house.job.assign_to(house.mona, by=house.mona)
    other = Appointment.book(house.job, visit, TUESDAY, [house.mona], by=house.mona)
    assert list(Appointment.objects.visible_to(house.rita)) == [booked]
    assert set(Appointment.objects.visible_to(house.sam)) == {booked, other}
    # And is not told whose appointment is in the way.
    with pytest.raises(InTheWay, match="Mona Manager is booked from"):
        booked.reschedule(TUESDAY + 30 * MINUTE, members=[house.mona], by=house.rita)


@pytest.mark.parametrize(
    ("day", "hour", "utc"),
    [
        # The clock is put forward on 8 March and back on 1 November.
        ("2026-03-07", "09:00", datetime(2026, 3, 7, 14, tzinfo=UTC)),
        ("2026-03-08", "09:00", datetime(2026, 3, 8, 13, tzinfo=UTC)),
        ("2026-11-01", "01:30", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        ("2026-11-01", "09:00", datetime(2026, 11, 1, 14, tzinfo=UTC)),
    ],
)
def test_times_are_those_of_the_place_whatever_the_clock_does(day: str, hour: str, utc: datetime) -> None:
    zone = ZoneInfo("America/New_York")
    assert instant(day, hour, zone) == utc
    with pytest.raises(Refused, match="does not exist"):
        instant("2026-03-08", "02:30", zone)


def test_of_who_leaves_a_colleague_gets_those_they_are_free_for(house: Any, visit: Any, booked: Appointment) -> None:
    later = Appointment.book(house.job, visit, TUESDAY + 3 * HOUR, [house.rita], by=house.rita)
    Appointment.book(house.job, visit, TUESDAY + 3 * HOUR, [house.mona], by=house.rita)
    assert hand_over(house.rita, None, by=house.ada) == 1  # the lead; somebody was promised to come
    assert hand_over(house.rita, house.mona, by=house.ada) == 1
    assert (booked.member_ids, later.member_ids) == ([house.mona.pk], [house.rita.pk])
