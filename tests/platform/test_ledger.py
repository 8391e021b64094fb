"""The ledger: what an act writes goes as one statement, all or nothing, and stays in its tenant."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from crm.people.models import Company
from crm.platform.database.write_batch import Ledger, Part, change
from crm.platform.tenancy.context import NoTenant, use_tenant
from tests.cast import Cast


def names() -> list[str]:
    return sorted(Company.objects.values_list("name", flat=True))


def company(name: str) -> dict[str, Any]:
    return {"name": name, "name_key": name}


def test_all_parts_go_as_one_statement_and_none_before(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        Company.objects.create(name="Old", name_key="old")
        old, before = Company.objects.get(name="Old"), names()
        ledger = Ledger()
        ledger.insert(Company, [company("New"), company("Newer")])
        ledger.update(Company, [{"id": old.pk, "name": "Renamed"}])
        assert names() == before
        with CaptureQueriesContext(connection) as captured:
            ledger.send()
        assert len(captured) == 1
        assert names() == sorted({*before, "New", "Newer", "Renamed"} - {"Old"})
        assert ledger.send() is None, "sent once"


@pytest.mark.parametrize("count", [1, 3])
def test_sent_often_it_is_prepared_and_still_says_what_is_given(cast: Cast, count: int) -> None:
    with use_tenant(cast.house.tenant):
        before = names()
        for time in range(10):
            ledger = Ledger()
            ledger.insert(Company, [company(f"{time} {nth}") for nth in range(count)])
            ledger.send()
        assert len(names()) == len(before) + 10 * count
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from pg_prepared_statements where statement like '%people_company_added%'")
            assert cursor.fetchone() != (0,)


def test_a_part_that_fails_takes_all_along(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        before = names()
        ledger = Ledger()
        ledger.insert(Company, [company("New")])
        ledger.write(
            Part("broken", "insert into platform_due (key) select row.key from {rows}", "key text"), [{"key": "x"}]
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            ledger.send()
        assert names() == before


def test_of_two_changes_of_a_row_the_later_is_written(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        old = Company.objects.create(name="Old", name_key="old")
        ledger = Ledger()
        for name in ("First", "Last"):
            ledger.update(Company, [{"id": old.pk, "name": name}])
        ledger.send()
        assert "Last" in names()
        assert change(Company, ("id", "name")) not in ledger


def test_what_a_part_returns_is_told(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        ledger = Ledger()
        ledger.insert(Company, [company("New")])
        found = ledger.send("id from people_company_added")
        assert found == (Company.objects.get(name="New").pk,)


def test_it_stays_in_the_tenant_in_use(cast: Cast) -> None:
    with use_tenant(cast.other.tenant):
        theirs = Company.objects.create(name="Theirs", name_key="theirs")
    with use_tenant(cast.house.tenant):
        ledger = Ledger()
        ledger.update(Company, [{"id": theirs.pk, "name": "Ours"}])
        ledger.insert(Company, [company("Here")])
        ledger.send()
        assert "Here" in names()
    with use_tenant(cast.other.tenant):
        assert "Theirs" in names()
        assert "Here" not in names()
    ledger.insert(Company, [company("Nowhere")])
    with pytest.raises(NoTenant):
        ledger.send()
