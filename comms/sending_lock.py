"""Advisory locks between gate decisions and whatever could stop them, held until the transaction ends.

A decision holds the locks of its address and person until the message is claimed for sending and that is committed; a
STOP waits for it, or the decision waits for the STOP and then reads it. So none slips through between the two.
"""

import hashlib
from collections.abc import Iterable

from django.db import connection

from crm.platform.tenancy.context import required_tenant_id


def hold_addresses(keys: Iterable[str]) -> None:
    """Lock these address keys or recipient names in a fixed order, to avoid deadlocks."""
    numbers = sorted(_lock_number(key) for key in set(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock_shared(%s), (select count(pg_advisory_xact_lock(number)) "
            "from unnest(%s::bigint[]) as number)",
            [_lock_number("sending"), numbers],
        )


def hold_sending() -> None:
    """Wait for running gate decisions of the tenant, and block new ones until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_lock_number("sending")])


def _lock_number(name: str) -> int:
    digest = hashlib.blake2b(f"{required_tenant_id()}:{name}".encode(), digest_size=8, person=b"comms").digest()
    return int.from_bytes(digest, "big", signed=True)
