"""Partitions of the access log and of events, as the owner's command creates and drops them."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from crm.kernel import clock
from crm.platform.models import AccessLog, Event
from crm.platform.schema.time_partitions import ACCESS_LOG, EVENTS
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, load_cast
from tests.platform.test_tenant_commands import as_owner

__all__ = ["as_owner"]

MARCH = datetime(2031, 3, 31, 23, tzinfo=UTC)


def read_at(hour: datetime) -> AccessLog:
    house = load_cast().house
    with use_tenant(house.tenant):
        return AccessLog.objects.create(
            member=house.ada, subject_kind="people.person", subject_id=1, at=hour, hour=hour
        )


def happened_at(at: datetime) -> Event:
    house = load_cast().house
    with use_tenant(house.tenant):
        return Event.objects.create(kind="job.moved", subject_kind="jobs.job", subject_id=1, at=at)


def partition_of(row: AccessLog | Event) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"select tableoid::regclass::text from {row._meta.db_table} where id = %s", [row.pk])
        return str(cursor.fetchone()[0])


def test_rows_written_without_a_month_move_into_it(as_owner: None) -> None:
    row = read_at(MARCH)
    assert partition_of(row) == ACCESS_LOG.default
    ACCESS_LOG.create_partitions(MARCH)
    assert partition_of(row) == "platform_accesslog_2031_03"


def test_months_are_created_once(as_owner: None) -> None:
    names = ACCESS_LOG.create_partitions(MARCH)
    assert names == ["platform_accesslog_2031_03", "platform_accesslog_2031_04", "platform_accesslog_2031_05"]
    assert ACCESS_LOG.create_partitions(MARCH) == []


def test_the_table_from_before_is_the_first_partition(as_owner: None) -> None:
    assert partition_of(read_at(datetime(2026, 1, 1, tzinfo=UTC))).startswith("platform_accesslog_before_")


def test_events_of_a_year_share_a_partition(as_owner: None) -> None:
    EVENTS.create_partitions(MARCH)
    years = [partition_of(happened_at(datetime(year, 12, 31, tzinfo=UTC))) for year in (2031, 2032, 2033)]
    assert years == ["platform_event_2031_01", "platform_event_2032_01", EVENTS.default]


def test_a_partition_of_another_hand_is_refused(as_owner: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("create table platform_event_mine (like platform_event including defaults)")
        bounds = "values from ('2040-01-01') to (maxvalue)"
        cursor.execute(f"alter table platform_event attach partition platform_event_mine for {bounds}")
    with pytest.raises(ValueError, match="platform_event_mine"):
        EVENTS.list_partitions()


def test_only_whole_old_months_are_dropped(as_owner: None) -> None:
    row = read_at(MARCH)
    ACCESS_LOG.create_partitions(MARCH)
    ACCESS_LOG.drop_partitions(date(2031, 3, 31))
    assert partition_of(row) == "platform_accesslog_2031_03"
    assert "platform_accesslog_2031_03" in ACCESS_LOG.drop_partitions(date(2031, 4, 1))
    assert "platform_accesslog_2031_04" in ACCESS_LOG.list_partitions()


@pytest.mark.parametrize(("option", "months"), [("keep_access_log", 12), ("keep_events", 84)])
def test_the_command_refuses_to_keep_too_little(as_owner: None, option: str, months: int) -> None:
    with pytest.raises(CommandError, match=f"{months} or more"):
        call_command("partition_logs", **{option: months - 1})


def test_the_command_says_what_it_creates_and_drops(as_owner: None) -> None:
    out = StringIO()
    with clock.at(MARCH):
        call_command("partition_logs", keep_access_log=12, stdout=out)
    assert "Created platform_accesslog_2031_03." in out.getvalue()
    assert "Created platform_event_2032_01." in out.getvalue()
    assert "Dropped platform_accesslog_before_" in out.getvalue()
    assert "Dropped platform_event" not in out.getvalue()


@pytest.mark.parametrize("index", ["event_job", "event_subject", "event_day", "event_transaction", "event_logged_call"])
def test_each_partition_of_events_has_each_index(db: None, index: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_inherits where inhparent = %s::regclass", [index])
        (indexed,) = cursor.fetchone()
    assert indexed == len(EVENTS.list_partitions()) + 1, "the default one among them"


def test_an_event_needs_its_tenant(as_owner: None) -> None:
    with pytest.raises(IntegrityError, match="platform_tenant"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """insert into platform_event (tenant_id, at, kind, subject_kind, subject_id, data)
               values (0, now(), 'job.moved', 'jobs.job', 1, '{}')"""
        )


def test_the_app_reaches_no_partition_directly(cast: Cast) -> None:
    with use_tenant(cast.house.tenant), transaction.atomic(), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="permission denied"):
            cursor.execute(f"select * from {ACCESS_LOG.default}")
        transaction.set_rollback(True)
