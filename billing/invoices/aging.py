"""Aging of receivables: the open amounts of each currency by how late they are, each with its list."""

from typing import NamedTuple

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from billing.invoices.invoice_list import BUCKETS, INVOICES, bucket_condition, bucket_label
from billing.models import Invoice
from crm.kernel import formats
from crm.platform.models import Member
from crm.web.lists.conditions.query import Filters
from crm.web.reader import Reader


class AgingTile(NamedTuple):
    """A figure above the list: its label, the sums in each currency, how many invoices, and the URL of its list."""

    label: str
    sums: list[str]
    invoices: int
    url: str
    css: str


def aging_tiles(member: Member, reader: Reader, url: str) -> list[AgingTile]:
    """Return the figures of what a member sees: not due yet, then by days late. One query."""
    conditions = {"due": Q(due_at__gte=reader.now)} | {
        bucket: bucket_condition(bucket, reader.now) for bucket in BUCKETS
    }
    owed = Invoice.objects.filter(pk__in=Invoice.objects.visible_to(member).unpaid().order_by().values("pk"))
    sums = {f"sum_{key}": Sum("open", filter=condition) for key, condition in conditions.items()}
    counts = {f"count_{key}": Count("pk", filter=condition) for key, condition in conditions.items()}
    rows = list(owed.order_by("currency").values("currency").annotate(**sums, **counts))
    return [_build_tile(key, rows, reader, url) for key in conditions]


def _build_tile(key: str, rows: list[dict[str, int | str]], reader: Reader, url: str) -> AgingTile:
    sums = [
        formats.money(int(row[f"sum_{key}"]), str(row["currency"]), reader.country, reader.language)
        for row in rows
        if row[f"sum_{key}"]
    ]
    count = sum(int(row[f"count_{key}"]) for row in rows)
    if key == "due":
        return AgingTile(_("not late yet"), sums, count, url + _filters_of(key).query(), "ok")
    css = "late" if key == "week" else "crit"
    return AgingTile(bucket_label(key), sums, count, url + _filters_of(key).query(), css)


def _filters_of(key: str) -> Filters:
    if key == "due":
        return INVOICES.filters(state="due")
    return INVOICES.filters(aging=key)
