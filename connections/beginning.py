"""begin_connection: save a new connection with the mapping of its kind, and synchronize it."""

from typing import Any

from django.db import transaction

from connections.models import Connection, FieldRule
from connections.system_kinds import SystemKind, SystemPreset
from crm.platform.models import Brand, Member


@transaction.atomic
def begin_connection(
    kind: SystemKind,
    name: str,
    *,
    secrets: dict[str, Any],
    options: dict[str, Any],
    owner: Member,
    by: Member,
    brand: Brand | None = None,
    preset: SystemPreset | None = None,
) -> Connection:
    """Save a new connection and schedule its first synchronization. Raises Refused as `Connection.connect` does.

    `preset`: its mapping is used instead of the one of the kind.
    """
    row = Connection.connect(
        kind.name,
        name,
        owner=owner,
        by=by,
        secrets=secrets,
        options=options,
        brand=brand,
        direction=kind.direction,
    )
    rules = kind.rules
    if preset:
        rules = preset.rules
    FieldRule.set_all(row, rules, by=by)
    kind.begin(row)
    row.schedule()
    return row
