"""The parts that were agreed on for a job's invoices, as the page of its money shows them."""

from typing import Any

from django.utils.translation import gettext as _

from billing.invoices.money_page import JobMoney
from billing.models import InstalmentPlan
from billing.models.instalment_plan import PartOfInvoice
from crm.jobs.models import Job


def instalment_cards(job: Job, page: JobMoney) -> list[dict[str, Any]]:
    """Return the agreements on parts of a job's invoices, with how each part stands."""
    plans = InstalmentPlan.objects.filter(job=job, state=InstalmentPlan.State.OPEN).order_by("agreed_at", "pk")
    rows = plans.select_related("invoice", "agreed_by").prefetch_related("instalments")
    return [
        {
            "row": plan,
            "agreed": page.reader.day(plan.agreed_at),
            "parts": [
                {"day": page.reader.date(part.due_on), "amount": page.money(part.amount)} | _standing(part, page)
                for part in plan.parts()
            ],
        }
        for plan in rows
    ]


def _standing(part: PartOfInvoice, page: JobMoney) -> dict[str, str]:
    """Return how a part stands in words, and the class of its mark."""
    if not part.missing:
        return {"words": _("paid"), "css": "won"}
    words = ""
    if part.missing < part.amount:
        words = _("%(amount)s open") % {"amount": page.money(part.missing)}
    if part.due_on < page.reader.today:
        return {"words": words or _("late"), "css": "late"}
    return {"words": words, "css": "soon" if words else ""}
