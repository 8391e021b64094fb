"""Pages of scores: of a lead, of a customer, and how well the likelihoods came true."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assistant.models import LeadScore
from assistant.models.lead_score import FLOOR, lead_score_model
from assistant.permissions import USE
from assistant.scores.engagement import person_engagement, property_engagement
from assistant.scores.filters import bin_query
from assistant.scores.lead_panel import lead_score_panel, score_bins
from assistant.scores.scoring import write_scores
from crm.automation.points.filters import LOST, WON
from crm.automation.registry.lists import list_url
from crm.jobs.customers.views import seen_person
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import parse_typed_number
from crm.people.models import Person, ProfilingObjection, Property
from crm.web.actions.row_action import safe_next
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url


def _find_job(request: TenantRequest, number: int) -> Job:
    job: Job | None = Job.objects.visible_to(request.member).filter(number=number).first()
    if job is None:
        raise Http404
    return job


@require(USE)
def lead(request: TenantRequest, number: int) -> HttpResponse:
    """Show the score of a lead with its reasons."""
    return _render_lead(request, _find_job(request, number))


@require(USE)
@require_POST
def set_score(request: TenantRequest, number: int) -> HttpResponse:
    """Set the likelihood of a lead by hand, which freezes it; or let it be computed again."""
    job = _find_job(request, number)
    trouble = ""
    if request.POST.get("do") == "release":
        LeadScore.compute_again(job, by=request.member)
        if model := lead_score_model():
            write_scores(model, ids=[job.pk])
    else:
        trouble = _set_typed(job, request)
    if is_fragment(request) or trouble:
        return _render_lead(request, job, trouble=trouble)
    return redirect(safe_next(request) or record_url(job, request.tenant.slug))


def _set_typed(job: Job, request: TenantRequest) -> str:
    """Set the typed likelihood; return what is wrong with it, or a blank."""
    try:
        sentence = _("Enter a number from 0 to 100.")
        percent = parse_typed_number(
            request.POST.get("percent", "").strip().removesuffix("%"), sentence, least=0, most=100
        )
        LeadScore.set_by_hand(job, percent, by=request.member)
    except Refused as why:
        return str(why)
    return ""


def _render_lead(request: TenantRequest, job: Job, *, trouble: str = "") -> HttpResponse:
    site = Property.objects.filter(pk=job.site_id).first()
    context = {
        "job": job,
        "panel": lead_score_panel(job),
        "engagement": property_engagement(site) if site else None,
        "trouble": trouble,
        "typed": request.POST.get("percent", ""),
    }
    name = "assistant/scores/_lead.html" if is_fragment(request) else "assistant/scores/lead.html"
    return render(request, name, context, status=422 if trouble else 200)


@require(USE)
def person(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the engagement of a customer, and whether they object to being scored."""
    return _render_person(request, seen_person(request, uid))


@require(USE)
@require_POST
def objection(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Record that a customer objects to being scored, or that they don't any more."""
    row = seen_person(request, uid)
    if request.POST.get("objects") == "yes":
        ProfilingObjection.record(row, by=request.member)
        messages.success(request, _("Recorded. Their scores were deleted."))
    else:
        ProfilingObjection.withdraw(row, by=request.member)
        messages.success(request, _("Recorded. They may be scored again."))
    if is_fragment(request):
        return _render_person(request, row)
    return redirect(safe_next(request) or record_url(row, request.tenant.slug))


def _render_person(request: TenantRequest, row: Person) -> HttpResponse:
    context = {
        "person": row,
        "engagement": person_engagement(row),
        "reader": Reader.of(request.member, clock.now()),
        "objects": ProfilingObjection.objects.filter(person=row).exists(),
    }
    name = "assistant/scores/_person.html" if is_fragment(request) else "assistant/scores/person.html"
    return render(request, name, context)


@require(USE)
def calibration(request: TenantRequest) -> HttpResponse:
    """Show how well likelihoods came true: ten bins, each with its leads."""
    model = lead_score_model()
    rows = []
    for row in score_bins(model) if model else []:
        query = bin_query(row.low)
        won, lost = (
            list_url("job", f"{query}&outcome={outcome}&closed=all", request.tenant.slug) for outcome in (WON, LOST)
        )
        rows.append((row, won, lost))
    context = {
        "model": model,
        "rows": rows,
        "floor": FLOOR,
        "points_url": reverse("automation:calibration", args=[request.tenant.slug]),
    }
    return render(request, "assistant/scores/calibration.html", context)
