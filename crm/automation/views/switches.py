"""Switches for all triggers and for single customers, and how long a person's move takes precedence."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.automation.log.run_lines import run_lines
from crm.automation.models import AutomationPolicy, RuleRun, Silence
from crm.automation.models.policy import automation_policy
from crm.automation.views.frame import MANAGE, VIEW, page_context
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.whole_numbers import parse_typed_number
from crm.people.models import Person
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.settings.page import Context, settings_page
from crm.web.shell.record_pages import record_url, visible_rows

MOST_HOURS = 24 * 30
MOST = 200


@settings_page("automation:switches", VIEW, "automation/switches.html")
def switches(request: TenantRequest) -> Context:
    """Show the switches, and the customers that are excluded from triggers."""
    reader = Reader.of(request.member, clock.now())
    members = directory().members
    rows = Silence.objects.select_related("person").order_by("-at", "-pk")[:MOST]
    silenced = [
        (row, record_url(row.person, request.tenant.slug), members.get(row.by_id or 0), reader.day(row.at))
        for row in rows
    ]
    return {"policy": automation_policy(), "silenced": silenced, **page_context(request)}


@switches.action(permission=MANAGE)
def switch_all(request: TenantRequest) -> str:
    """Switch all triggers off, or on again."""
    on = request.POST.get("to") == "on"
    AutomationPolicy.switch(on, by=request.member)
    if on:
        return _("Triggers are on.")
    return _("All triggers are off. Anything they would have done is logged as skipped.")


@switches.action(permission=MANAGE)
def person_wins(request: TenantRequest) -> str:
    """Set for how many hours a person's move takes precedence over triggers."""
    sentence = _("Enter hours from 0 to %(most)s.") % {"most": MOST_HOURS}
    hours = parse_typed_number(request.POST.get("hours", ""), sentence, most=MOST_HOURS)
    AutomationPolicy.set_person_wins(hours, by=request.member)
    return _("Saved.")


def _get_person(request: TenantRequest, uid: UUID) -> Person:
    person: Person = get_object_or_404(visible_rows(Person, request.member), uid=uid)
    return person


@require(VIEW)
def person(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show what triggers did for a customer, and whether they are off for them."""
    customer = _get_person(request, uid)
    jobs = list(Job.objects.filter(person=customer).order_by("-pk").values_list("pk", flat=True)[:MOST])
    runs = RuleRun.objects.filter(job_id__in=jobs).order_by("-pk")[:50]
    context = {
        "person": customer,
        "person_url": record_url(customer, request.tenant.slug),
        "is_silent": Silence.objects.filter(person=customer).exists(),
        "lines": run_lines(list(runs), request),
        **page_context(request),
    }
    part = ""
    if is_fragment(request):
        part = "#panel"
    return render(request, f"automation/person.html{part}", context)


@require(MANAGE)
@require_POST
def silence(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Switch triggers off for a customer, or on again."""
    customer = _get_person(request, uid)
    if request.POST.get("to") == "on":
        Silence.end(customer, by=request.member)
        messages.success(request, _("Triggers are on for %(name)s again.") % {"name": customer})
    else:
        Silence.begin(customer, by=request.member)
        messages.success(request, _("Triggers are off for %(name)s.") % {"name": customer})
    return redirect("automation:person", request.tenant.slug, uid)
