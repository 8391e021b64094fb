"""What the page asks about rows of one file: another job of the customer, or the same customer of another name?"""

import re

import pytest

from crm.people.models import Person
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.leads.importing import signed_in, totals, upload
from tests.leads.test_import_choices import act
from tests.markup import flat

pytestmark = pytest.mark.usefixtures("files")

IN_FILE = (
    "Name,Email,Title,Phone\nRob Fields,rob@mail.example,Roof,\nRob Fields,rob@mail.example,Gutters,813-555-0177\n"
    "Ann Lee,rob@mail.example,Shed,\nRob Fields,rob@mail.example,,\n"
)


@pytest.mark.parametrize(
    ("row", "choice", "by_all", "became"),
    [
        (3, "", False, {"new": 3, "update": 0, "duplicate": 1}),
        (3, "new", True, {"new": 3, "update": 0, "duplicate": 1}),
        (3, "update", False, {"new": 2, "update": 1, "duplicate": 1}),
        (3, "skip", False, {"new": 2, "update": 0, "duplicate": 2}),
        (4, "update", True, {"new": 2, "update": 0, "duplicate": 2}),
        (5, "new", False, {"new": 4, "update": 0, "duplicate": 0}),
    ],
)
def test_rows_of_one_file_are_asked_about_too(
    cast: Cast, row: int, choice: str, by_all: bool, became: dict[str, int]
) -> None:
    mona = signed_in(cast.house.mona)
    url = upload(mona, cast, IN_FILE).url
    page = mona.get(url).content.decode()
    for told in (
        "1 row: same customer, but another title, type or value",
        "1 row: same address or number, but another name",
        "1 row: same email address",
        "different title, so it is counted as another job",
        "Row 2 has the same address or number but another name",
        "Action for row 3",
    ):
        assert told in page
    assert re.search(r"<th scope=\"col\">\s*Row 2\s*</th>", page)
    assert ("<td>Gutters</td>" in page, "As proposed: new" in flat(page)) == (True, True)
    if by_all:
        act(mona, cast, "decide", same={3: "job", 4: "reach", 5: "email"}[row], choice=choice)
    else:
        act(mona, cast, "decide", row=row, choice=choice)
    said = totals(mona.get(url).content.decode())
    mona.post(url)
    done = totals(mona.get(url).content.decode())
    assert done == became | {"refused": 0}
    assert said["new"] == done["new"]
    with use_tenant(cast.house.tenant):
        assert Person.objects.filter(name="Rob Fields").count() == 1
        assert Person.objects.filter(name="Ann Lee").exists() is (row != 4)
