"""What the tests of series share: values of a form, and a series on the lead of the house."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest

from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUpSeries
from followups.recurrence.edits import SeriesValues, create_series
from tests.cast import House

EVERY_MONDAY = "FREQ=WEEKLY;BYDAY=MO"


def values(**changed: Any) -> SeriesValues:
    """What a form says: every Monday at 15:30 in New York, from 30 November 2026 on."""
    given: dict[str, Any] = {
        "kind": "call",
        "subject": "Check the permit",
        "rule": EVERY_MONDAY,
        "zone": "America/New_York",
        "start_day": date(2026, 11, 30),
        "start_time": time(15, 30),
    }
    return SeriesValues(**given | changed)


@pytest.fixture
def repeat(house: House) -> Callable[..., FollowUpSeries]:
    """Create a series on the lead of the house, by Rita."""

    def create(about: Any = house.job, **changed: Any) -> FollowUpSeries:
        with use_tenant(house.tenant):
            return create_series(values(**changed), by=house.rita, about=about)

    return create


def days(series: FollowUpSeries, **filters: Any) -> list[str]:
    """The days and times of the stored occurrences, by the series' clock. Inside `use_tenant`."""
    from followups.models import FollowUp

    rows = FollowUp.objects.filter(series=series, **filters).order_by("due_at")
    return [f"{row.due_at.astimezone(series.time_zone):%m-%d %H:%M}" for row in rows]
