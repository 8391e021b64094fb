"""Open a lead by hand, on a page or in the dialog; matching customers are shown while typing."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from crm.jobs.creation.known_customers import known_at
from crm.jobs.models import Job
from crm.jobs.next_step.signals import plan_line
from crm.kernel.normalization import normalize_email, normalize_phone
from crm.kernel.refusal import Refused
from crm.web.lists.conditions.query import tidy
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.requests.throttle import limit
from leads.new_lead import TakenMeanwhile, open_lead
from leads.new_lead_form import SOMEBODY_NEW, OpeningForm

# What a link to the form may bring along.
BROUGHT = ("name", "phone", "email")


@require("leads.open")
def open_(request: TenantRequest) -> HttpResponse:
    """Show the form; POST opens the lead with its next step. A step that cannot be parsed can be planned afterwards."""
    if request.method != "POST":
        brought = {name: tidy(request.GET.get(name, "")) for name in BROUGHT}
        return _render_form(request, OpeningForm(request, None, brought))
    form = OpeningForm(request, request.POST, {})
    if job := form.opened_before():
        return _led_on(request, job, "" if job.next_step_kind else tidy(request.POST.get("then", "")))
    if not form.is_valid():
        return _render_form(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        job = open_lead(form.new_lead(), by=request.member, person=form.same)
    except TakenMeanwhile:
        again = OpeningForm(request, request.POST, {})
        again.is_valid()
        return _render_form(request, again, HTTPStatus.CONFLICT)
    then = form.cleaned_data["then"]
    # A double click gets the lead the other one opened, with its step.
    has_step = bool(job.next_step_kind)
    if has_step:
        planned = ""
    else:
        planned = _plan_next_step(request, job, then)
    opened = _("Lead %(number)s created.") % {"number": job.number}
    messages.success(request, f"{opened} {planned}".strip())
    return _led_on(request, job, "" if planned or has_step else then)


def _plan_next_step(request: TenantRequest, job: Job, then: str) -> str:
    try:
        return plan_line(job, then, by=request.member, once=request.POST.get("plan_once", ""))
    except Refused:
        return ""


def _led_on(request: TenantRequest, job: Job, then: str) -> HttpResponse:
    """Redirect to the lead's page, or to planning the next step that was typed."""
    slug = request.tenant.slug
    url = page = reverse("leads:lead", args=[slug, job.number])
    if then:
        url = f"{reverse('followups:plan', args=[slug])}?{urlencode({'job': job.number, 'text': then, 'next': page})}"
    if request.htmx:
        return HttpResponseClientRedirect(url)
    return redirect(url)


def _render_form(request: TenantRequest, form: OpeningForm, status: int = HTTPStatus.OK) -> HttpResponse:
    part = "#dialog"
    if request.method == "POST":
        part = "#form"
    context: dict[str, Any] = {"form": form, "known": form.known, "chosen": form.data.get("person", "")}
    context["somebody_new"] = SOMEBODY_NEW
    return render(request, "leads/open.html" + (part if is_fragment(request) else ""), context, status=status)


@require("leads.open")
@limit("known", "120/m")
def known_customer(request: TenantRequest) -> HttpResponse:
    """Show customers known at the contact point typed so far; empty while it is incomplete."""
    form = OpeningForm(request, None, {})
    region = form.brand_in(request.GET).country
    typed = [
        normalize_email(tidy(request.GET.get("email", ""))),
        normalize_phone(tidy(request.GET.get("phone", "")), region),
    ]
    candidates = known_at(filter(None, typed), by=request.member)
    context = {"known": candidates, "chosen": request.GET.get("person", ""), "somebody_new": SOMEBODY_NEW}
    return render(request, "leads/_known.html", context)
