"""The list order, most urgent first, as a sort key: level, instant, id (docs/decisions/0003)."""

from datetime import UTC, datetime
from typing import NamedTuple

# Ended jobs sort newest first within an ascending index: their instant, mirrored at this one.
MIRROR = datetime(2000, 1, 1, tzinfo=UTC)
# Above every id.
MOST = 2**63 - 1


class Cursor(NamedTuple):
    """A keyset cursor: the sort key of a row."""

    level: int
    sort_at: datetime
    pk: int


def mirrored(at: datetime) -> datetime:
    """Mirror the instant at the start of 2000, so that an ascending index lists the newest first."""
    return MIRROR - (at - MIRROR)
