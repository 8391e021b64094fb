"""The money of a job: its page, its panel, its account as a file, and the dialogs that bill and credit."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.dunning.page_steps import reminder_steps
from billing.invoices.forms import BillForm, CreditForm
from billing.invoices.instalment_cards import instalment_cards
from billing.invoices.money_dialog import answer_dialog
from billing.invoices.money_page import JobMoney
from billing.invoices.plan_invoices import bill_part
from billing.invoices.refund_page import credit_hint, waiting_refunds
from billing.ledger.job_account import job_account
from billing.models import (
    BankEntry,
    EntryState,
    Invoice,
    InvoiceKind,
    LineDraft,
    PaymentPart,
    PaymentPromise,
    Refund,
    terms_of,
)
from billing.models.refund import credit_within_limit
from billing.paper.account_content import statement_brand
from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.identity.first_name import first_name
from crm.platform.access.permissions import allows
from crm.platform.files.csv_response import csv_response
from crm.platform.models import AccessLog
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from quotes.taxes.models.tax_class import default_tax_class
from quotes.taxes.treatment import TaxPlace, rate_for

VIEW = "billing.view"
ISSUE = "billing.issue"


def find_job(request: TenantRequest, number: int) -> Job:
    """Return a job whose money the member may see: one they may see, or have sold. Raises Http404."""
    job: Job = get_object_or_404(Job.objects.select_related("person", "brand", "site"), number=number)
    if job.is_visible_to(request.member):
        return job
    sold = Job.objects.filter(pk=job.pk, hand_off__seller=request.member)
    if not sold.exists():
        raise Http404
    return job


def money_url(request: TenantRequest, job: Job) -> str:
    return reverse("billing:money", args=[request.tenant.slug, job.number])


@require(VIEW)
def money(request: TenantRequest, number: int) -> HttpResponse:
    """Show the money of a job."""
    job = find_job(request, number)
    AccessLog.objects.note_read(job, by=request.member)
    reader = Reader.of(request.member, clock.now())
    page = JobMoney(job, reader)
    may = _may(request)
    instalments = instalment_cards(page.bills, reader)
    waiting = BankEntry.objects.filter(state=EntryState.WAITING) if may["record"] else BankEntry.objects.none()
    context = {
        "job": job,
        "sees_job": job.is_visible_to(request.member),
        "money": page,
        "figures": page.figures(),
        "bar": page.bar(),
        "bills": page.bill_rows(),
        "payments": page.payment_rows(),
        "account": job_account(job, page.currency, reader),
        "refunds": waiting_refunds(job, request.member, reader),
        "promises": promise_cards(job, page),
        "instalments": instalments,
        "in_parts": {card["row"].invoice_id for card in instalments},
        "reminders": reminder_steps(page.bills, reader),
        "may": may,
        "bank_lines": waiting.count(),
        "look_as": _look_name(job),
        "has_statement": job.person is not None and statement_brand(job.person, request.member) is not None,
    }
    return render(request, "billing/money.html", context)


def _look_name(job: Job) -> str:
    """Return the first name of the customer whose page a member can look at; blank without a customer."""
    if job.person is None or job.person.erased_at:
        return ""
    return first_name(job.person.name) or job.person.name


def promise_cards(job: Job, page: JobMoney) -> list[dict[str, Any]]:
    """Return the open promises of a job."""
    rows = PaymentPromise.objects.filter(job=job, state=PaymentPromise.State.OPEN)
    return [
        {
            "row": row,
            "amount": page.money(row.amount),
            "day": page.reader.date(row.until),
            "made": page.reader.day(row.made_at),
        }
        for row in rows.select_related("invoice", "taken_by").order_by("until")
    ]


def _may(request: TenantRequest) -> dict[str, bool]:
    names = {
        "issue": ISSUE,
        "record": "billing.record_payment",
        "refund": "billing.refund",
        "approve": "billing.approve_refund",
        "books": "billing.books",
    }
    return {key: allows(request.member, name) for key, name in names.items()}


@require(VIEW)
def panel(request: TenantRequest, number: int) -> HttpResponse:
    """Show what was billed and is open, for the job's pages; without scripts, the page of the job's money."""
    job = find_job(request, number)
    if not is_fragment(request):
        return redirect(money_url(request, job))
    page = JobMoney(job, Reader.of(request.member, clock.now()))
    return render(request, "billing/_panel.html", {"job": job, "money": page, "bills": page.bill_rows()})


@require("billing.books")
def account_file(request: TenantRequest, number: int) -> HttpResponse:
    """Return the account of a job as a CSV file."""
    job = find_job(request, number)
    reader = Reader.of(request.member, clock.now())
    page = JobMoney(job, reader)
    headings = [_("Line"), _("Day"), _("Billed"), _("Paid, credited"), _("Balance")]
    return csv_response(f"account-{job.number}", headings, job_account(job, page.currency, reader).lines)


@require(ISSUE)
def bill(request: TenantRequest, number: int) -> HttpResponse:
    """Bill a part of the plan, or something else."""
    job = find_job(request, number)
    reader = Reader.of(request.member, clock.now())
    page = JobMoney(job, reader)
    parts = list(PaymentPart.objects.filter(plan_id=job.pk, billed_at=None).select_related("plan__job"))
    form = BillForm(
        request.POST or None,
        page.currency,
        reader,
        parts,
        due_days=terms_of(job.brand_id).due_days,
        rate_ppm=usual_rate(job),
    )

    def issue(given: dict[str, Any]) -> str:
        if given["what"] in form.parts:
            invoice = bill_part(form.parts[given["what"]], by=request.member)
        else:
            line = LineDraft(given["title"], given["amount"], tax_rate=given["rate"])
            invoice = Invoice.draft(
                job,
                InvoiceKind.PROGRESS,
                given["title"],
                [line],
                by=request.member,
                origin=f"form:{given['once']}",
                currency=page.currency,
                due_days=given["days"],
            )
            invoice.issue(by=request.member)
        return _("%(number)s is issued.") % {"number": invoice.number}

    more = {"hint": _("An issued invoice gets its number and is sent by email. It can’t be changed, only credited.")}
    return answer_dialog(
        request, form, issue, title=_("New invoice"), button=_("Issue and send"), back=money_url(request, job), **more
    )


def usual_rate(job: Job) -> int:
    """Return the rate of the default tax class at the place of a job, in parts per million; 0 if there is none."""
    tax_class = default_tax_class()
    if tax_class is None:
        return 0
    place = TaxPlace.of(job.brand.country, job.site, job.person)
    return rate_for(tax_class, place, directory().today()).rate_ppm


@require(ISSUE)
def credit(request: TenantRequest, number: int) -> HttpResponse:
    """Credit an invoice, in part or whole."""
    job = find_job(request, number)
    reader = Reader.of(request.member, clock.now())
    page = JobMoney(job, reader)
    form = CreditForm(request.POST or None, page.currency, reader, page.bills, request.GET.get("invoice", ""))

    def issue(given: dict[str, Any]) -> str:
        invoice = form.invoices[given["invoice"]]
        note = credit_within_limit(invoice, given["amount"], given["reason"], by=request.member, once=given["once"])
        if isinstance(note, Refund):
            return _("This is above your limit. It waits for a second person.")
        return _("%(number)s is issued.") % {"number": note.number}

    more = {"hint": credit_hint(request.member, page.currency, reader)}
    return answer_dialog(
        request, form, issue, title=_("New credit note"), button=_("Credit it"), back=money_url(request, job), **more
    )
