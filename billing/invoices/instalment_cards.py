"""The parts that were agreed on for invoices, as the pages of an invoice and of a job's money show them."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from billing.models import InstalmentPlan, Invoice
from billing.models.instalment_plan import PartOfInvoice
from crm.kernel import formats
from crm.web.reader import Reader


def instalment_cards(invoices: Sequence[Invoice], reader: Reader) -> list[dict[str, Any]]:
    """Return the agreements on parts of these invoices, with how each part stands. Two queries."""
    plans = InstalmentPlan.objects.filter(invoice__in=invoices, state=InstalmentPlan.State.OPEN)
    rows = plans.select_related("invoice", "agreed_by").prefetch_related("instalments")
    return [
        {
            "row": plan,
            "agreed": reader.day(plan.agreed_at),
            "parts": [_part_row(part, plan.invoice.currency, reader) for part in plan.parts()],
        }
        for plan in rows.order_by("agreed_at", "pk")
    ]


def _part_row(part: PartOfInvoice, currency: str, reader: Reader) -> dict[str, str]:
    """Return a part's day and amount, how it stands in words, and the class of its mark."""
    row = {
        "day": reader.date(part.due_on),
        "amount": formats.money(part.amount, currency, reader.country, reader.language),
    }
    if not part.missing:
        return row | {"words": _("paid"), "css": "won"}
    words = ""
    if part.missing < part.amount:
        missing = formats.money(part.missing, currency, reader.country, reader.language)
        words = _("%(amount)s open") % {"amount": missing}
    if part.due_on < reader.today:
        return row | {"words": words or _("late"), "css": "late"}
    return row | {"words": words, "css": "soon" if words else ""}
