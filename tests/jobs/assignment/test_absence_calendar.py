"""The calendar of absences: what a month shows of each member, and an absence begun by a click on a day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crm.jobs.assignment.views.absences import month_days, stretches
from crm.jobs.models.assignment import Absence
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from tests.cast import HOUSE, Cast
from tests.jobs.assignment.test_pages import HTMX, signed_in, words

NOVEMBER = month_days(date(2026, 11, 1))
PAGE = f"/{HOUSE}/settings/absences/"


@pytest.mark.parametrize(
    ("absences", "found"),
    [
        ([], [(day, 1, None) for day in range(1, 31)]),
        ([((11, 29), (12, 3), "a")], [*((day, 1, None) for day in range(1, 29)), (29, 2, "a")]),
        ([((10, 1), (11, 2), "a"), ((11, 3), None, "b")], [(1, 2, "a"), (3, 28, "b")]),
        (
            [((11, 2), (11, 2), "b"), ((9, 1), (10, 31), "a")],
            [(1, 1, None), (2, 1, "b"), *((d, 1, None) for d in range(3, 31))],
        ),
    ],
)
def test_a_month_is_laid_out(absences: list[tuple[object, object, str]], found: list[object]) -> None:
    rows = [(date(2026, *first), date(2026, *last) if last else None, name) for first, last, name in absences]  # type: ignore[misc]
    laid = stretches(NOVEMBER, rows)
    assert [(one.day.day, one.span, one.absence) for one in laid] == found
    assert sum(one.span for one in laid) == 30
    assert (len(month_days(date(2028, 2, 1))), len(month_days(date(2026, 12, 1)))) == (29, 31)


def test_a_click_on_a_day_notes_an_absence_and_the_month_shows_it(cast: Cast) -> None:
    house = cast.house
    with clock.at(datetime(2026, 11, 10, 15, tzinfo=UTC)):
        client = signed_in(house.mona)
        day = f"{PAGE}{house.rita.uid}/?day=2026-11-17"
        assert f'href="{day}"' in words(client.get(PAGE))
        dialog = words(client.get(day, headers=HTMX))
        assert 'value="2026-11-17"' in dialog
        assert "<html" not in dialog
        sent = {"starts": "2026-11-17", "ends": "2026-11-16", "note": "Expo", "cover": str(house.sam.uid)}
        assert client.post(day, sent).status_code == 422
        back = client.post(day, sent | {"ends": "2026-11-20"}, headers=HTMX)
        assert back.headers["HX-Redirect"] == f"{PAGE}?month=2026-11"
        page = words(client.get(back.headers["HX-Redirect"]))
        assert 'colspan="4"' in page
        assert page.count("Sam Service covers") == 2, "in the calendar, and in the list that says the same"
        assert client.post(day, sent | {"ends": "2026-11-20"}).status_code == 422, "they are away already"
        assert "colspan" not in words(client.get(f"{PAGE}?month=2026-12"))
        assert client.get(f"{PAGE}?month=nonsense").status_code == 200
        assert signed_in(house.rita).get(PAGE).status_code == 404
        with use_tenant(house.tenant):
            absence = Absence.objects.get()
            assert absence.ends_at - absence.starts_at == timedelta(days=4)
