"""Times a customer may take themselves: not within the notice of the type, when offered and when taken."""

from datetime import timedelta
from typing import Any

import pytest

from crm.jobs.appointments.customer_times import CustomerTimes, earliest_start, notice_words
from crm.jobs.models.appointments import AppointmentType
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.organization.configuration import directory
from tests.jobs.appointments.conftest import NOW, TUESDAY

pytestmark = pytest.mark.django_db


def times_of(house: Any, visit: AppointmentType) -> CustomerTimes:
    return CustomerTimes(visit, house.job.brand_id, directory().zone)


def test_no_time_within_the_notice_is_offered(house: Any, visit: AppointmentType) -> None:
    offers = times_of(house, visit).offers([house.rita], 3)
    assert offers[0].starts_at >= NOW + timedelta(hours=24)


def test_a_time_that_was_offered_and_is_too_late_by_now_is_refused(house: Any, visit: AppointmentType) -> None:
    times = times_of(house, visit)
    value = f"{TUESDAY.isoformat()} {house.rita.uid}"
    assert times.take(value, [house.rita]).starts_at == TUESDAY
    with clock.at(TUESDAY - timedelta(hours=23)), pytest.raises(Refused, match="until 24 hours before"):
        times.take(value, [house.rita])


def test_a_time_is_refused_of_who_may_not_come_and_on_nonsense(house: Any, visit: AppointmentType) -> None:
    with pytest.raises(Refused, match="just now"):
        times_of(house, visit).take(f"{TUESDAY.isoformat()} {house.rita.uid}", [house.mona])
    with pytest.raises(Refused, match="Choose a time"):
        times_of(house, visit).take("soon", [house.rita])


def test_notice_may_count_working_hours(house: Any, visit: AppointmentType) -> None:
    visit.edit(visit.name, by=house.ada, notice_minutes=12 * 60, notice_in_working_hours=True)
    here = directory()
    hours = here.calendars[here.calendar_of(house.job.brand_id) or 0]
    first = earliest_start(visit, house.job.brand_id)
    assert hours.between(NOW, first) == 12 * 3600
    assert first > NOW + timedelta(hours=12)
    assert notice_words(visit) == "12 working hours"


def test_a_notice_of_a_month_is_refused(house: Any, visit: AppointmentType) -> None:
    with pytest.raises(Refused, match="two weeks"):
        visit.edit(visit.name, by=house.ada, notice_minutes=31 * 24 * 60)
