"""The configuration book: settings in sentences."""

from datetime import date

from crm.platform.models import BusinessCalendar
from crm.platform.tenancy.context import use_tenant
from crm.web.configuration.chapters import CHAPTERS
from tests.cast import Cast


def test_days_are_written_as_people_write_them(cast: Cast) -> None:
    chapter = next(one for one in CHAPTERS if one.name == "calendars")
    with use_tenant(cast.house.tenant):
        BusinessCalendar.objects.get(is_default=True).closing_days.create(day=date(2027, 12, 24), name="Inventory")
        lines = [line for part in chapter.read() for line in part.lines]

    assert [line for line in lines if "Inventory" in line] == ["Closed on: Dec 24, 2027 Inventory"]
