"""The lock by which those who book a member's time take turns, held until the transaction ends."""

import hashlib
from collections.abc import Iterable

from django.db import connection

from crm.platform.tenancy.context import required_tenant_id


def hold_time_of(member_ids: Iterable[int]) -> None:
    """Lock these members' time, in one order, so that two never wait for each other.

    The constraint of Attendance holds without it; with it the second sees what is in the way, and can say so.
    """
    numbers = sorted(_number(pk) for pk in set(member_ids))
    with connection.cursor() as cursor:
        cursor.execute("select count(pg_advisory_xact_lock(n)) from unnest(%s::bigint[]) as n", [numbers])


def _number(member_id: int) -> int:
    name = f"{required_tenant_id()}:{member_id}".encode()
    return int.from_bytes(hashlib.blake2b(name, digest_size=8, person=b"appointments").digest(), "big", signed=True)
