"""Aging of receivables: which invoices are late by how many days, and what a member's sums are, by currency."""

from datetime import datetime, timedelta

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.models import OPEN_STATES, Invoice, InvoiceKind
from crm.kernel import formats
from crm.platform.models import Member
from crm.web.reader import Reader

# The first and last day of lateness of each bucket of aging; None: no end.
BUCKETS: dict[str, tuple[int, int | None]] = {"week": (1, 7), "month": (8, 30), "two": (31, 60), "more": (61, None)}
# Those of the report of receivables.
REPORTED: dict[str, tuple[int, int | None]] = {"first": (1, 30), "two": (31, 60), "three": (61, 90), "old": (91, None)}
# Those of both, which the filter of the list has.
ALL_BUCKETS = dict(sorted((BUCKETS | REPORTED).items(), key=lambda bucket: (bucket[1][0], bucket[1][1] or 0)))
# The key of what is owed and not late.
DUE = "due"


def bucket_label(bucket: str) -> str:
    """Return the words of a bucket of aging: "8–30 days late"."""
    first, last = ALL_BUCKETS[bucket]
    if last is None:
        return _("more than %(days)s days late") % {"days": first - 1}
    return _("%(first)s–%(last)s days late") % {"first": first, "last": last}


def owed_condition(now: datetime, *, is_late: bool) -> Q:
    """Return the condition for owed invoices that are late, or not. `sort_at` of what was issued is its due day."""
    owed = Q(state__in=OPEN_STATES) & ~Q(kind=InvoiceKind.CREDIT)
    if is_late:
        return owed & Q(sort_at__lt=now)
    return owed & Q(sort_at__gte=now)


def bucket_condition(bucket: str, now: datetime) -> Q:
    """Return the condition for owed invoices that are late by the days of a bucket."""
    first, last = ALL_BUCKETS[bucket]
    condition = owed_condition(now - timedelta(days=first - 1), is_late=True)
    if last is not None:
        condition &= Q(sort_at__gte=now - timedelta(days=last))
    return condition


def aging_texts(member: Member, reader: Reader) -> dict[str, str]:
    """Return the sums in each currency and the numbers of invoices of all buckets, by element id. One query."""
    conditions = {DUE: owed_condition(reader.now, is_late=False)} | {
        bucket: bucket_condition(bucket, reader.now) for bucket in BUCKETS
    }
    sums = {f"sum_{key}": Sum("open", filter=condition) for key, condition in conditions.items()}
    counts = {f"count_{key}": Count("pk", filter=condition) for key, condition in conditions.items()}
    owed = Invoice.objects.visible_to(member).unpaid().order_by("currency").values("currency")
    rows = list(owed.annotate(**sums, **counts))
    texts = {}
    for key in conditions:
        texts[f"aging-{key}"] = _sum_text(key, rows, reader)
        texts[f"aging-{key}-count"] = _count_text(sum(int(row[f"count_{key}"]) for row in rows))
    return texts


def _sum_text(key: str, rows: list[dict[str, int | str]], reader: Reader) -> str:
    sums = [
        formats.money(int(row[f"sum_{key}"]), str(row["currency"]), reader.country, reader.language)
        for row in rows
        if row[f"sum_{key}"]
    ]
    return " + ".join(sums) or "–"


def _count_text(count: int) -> str:
    if not count:
        return ""
    return ngettext("%(count)s invoice", "%(count)s invoices", count) % {"count": count}
