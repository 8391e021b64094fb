"""Most columns that say who a customer is are right at first sight, and none is wrong without being asked.

exports/first_sight.json: columns of exports and spreadsheets as [heading, what it holds, values …], "" for none of a
customer's. "tuning" was looked at while the tables were written, "unseen" was not.
"""

import json
from pathlib import Path

import pytest

from leads.importing.mapping.columns import KEEP, LEAVE, FileColumns, find_columns
from libs.tabular import TableRecord

FILES = json.loads((Path(__file__).parent / "exports" / "first_sight.json").read_text())
CUSTOMERS = frozenset("name first_name last_name email phone street city postcode company".split())


def understood(table: list[list[str]]) -> FileColumns:
    rows = zip(*([heading, *values] for heading, _meant, *values in table), strict=True)
    return find_columns([TableRecord(number, list(row)) for number, row in enumerate(rows, 1)])


def told(code: str) -> str:
    """The field of a code; a mobile number is a phone's."""
    return {"mobile": "phone", KEEP: "", LEAVE: ""}.get(code, code)


@pytest.mark.parametrize("part", FILES)
def test_nine_of_ten_columns_of_a_customer_are_right_at_first_sight(part: str) -> None:
    right = [
        told(columns.code(at)) == told(meant)
        for table in FILES[part].values()
        for columns in [understood(table)]
        for at, (_heading, meant, *_values) in enumerate(table)
        if told(meant) in CUSTOMERS
    ]
    assert sum(right) >= 0.9 * len(right) > 70


@pytest.mark.parametrize(("part", "name"), [(part, name) for part in FILES for name in FILES[part]])
def test_no_column_is_taken_for_a_customers_without_being_asked(part: str, name: str) -> None:
    columns = understood(FILES[part][name])
    for at, (heading, meant, *_values) in enumerate(FILES[part][name]):
        code = told(columns.code(at))
        assert code == told(meant) or code not in CUSTOMERS or at in columns.unsure, heading


def test_what_somebody_chose_is_not_asked_again() -> None:
    header = [
        TableRecord(1, ["Name", "Bauleitung Tel"]),
        TableRecord(2, ["Ann", "030 123456"]),
        TableRecord(3, ["Bob", "030 234567"]),
    ]
    asked = find_columns(header)
    assert (asked.code(1), asked.unsure) == ("phone", {1})
    assert find_columns(header, chosen={"1": "keep"}).unsure == frozenset()


def test_a_word_nobody_knows_takes_no_place_of_what_is_certain() -> None:
    rows = ["Ann|030 111111|030 123456", "Bob|030 222222|030 234567"]
    columns = find_columns(
        TableRecord(at, row.split("|")) for at, row in enumerate(["Name|Telefon|Bauleitung Tel", *rows], 1)
    )
    assert [columns.code(at) for at in range(3)] == ["name", "phone", KEEP]


def test_values_that_are_not_what_a_name_says_are_asked_about() -> None:
    columns = find_columns(
        [TableRecord(1, ["Name", "Email"]), *(TableRecord(at, ["Ann", f"{at} Oak"]) for at in range(2, 6))]
    )
    assert (columns.code(1), columns.unsure) == (KEEP, {1})


def test_a_customers_address_stays_beside_two_names() -> None:
    rows = ["Roof 1|Ann Lee|ann@x.example", "Roof 2|Bob Fox|bob@x.example"]
    columns = find_columns(
        TableRecord(at, row.split("|")) for at, row in enumerate(["Name|Customer|Customer email", *rows], 1)
    )
    assert columns.code(2) == "email"
    assert columns.unsure >= {0, 1}, "which of them names the customer is asked"
