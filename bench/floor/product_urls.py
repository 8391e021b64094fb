"""The product's addresses, and floors on the same stack, with sign-in and policies.

Of a move: the same fragment, and one write. Of lists of follow-ups, quotes and invoices: one query and one template. Of
the jobs in the API: the same query, as JSON.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from api.resources.jobs.job_serializers import PRIORITIES
from api.resources.own_values import own_values_of
from api.tokens.lookup import find_token
from billing.invoices.invoice_list import INVOICES
from crm.config import urls
from crm.jobs.models import Job
from crm.jobs.pipelines.setup import PipelineSetup, pipeline_setup
from crm.jobs.views.job_action import answer
from crm.kernel import clock
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.web.actions.row_action import Toast
from crm.web.lists.definition import List
from crm.web.lists.paging import ROWS
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.follow_up_list import FOLLOW_UPS
from quotes.quote_list.quote_list import QUOTES


@require("jobs.move")
def touch(request: TenantRequest, number: int) -> HttpResponse:
    """Find the lead, write one of its columns, and draw its fresh row with a toast."""
    job = get_object_or_404(Job.objects.visible_to(request.member), number=number)
    Job.objects.filter(pk=job.pk).update(touched_at=clock.now())
    undo = f"/{request.tenant.slug}/jobs/undo/00000000-0000-7000-8000-000000000000/"
    return answer(request, job, Toast(f"{job.title}: moved.", undo=undo))


@require("followups.view")
def plain_follow_ups(request: TenantRequest) -> HttpResponse:
    """Show the first page of the list by one query and one template, within the product's frame."""
    rows = FOLLOW_UPS.apply(FOLLOW_UPS.read(request.GET, request.member), request.member)
    return render(request, "plain_follow_ups.html", {"rows": rows.select_related("job").by_time()[:ROWS]})


@require("quotes.view")
def plain_quotes(request: TenantRequest) -> HttpResponse:
    """Show the first page of the list of quotes by one query and one template."""
    return _plain_money(request, QUOTES, "quotes:quote")


@require("billing.view")
def plain_invoices(request: TenantRequest) -> HttpResponse:
    """Show the first page of the list of invoices by one query and one template."""
    return _plain_money(request, INVOICES, "billing:invoice")


def _plain_money(request: TenantRequest, preset: List, page: str) -> HttpResponse:
    filters = preset.read(request.GET, request.member)
    rows = preset.order_of(filters).of(preset.apply(filters, request.member)).select_related("job")[:ROWS]
    return render(request, "plain_money.html", {"rows": rows, "page": page})


def bare_jobs(request: HttpRequest) -> HttpResponse:
    """Return the jobs of the API's list as JSON, by its query."""
    token = find_token(request.headers["Authorization"])
    assert token is not None
    with use_tenant(token.tenant_id, config_version=token.config_version):
        member = directory().members[token.member_id]
        rows = Job.objects.visible_to(member).select_related("person", "company", "site").order_by("-number")[:100]
        setup = pipeline_setup()
        return JsonResponse({"next": None, "previous": None, "results": [_bare_job(job, setup) for job in rows]})


def _bare_job(job: Job, setup: PipelineSetup) -> dict[str, Any]:
    organization = directory()
    owner = organization.members.get(job.member_id or 0)
    stage = setup.stages.get(job.stage_id or 0)
    return {
        "id": job.number,
        "title": job.title,
        "state": job.state,
        "pipeline": setup.pipelines[job.pipeline_id].name,
        "stage": stage.name if stage else None,
        "owner": {"id": owner.uid, "name": owner.name} if owner else None,
        "person": {"id": job.person.uid, "name": job.person.name} if job.person else None,
        "company": {"id": job.company.uid, "name": job.company.name} if job.company else None,
        "place": {"id": job.site.uid, "address": job.site.one_line} if job.site else None,
        "brand": organization.brands[job.brand_id].name,
        "source": setup.sources[job.source_id].name if job.source_id else None,
        "priority": PRIORITIES[job.priority],
        "value": job.value,
        "currency": job.currency,
        "next_step": {"kind": job.next_step_kind, "label": job.next_step_label, "at": job.next_step_at},
        "clock": {
            "side": job.side,
            "warn_at": job.warn_at,
            "due_at": job.due_at,
            "hold_reason": job.pause_reason,
            "hold_until": job.pause_ends_at,
        },
        "is_sold": job.is_sold,
        "own_fields": own_values_of(job),
        "expected_on": job.expected_on,
        "came_in_at": job.came_in_at,
        "entered_at": job.entered_at,
        "ended_at": job.ended_at,
        "ended_reason": job.ended_reason,
    }


urlpatterns = [
    path("api/v1/bench/jobs/", bare_jobs),
    path("<slug:tenant>/jobs/<int:number>/bench/", touch),
    path("<slug:tenant>/followups/bench/", plain_follow_ups),
    path("<slug:tenant>/quotes/bench/", plain_quotes),
    path("<slug:tenant>/invoices/bench/", plain_invoices),
    *urls.urlpatterns,
]
