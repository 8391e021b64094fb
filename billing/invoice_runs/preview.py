"""InvoicePreview: how many invoices a run would issue, their sums, and the reasons why others stay as they are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from django.utils.translation import ngettext

from billing.invoice_runs.models import InvoiceRun, InvoiceRunAct
from billing.models import Invoice, InvoiceState, PaymentPart
from crm.jobs.models import Job
from crm.kernel import formats
from crm.people.models import ContactPoint
from crm.platform.organization.configuration import directory


class InvoiceRefusal(StrEnum):
    """Why nothing is issued for a selected row."""

    ISSUED = "issued"
    NO_PLAN = "no_plan"
    BILLED = "billed"


@dataclass
class InvoicePreview:
    """The steps of a run by id of the draft or job, their sums in each currency, and how many stay, by reason."""

    steps: dict[int, int] = field(default_factory=dict)
    sums: Counter[str] = field(default_factory=Counter)
    refusals: Counter[InvoiceRefusal] = field(default_factory=Counter)
    # The customers of what would be issued, once for each invoice; None: it has none.
    payers: list[int | None] = field(default_factory=list)

    def add(self, pk: int, seen: int, amount: int, currency: str, person_id: int | None) -> None:
        """Add an invoice that would be issued."""
        self.steps[pk] = seen
        self.sums[currency] += amount
        self.payers.append(person_id)

    @property
    def digest(self) -> str:
        """The run starts only if this is still the same."""
        return sha256(repr(sorted(self.steps.items())).encode()).hexdigest()[:16]

    def sum_text(self, language: str) -> str:
        """Return the sums, the currency of most money first."""
        country = directory().tenant.country
        return " + ".join(
            formats.money(amount, currency, country, language) for currency, amount in self.sums.most_common()
        )

    def sentences(self) -> list[str]:
        """Say how many stay as they are and why, and how many customers get no email."""
        sentences = [_refusal_sentence(why, count) for why, count in self.refusals.most_common()]
        if unreached := self._count_without_email():
            words = ngettext(
                "%(count)s has no customer with an email address: print it, or send it by hand.",
                "%(count)s have no customer with an email address: print them, or send them by hand.",
                unreached,
            )
            sentences.append(words % {"count": unreached})
        return sentences

    def _count_without_email(self) -> int:
        people = {pk for pk in self.payers if pk}
        points = ContactPoint.objects.filter(person_id__in=people, kind=ContactPoint.PointKind.EMAIL)
        reached = set(points.values_list("person_id", flat=True))
        return sum(pk not in reached for pk in self.payers)


def preview_run(run: InvoiceRun) -> InvoicePreview:
    """Preview a run on its selection as it is now."""
    if run.act == InvoiceRunAct.ISSUE:
        return _preview_drafts(run)
    return _preview_jobs(run)


def _preview_drafts(run: InvoiceRun) -> InvoicePreview:
    preview = InvoicePreview()
    rows = Invoice.objects.visible_to(run.by).filter(pk__in=run.ids).order_by("sort_at", "pk")
    for row in rows.only("state", "version", "total", "currency", "person_id"):
        if row.state == InvoiceState.DRAFT:
            preview.add(row.pk, row.version, row.total, row.currency, row.person_id)
        else:
            preview.refusals[InvoiceRefusal.ISSUED] += 1
    return preview


def _preview_jobs(run: InvoiceRun) -> InvoicePreview:
    preview = InvoicePreview()
    people = dict(Job.objects.visible_to(run.by).filter(pk__in=run.ids).order_by("pk").values_list("pk", "person_id"))
    with_plan = set(PaymentPart.objects.filter(plan_id__in=people).values_list("plan_id", flat=True))
    parts = next_parts(list(people))
    for job_id, person_id in people.items():
        part = parts.get(job_id)
        if part is not None:
            preview.add(job_id, part.pk, part.amount, part.plan.currency, person_id)
        elif job_id in with_plan:
            preview.refusals[InvoiceRefusal.BILLED] += 1
        else:
            preview.refusals[InvoiceRefusal.NO_PLAN] += 1
    return preview


def next_parts(job_ids: Sequence[int]) -> dict[int, PaymentPart]:
    """Return by job the first part of its payment plan that was not billed and is about some money."""
    parts = PaymentPart.objects.filter(plan_id__in=job_ids, billed_at=None, amount__gt=0).select_related("plan")
    # The first comes last, and stays.
    return {part.plan_id: part for part in parts.order_by("plan_id", "-position")}


def _refusal_sentence(why: InvoiceRefusal, count: int) -> str:
    sentences = {
        InvoiceRefusal.ISSUED: ngettext(
            "%(count)s is issued already and stays.", "%(count)s are issued already and stay.", count
        ),
        InvoiceRefusal.NO_PLAN: ngettext(
            "%(count)s has no payment plan: nothing was agreed yet.",
            "%(count)s have no payment plan: nothing was agreed yet.",
            count,
        ),
        InvoiceRefusal.BILLED: ngettext("%(count)s is billed completely.", "%(count)s are billed completely.", count),
    }
    return sentences[why] % {"count": count}
