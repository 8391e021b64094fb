"""Settings of the price book: units and suppliers."""

import pytest

from quotes.prices.models import PriceUnit, Supplier
from tests.cast import House
from tests.followups.conftest import Browser


@pytest.mark.parametrize(
    ("path", "values", "model"),
    [("units", {"name": "sq", "code": "SQR"}, PriceUnit), ("suppliers", {"name": "Gulf Supply"}, Supplier)],
)
def test_a_row_is_added_edited_and_archived(house: House, path: str, values: dict[str, str], model: type) -> None:
    browser = Browser(house, house.ada)

    def post(act: str, **changed: str) -> None:
        version = browser.get(f"prices/{path}/").partition('name="version" value="')[2].partition('"')[0]
        browser.post(f"prices/{path}/{act}/", values | {"version": version} | changed)

    post("add")
    row = model.objects.get()  # type: ignore[attr-defined]
    post(f"{row.pk}/edit", name="Other")
    post(f"{row.pk}/archive")
    row.refresh_from_db()
    assert row.name == "Other"
    assert row.archived_at
