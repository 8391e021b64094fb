"""Settings: create, reset and delete the practice organization; and the strip that marks its pages."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.kernel.refusal import Refused
from crm.platform.models import Tenant
from crm.platform.organization.practice import delete_practice, find_practice
from crm.platform.work import runs
from crm.web.actions.runs import RunPage
from crm.web.configuration.practice_runs import find_practice_run, start_practice
from crm.web.configuration.views import MANAGE
from crm.web.models import PracticeRun
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


def draw_practice_strip(request: HttpRequest) -> SafeString:
    """Return the mark of a practice organization; blank elsewhere."""
    tenant: Tenant | None = getattr(request, "tenant", None)
    if tenant is None or tenant.practice_of_id is None:
        return SafeString()
    return render_to_string("web/configuration/_practice_strip.html")


@require(MANAGE)
@require_POST
def create(request: TenantRequest) -> HttpResponse:
    """Start to create the practice organization."""
    return _start(request, resets=False)


@require(MANAGE)
@require_POST
def reset(request: TenantRequest) -> HttpResponse:
    """Start to delete the practice organization, and to create it from the configuration as it is now."""
    return _start(request, resets=True)


def _start(request: TenantRequest, *, resets: bool) -> HttpResponse:
    try:
        run = start_practice(resets=resets, by=request.member)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("configuration", request.tenant.slug)
    return redirect("practice_run", request.tenant.slug, run.uid)


def _get_run(uid: UUID) -> PracticeRun:
    return get_object_or_404(PracticeRun.objects.all(), uid=uid)


@require(MANAGE)
@require_GET
def show_run(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show how far the creation is, and what could not be copied."""
    run = _get_run(uid)
    words = _("Step %(step)s of %(steps)s. You can leave this page; it continues.")
    page = RunPage(
        run,
        "web/configuration/practice_run.html",
        reverse("practice_run", args=[request.tenant.slug, run.uid]),
        words % {"step": min(run.done + 1, run.total), "steps": run.total},
        _("Steps done"),
        reverse("practice_cancel", args=[request.tenant.slug, run.uid]),
        _("Cancel"),
    )
    return page.answer(request, {"practice": find_practice()})


@require(MANAGE)
@require_POST
def cancel(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Cancel the creation. What there is of it is deleted."""
    run = _get_run(uid)
    runs.cancel(run, by=request.member)
    return redirect("practice_run", request.tenant.slug, run.uid)


@require(MANAGE)
def delete(request: TenantRequest) -> HttpResponse:
    """Ask whether to delete the practice organization; a POST deletes it."""
    if run := find_practice_run():
        messages.warning(request, _("The practice organization is being created. Cancel that first."))
        return redirect("practice_run", request.tenant.slug, run.uid)
    if request.method != "POST":
        return render(request, "web/configuration/practice_delete.html", {})
    if delete_practice(by=request.member):
        messages.success(request, _("The practice organization is deleted."))
    return redirect("configuration", request.tenant.slug)
