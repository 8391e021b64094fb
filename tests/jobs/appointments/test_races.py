"""Two who book the same member at the same moment, on two connections: one does, the other reads what is in the way."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from crm.jobs.models.appointments import Appointment, AppointmentType, Attendance
from crm.jobs.models.appointments.obstacles import InTheWay
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from tests.cast import House, load_cast
from tests.jobs.appointments.conftest import NOW, TUESDAY
from tests.together import together


def booking(house: House, type_: AppointmentType, minutes: int, members: list[Any]) -> Callable[[], str]:
    def book() -> str:
        with clock.at(NOW), use_tenant(house.tenant):
            try:
                Appointment.book(house.job, type_, TUESDAY + timedelta(minutes=minutes), members, by=house.mona)
            except InTheWay as why:
                return str(why)
            return ""

    return book


def test_of_two_bookings_at_once_one_wins_and_the_other_is_told(transactional_db: None) -> None:
    house = load_cast().house
    with clock.at(NOW), use_tenant(house.tenant):
        type_ = AppointmentType.add("Inspection", by=None, minutes=60, travel_minutes=30)
    told = together(
        booking(house, type_, 0, [house.rita, house.mona]), booking(house, type_, 75, [house.mona, house.rita])
    )
    assert sorted(map(bool, told)) == [False, True]
    assert "Cora Customer" in "".join(told)
    with use_tenant(house.tenant):
        first = Appointment.objects.get()
        # Whoever writes past the verbs meets the constraint.
        other = Appointment.objects.create(
            job=house.job, type=type_, starts_at=TUESDAY, ends_at=TUESDAY + timedelta(hours=1), time_zone="UTC"
        )
        mine = first.attendances.get(member=house.rita)
        with pytest.raises(IntegrityError, match=Attendance.TAKEN), transaction.atomic():
            Attendance.objects.create(
                appointment=other, member=house.rita, busy_from=mine.busy_from, busy_until=mine.busy_until
            )


def test_a_time_that_is_held_and_a_booking_at_once(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comms.appointments.questions.ask", lambda row: None)
    house = load_cast().house
    with clock.at(NOW), use_tenant(house.tenant):
        type_ = AppointmentType.add("Inspection", by=None, minutes=60, travel_minutes=30)
        row = Appointment.book(house.job, type_, TUESDAY, [house.rita], by=house.mona)

    def hold() -> str:
        with clock.at(NOW), use_tenant(house.tenant):
            try:
                Appointment.objects.get(pk=row.pk).offer(TUESDAY + timedelta(minutes=30), by=house.mona)
            except InTheWay as why:
                return str(why)
            return ""

    told = together(hold, booking(house, type_, 100, [house.rita]))
    assert sorted(map(bool, told)) == [False, True]
    with use_tenant(house.tenant):
        # Its other time overlaps its own, and nobody else's.
        assert Attendance.objects.filter(is_live=True).count() == 2
