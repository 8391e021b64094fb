"""Quoted against actual price and duration, with the drift; and the page to enter them."""

from dataclasses import dataclass

from babel.numbers import get_currency_precision
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.kernel import formats
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import parse_typed_number
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url
from leads.models import Lead
from leads.sources.spending.grid import amount_of

# From so many percent on, over what was said, a drift is marked.
LATE = 10
CRIT = 25
LONGEST_DAYS = 3650


@dataclass(frozen=True)
class Drift:
    """A pair of numbers; `css`: how large the difference is. Blank if one of them is not known."""

    label: str
    quoted: str
    actual: str
    drift: str = ""
    css: str = ""


def percent_over(quoted: int | None, actual: int | None) -> int | None:
    """Return how many percent the actual number is over the quoted one; None if one is missing or zero."""
    if quoted and actual is not None:
        return round(100 * (actual - quoted) / quoted)
    return None


def drifts(job: Job, lead: Lead | None, reader: Reader, *, planned_days: int | None = None) -> list[Drift]:
    """Return the drift of price and duration, if known. `planned_days`: of work that is not finished."""
    if lead is None:
        return []

    def money(minor: int | None) -> str:
        if minor is None:
            return "–"
        return formats.money(minor, job.currency, reader.country, reader.language)

    def days(count: int | None) -> str:
        if count is None:
            return "–"
        return _("%(days)s d") % {"days": count}

    pairs = (
        (_("Price"), lead.quoted_value, lead.actual_value, money),
        (_("Duration"), lead.quoted_days, planned_days if lead.actual_days is None else lead.actual_days, days),
    )
    return [
        _build_drift(label, words(quoted), words(actual), percent_over(quoted, actual))
        for label, quoted, actual, words in pairs
        if quoted is not None or actual is not None
    ]


def _build_drift(label: str, quoted: str, actual: str, over: int | None) -> Drift:
    if over is None:
        return Drift(label, quoted, actual)
    if over >= CRIT:
        css = "crit"
    elif over >= LATE:
        css = "late"
    else:
        css = "ok"
    return Drift(label, quoted, actual, f"{over:+d}%", css)


@require("jobs.correct")
def estimate(request: TenantRequest, number: int) -> HttpResponse:
    """Save the quoted and actual values."""
    job: Job | None = Job.objects.visible_to(request.member).filter(number=number).first()
    if job is None:
        raise Http404
    lead = Lead.objects.filter(job=job).first()
    if request.method != "POST":
        return _render_form(request, job, lead)
    try:
        numbers = _posted_numbers(request, job)
    except Refused as why:
        return _render_form(request, job, lead, str(why))
    lead = lead or Lead.objects.get_or_create(job=job, defaults={"rep_id": job.member_id})[0]
    lead.estimate(by=request.member, **numbers)
    messages.success(request, _("Quoted and actual saved."))
    return redirect(record_url(job, request.tenant.slug))


def _posted_numbers(request: TenantRequest, job: Job) -> dict[str, int | None]:
    labels = {"quoted_value": _("Quoted price"), "actual_value": _("Actual price")}
    amounts = {name: amount_of(request.POST.get(name, "")[:40], job.currency, label) for name, label in labels.items()}
    return amounts | {name: _parse_days(request.POST.get(name, "")) for name in ("quoted_days", "actual_days")}


def _parse_days(text: str) -> int | None:
    if text.strip():
        return parse_typed_number(text, _("Enter days as a whole number."), most=LONGEST_DAYS)
    return None


def _render_form(request: TenantRequest, job: Job, lead: Lead | None, problem: str = "") -> HttpResponse:
    digits = get_currency_precision(job.currency)

    def field_value(name: str) -> str:
        if problem:
            return str(request.POST.get(name, ""))
        value = getattr(lead, name, None)
        if value is None or name.endswith("_days"):
            if value is None:
                return ""
            return str(value)
        return f"{value / 10**digits:.{digits if value % 10**digits else 0}f}"

    fields = [
        (_("Quoted price, in %(currency)s") % {"currency": job.currency}, "quoted_value", field_value("quoted_value")),
        (_("Quoted duration, in days"), "quoted_days", field_value("quoted_days")),
        (_("Actual price, in %(currency)s") % {"currency": job.currency}, "actual_value", field_value("actual_value")),
        (_("Actual duration, in days"), "actual_days", field_value("actual_days")),
    ]
    context = {"job": job, "fields": fields, "problem": problem}
    return render(request, "leads/sources/estimate.html", context, status=422 if problem else 200)
