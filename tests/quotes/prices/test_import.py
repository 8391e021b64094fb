"""Importing the price book and suppliers' price lists: preview, run, refusals, undo."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.jobs.importing.verdicts import ImportVerdict, count_verdicts
from crm.platform import undo
from crm.platform.files import sheet_writer
from crm.platform.models import RunStatus
from crm.platform.organization.configuration import directory
from crm.platform.work.runs import start
from quotes.prices.book import price_on
from quotes.prices.export import list_headings, read_rows
from quotes.prices.importing.judge import judge_rows
from quotes.prices.importing.models import PriceImport
from quotes.prices.importing.runs import choose_mapping, receive
from quotes.prices.models import ItemPrice, PriceItem, PriceUnit, Supplier
from tests.cast import House
from tests.followups.conftest import Browser

OWN = "Code,Name,Price,Cost,Unit,Optional\n"


def receive_text(house: House, text: str, supplier: Supplier | None = None) -> PriceImport:
    file = BytesIO(text.encode())
    return receive(file, "prices.csv", len(text), supplier, by=house.mona)


def run_text(house: House, text: str, supplier: Supplier | None = None) -> PriceImport:
    run = receive_text(house, text, supplier)
    start(run, by=house.mona)
    run.refresh_from_db()
    assert run.status == RunStatus.DONE
    return run


@pytest.fixture
def supplier(house: House) -> Supplier:
    return Supplier.add("Gulf Supply", by=house.ada)


@pytest.fixture
def shingles(house: House, supplier: Supplier) -> PriceItem:
    item = PriceItem.create(name="Shingles", code="SH-AR", supplier=supplier, supplier_code="10-1130", by=house.ada)
    item.set_price(30_000, 20_000, "USD", by=house.ada)
    return item


def price_of(item: PriceItem) -> tuple[int, int | None]:
    price = price_on(item, directory().today(), "USD")
    assert price
    return price.price, price.cost


def test_rows_are_added_and_changed_by_their_code_and_undone(house: House, shingles: PriceItem) -> None:
    PriceUnit.add("sq", by=house.ada)
    run = run_text(house, f"{OWN}sh-ar,Shingles 30 years,312,,SQ,no\nRV-1,Ridge vent,14.50,8,,yes\n")
    assert (run.new_count, run.update_count, run.refused_count) == (1, 1, 0)
    shingles.refresh_from_db()
    assert (shingles.name, shingles.code, price_of(shingles)) == ("Shingles 30 years", "sh-ar", (31_200, 20_000))
    vent = PriceItem.objects.get(code="RV-1")
    assert (vent.is_optional, price_of(vent)) == (True, (1_450, 800))
    assert run.change
    undo.undo_change(run.change.uid, by=house.mona)
    shingles.refresh_from_db()
    vent.refresh_from_db()
    assert (shingles.name, price_of(shingles)) == ("Shingles", (30_000, 20_000))
    assert vent.archived_at


def test_the_same_file_again_changes_nothing(house: House) -> None:
    text = f"{OWN}RV-1,Ridge vent,14.50,8,,yes\n"
    run_text(house, text)
    run = run_text(house, text)
    assert (run.unchanged_count, ItemPrice.objects.count()) == (1, 1)


def test_our_own_export_changes_nothing(house: House, shingles: PriceItem) -> None:
    file = BytesIO()
    sheet_writer.write_csv(file, list_headings(), list(read_rows([shingles.pk], house.mona)))
    run = run_text(house, file.getvalue().decode())
    assert (run.unchanged_count, run.refused_count) == (1, 0)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("X,,1,,,", "name is missing"),
        ("X,Gutters,abc,,,", "not written as an amount"),
        ("X,Gutters,€ 5,,,", "in USD"),
        ("X,Gutters,5,,furlong,", "there is no “furlong”"),
        ("X,Gutters,,3,,", "price is missing"),
        ("X,Gutters,5,,,maybe", "yes or no"),
        ("X,Gutters,-5,,,", "below zero"),
    ],
)
def test_what_is_no_item_is_refused_with_its_reason(house: House, row: str, why: str) -> None:
    run = run_text(house, f"{OWN}{row}\n")
    assert why in run.refused_rows()[0][-1]
    assert not PriceItem.objects.exists()


def test_the_second_row_of_an_item_is_refused(house: House, shingles: PriceItem) -> None:
    run = run_text(house, f"{OWN}SH-AR,A,312,,,\nsh-ar,B,313,,,\n")
    assert "row 2" in run.refused_rows()[0][-1]
    assert price_of(shingles)[0] == 31_200


def test_a_suppliers_list_changes_costs_alone(house: House, shingles: PriceItem, supplier: Supplier) -> None:
    run = run_text(house, "Article,SKU,Net price\nRenamed,10-1130,214\nOther,99-9,1\n", supplier)
    shingles.refresh_from_db()
    assert (shingles.name, price_of(shingles)) == ("Shingles", (30_000, 21_400))
    assert (run.update_count, run.refused_count, PriceItem.objects.count()) == (1, 1, 1)


def test_prices_follow_the_costs_where_that_is_chosen(house: House, shingles: PriceItem, supplier: Supplier) -> None:
    run = receive_text(house, "SKU,Net price\n10-1130,214\n", supplier)
    choose_mapping(run, run.columns, directory().today(), True)
    [(_number, row)] = judge_rows(run, [0])
    assert row.price == (32_100, 21_400)


@pytest.mark.parametrize(
    ("other", "cost"),
    [("14.5", 145), ("14,50", 144_900), ("", 144_900)],
)
def test_three_decimals_are_told_from_thousands_by_the_other_rows(
    house: House, shingles: PriceItem, supplier: Supplier, other: str, cost: int
) -> None:
    run = receive_text(house, f"SKU;Net price\n10-1130;1.449\n2;{other}\n", supplier)
    [(_number, row)] = judge_rows(run, [0])
    assert row.price == (30_000, cost)


def test_an_item_without_a_price_is_refused_on_a_suppliers_list(house: House, supplier: Supplier) -> None:
    PriceItem.create(name="New", supplier=supplier, supplier_code="1", by=house.ada)
    run = receive_text(house, "SKU,Cost\n1,214\n", supplier)
    assert count_verdicts(judge_rows(run, [0])) == {ImportVerdict.REFUSED: 1}


def test_a_row_that_somebody_changed_meanwhile_is_refused(
    house: House, shingles: PriceItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = receive_text(house, f"{OWN}SH-AR,Other,312,,,\n")
    from quotes.prices.importing import runs

    def judge_then_edit(run: PriceImport, ids: Any) -> Any:
        judged = judge_rows(run, ids)
        PriceItem.objects.get().edit(name="Somebody's", by=house.ada)
        return judged

    monkeypatch.setattr(runs, "judge_rows", judge_then_edit)
    start(run, by=house.mona)
    run.refresh_from_db()
    assert "in the meantime" in run.refused_rows()[0][-1]


def test_the_pages_lead_from_the_file_to_the_result(house: House, shingles: PriceItem, supplier: Supplier) -> None:
    browser = Browser(house, house.mona)
    file = SimpleUploadedFile("list.csv", b"SKU,Net price\n10-1130,214\n99-9,1\n")
    answer = browser.post("prices/import/", {"file": file, "supplier": str(supplier.pk)})
    path = answer["Location"].partition(browser.prefix)[2]
    page = browser.get(path)
    assert "Cost $200 → $214" in page
    assert "No item has the number “99-9”." in page
    run = PriceImport.objects.get()
    values = {f"column-{at}": column for at, column in enumerate(run.columns)}
    browser.post(path, values | {"start": "1", "from_day": run.from_day.isoformat()})
    assert "1 changed" in browser.get(path)
    assert b"99-9" in browser.client.get(browser.prefix + path + "refused/").content


def test_a_file_that_is_none_is_refused(house: House) -> None:
    browser = Browser(house, house.mona)
    for values in ({}, {"file": SimpleUploadedFile("x.csv", b"Code\n")}, {"supplier": "9"}):
        assert "can’t be read" in browser.post("prices/import/", values, status=422).content.decode()


def test_a_rep_imports_nothing_and_others_runs_are_not_found(house: House) -> None:
    run = receive_text(house, f"{OWN}X,Y,1,,,\n")
    Browser(house, house.rita).get("prices/import/", status=404)
    Browser(house, house.ada).get(f"prices/import/{run.uid}/", status=404)
