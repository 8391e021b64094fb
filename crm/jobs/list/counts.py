"""How many leads each view, group and phase holds: one statement, each count capped, so that a big tenant costs little.

Exact totals nobody asked for cost milliseconds at 100,000 rows; beyond the cap the list says "999+".
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from crm.jobs.list.filters import Filters, visible
from crm.jobs.models.queryset import JobQuerySet
from crm.platform.models import Member

CAP = 1000


def capped_counts(wanted: Mapping[str, JobQuerySet]) -> dict[str, str]:
    """The number of rows of each queryset as a reader sees it: "42", "999+"."""
    parts: list[str] = []
    values: list[Any] = []
    for jobs in wanted.values():
        try:
            sql, params = jobs.order_by().values("pk")[:CAP].query.sql_with_params()
        except EmptyResultSet:  # e.g. a phase without steps
            sql, params = "select 1 where false", ()
        parts.append(f"(select count(*) from ({sql}) as found)")
        values.extend(params)
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(parts)}", values)
        found = cursor.fetchone() or ()
    return {key: str(count) if count < CAP else f"{CAP - 1}+" for key, count in zip(wanted, found, strict=True)}


def needing_us(member: Member) -> str:
    """How many leads of the list as the member first sees it have no status or are late; the navigation's number."""
    count = capped_counts({"need": Filters().apply(visible(member), member).needing_us()})["need"]
    return "" if count == "0" else count
