"""Posts to a door that could not prove themselves, counted for who sets it up."""

from datetime import UTC, datetime, timedelta

from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from leads.intake.posts import refusals
from leads.models import IntakeDoor
from tests.cast import Cast


def test_what_was_refused_today_is_of_the_organizations_day(cast: Cast, valkey_url: str) -> None:
    house = cast.house
    # Nine in the evening of March 2 in New York, where the organization is; of March 3 in UTC.
    evening = datetime(2026, 3, 3, 2, tzinfo=UTC)
    with use_tenant(house.tenant):
        door = IntakeDoor.add("A door", IntakeDoor.DoorKind.TOOL, house.job.brand, by=house.ada)
        for hours in (4, 0):
            with clock.at(evening - timedelta(hours=hours)):
                refusals.note(door)
        with clock.at(evening):
            assert refusals.lately(door) == 2
        with clock.at(evening + timedelta(hours=3)):
            assert refusals.lately(door) == 0
