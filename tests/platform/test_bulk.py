"""Bulk writing: one statement, all or nothing, and it stays in its tenant."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from crm.jobs.models import JobState
from crm.people.models import Company, Person
from crm.platform.database.bulk_write import (
    create_all,
    execute,
    insert_all,
    save_all,
    update_all,
)
from crm.platform.tenancy.context import NoTenant, use_tenant
from tests.cast import Cast


def names() -> list[str]:
    return sorted(Company.objects.values_list("name", flat=True))


def company(name: str) -> dict[str, Any]:
    return {"name": name, "name_key": name}


def test_many_rows_are_one_statement(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        before = names()
        with CaptureQueriesContext(connection) as captured:
            insert_all(Company, [company("New"), company("Newer")])
        assert len(captured) == 1
        assert names() == sorted({*before, "New", "Newer"})
        new, newer = Company.objects.filter(name__startswith="New").order_by("pk")
        new.name, newer.name = "Renamed", "Renamed, too"
        with CaptureQueriesContext(connection) as captured:
            save_all([new, newer], ["name"])
        assert len(captured) == 1
        assert names() == sorted({*before, "Renamed", "Renamed, too"})


def test_new_rows_get_keys_and_what_the_database_fills_in(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        people = [Person(name=name, name_key=name.lower()) for name in ("New", "Newer")]
        create_all(people)
        stored = Person.objects.in_bulk([person.pk for person in people])
        assert [(stored[person.pk].name, stored[person.pk].uid) for person in people] == [
            ("New", people[0].uid),
            ("Newer", people[1].uid),
        ]
        people[0].save()
        assert Person.objects.get(pk=people[0].pk).uid == stored[people[0].pk].uid


def test_what_many_rows_share_is_sent_once(cast: Cast) -> None:
    """Each row still has every value, in the order given; and it is no different where all or nothing is shared."""
    with use_tenant(cast.house.tenant):
        people = [{"name": f"Person {n}", "name_key": f"person {n}", "language": "nl"} for n in range(150)]
        with CaptureQueriesContext(connection) as captured:
            insert_all(Person, people)
        assert len(captured) == 1
        assert captured[0]["sql"].count('"nl"') == 1
        there = Person.objects.filter(name__startswith="Person ").order_by("pk")
        assert list(there.values("name", "name_key", "language")) == people
        changed = [{"id": pk, "language": "", "name": f"Other {pk}"} for pk in there.values_list("pk", flat=True)]
        update_all(Person, changed)
        assert there.filter(name__startswith="Person ").count() == 0
        assert list(
            Person.objects.filter(name__startswith="Other ").order_by("pk").values("id", "language", "name")
        ) == (changed)
        assert execute("select row.n, row.of from {rows}", "n int, of numeric(12, 2)", [{"n": 1, "of": 2}] * 150) == (
            [(1, 2)] * 150
        )


def test_rows_travel_with_what_postgres_reads(cast: Cast) -> None:
    day, at = date(2026, 11, 25), datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    row = {"day": day, "at": at, "uid": UUID(int=7), "data": {1: ("½ “é”", None)}, "label": JobState.OPEN}
    taken, declared = "row.day, row.at, row.uid, row.data, row.label", "day date, at timestamptz, uid uuid, data json"
    with use_tenant(cast.house.tenant):
        read = execute(f"select {taken} from {{rows}}", f"{declared}, label text", [row])
        assert read == [(day, at, UUID(int=7), {"1": ["½ “é”", None]}, "open")]
        with pytest.raises(TypeError, match="not JSON serializable"):
            execute("select 1 from {rows}", "n int", [{"n": {1}}])


def test_nothing_is_no_statement(cast: Cast) -> None:
    with use_tenant(cast.house.tenant), CaptureQueriesContext(connection) as captured:
        insert_all(Company, [])
        update_all(Company, [])
        save_all([], ["name"])
    assert len(captured) == 0


def test_a_row_that_fails_takes_all_along(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        before = names()
        with pytest.raises(IntegrityError), transaction.atomic():
            execute(
                "with new as (insert into people_company (tenant_id, name, name_key)"
                " select %(tenant)s::bigint, row.name, row.name from {rows} returning id)"
                " insert into platform_due (key) select id::text from new",
                "name text",
                [company("New")],
            )
        assert names() == before


def test_it_stays_in_the_tenant_in_use(cast: Cast) -> None:
    with use_tenant(cast.other.tenant):
        theirs = Company.objects.create(name="Theirs", name_key="theirs")
    with use_tenant(cast.house.tenant):
        update_all(Company, [{"id": theirs.pk, "name": "Ours"}])
        insert_all(Company, [company("Here")])
        assert "Here" in names()
    with use_tenant(cast.other.tenant):
        assert "Theirs" in names()
        assert "Here" not in names()
    with pytest.raises(NoTenant):
        insert_all(Company, [company("Nowhere")])
