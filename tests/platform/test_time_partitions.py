"""Monthly partitions of the access log, as the owner's command creates and drops them."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from crm.kernel import clock
from crm.platform.database import access_log_partitions as partitions
from crm.platform.models import AccessLog
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


def partition_of(row: AccessLog) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select tableoid::regclass::text from platform_accesslog where id = %s", [row.pk])
        return str(cursor.fetchone()[0])


def test_rows_written_without_a_month_move_into_it(as_owner: None) -> None:
    row = read_at(MARCH)
    assert partition_of(row) == partitions.DEFAULT
    partitions.create_partitions(MARCH)
    assert partition_of(row) == "platform_accesslog_2031_03"


def test_months_are_created_once(as_owner: None) -> None:
    names = partitions.create_partitions(MARCH)
    assert names == ["platform_accesslog_2031_03", "platform_accesslog_2031_04", "platform_accesslog_2031_05"]
    assert partitions.create_partitions(MARCH) == []


def test_the_table_from_before_is_the_first_partition(as_owner: None) -> None:
    assert partition_of(read_at(datetime(2026, 1, 1, tzinfo=UTC))).startswith("platform_accesslog_before_")


def test_only_whole_old_months_are_dropped(as_owner: None) -> None:
    row = read_at(MARCH)
    partitions.create_partitions(MARCH)
    partitions.drop_partitions(date(2031, 3, 31))
    assert partition_of(row) == "platform_accesslog_2031_03"
    assert "platform_accesslog_2031_03" in partitions.drop_partitions(date(2031, 4, 1))
    assert "platform_accesslog_2031_04" in partitions.list_partitions()


def test_the_command_keeps_a_year_at_least(as_owner: None) -> None:
    with pytest.raises(CommandError, match="12 or more"):
        call_command("partition_access_log", keep_months=11)


def test_the_command_says_what_it_creates_and_drops(as_owner: None) -> None:
    out = StringIO()
    with clock.at(MARCH):
        call_command("partition_access_log", keep_months=12, stdout=out)
    assert out.getvalue().startswith("Created platform_accesslog_2031_03.")
    assert "Dropped platform_accesslog_before_" in out.getvalue()


def test_the_app_reaches_no_partition_directly(cast: Cast) -> None:
    with use_tenant(cast.house.tenant), transaction.atomic(), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="permission denied"):
            cursor.execute(f"select * from {partitions.DEFAULT}")
        transaction.set_rollback(True)
