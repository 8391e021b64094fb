"""Parsing that depends on a file's conventions: the brand's country, and a next step typed as a line."""

from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from crm.jobs.next_step.signals import read_line
from crm.kernel.typed_values import NotationHabits


@lru_cache(maxsize=1024)
def told_step(line: str, now: datetime, habits: NotationHabits, tenant_id: int) -> tuple[str, datetime] | None:
    """Parse a next step such as "call tue 3pm" with the tenant's own types of follow-ups."""
    return read_line(line, now.astimezone(habits.zone), month_first=not habits.day_first)


@lru_cache(maxsize=256)
def of_country(habits: NotationHabits, where: str, currency: str) -> NotationHabits:
    """Return a file's conventions for a row with another country or currency."""
    return replace(habits, country=where, currency=currency)
