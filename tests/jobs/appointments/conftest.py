"""A type of appointment, and a Tuesday to book it on: all clocks of these tests stand still."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast

# Monday morning in New York.
NOW = datetime(2026, 5, 11, 13, 0, tzinfo=UTC)
# Tuesday, ten o'clock there.
TUESDAY = datetime(2026, 5, 12, 14, 0, tzinfo=UTC)


@pytest.fixture
def house(cast: Cast) -> Iterator[Any]:
    with clock.at(NOW), use_tenant(cast.house.tenant):
        yield cast.house


@pytest.fixture
def visit(house: Any) -> AppointmentType:
    return AppointmentType.add("Inspection", by=house.ada, minutes=60, travel_minutes=30)


@pytest.fixture
def booked(house: Any, visit: AppointmentType) -> Appointment:
    """Rita inspects at Cora's on Tuesday, from ten to eleven, and is on the road until half past."""
    return Appointment.book(house.job, visit, TUESDAY, [house.rita], by=house.rita)
