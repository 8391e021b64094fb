"""Settings: create, reset and delete the practice organization; and the strip that marks its pages."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.kernel.refusal import Refused
from crm.platform.configuration.transfer import ImportProblem
from crm.platform.models import Tenant
from crm.platform.organization.practice import create_practice, delete_practice, reset_practice
from crm.web.configuration.views import MANAGE
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

# Of what could not be copied, so much is said; the rest is on the page of triggers.
SAID = 5


def draw_practice_strip(request: HttpRequest) -> SafeString:
    """Return the mark of a practice organization; blank elsewhere."""
    tenant: Tenant | None = getattr(request, "tenant", None)
    if tenant is None or tenant.practice_of_id is None:
        return SafeString()
    return render_to_string("web/configuration/_practice_strip.html")


@require(MANAGE)
@require_POST
def create(request: TenantRequest) -> HttpResponse:
    """Create the practice organization."""
    try:
        practice, problems = create_practice(by=request.member)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("configuration", request.tenant.slug)
    return _welcome(request, practice, problems)


@require(MANAGE)
@require_POST
def reset(request: TenantRequest) -> HttpResponse:
    """Delete the practice organization, and create it from the configuration as it is now."""
    try:
        practice, problems = reset_practice(by=request.member)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("configuration", request.tenant.slug)
    return _welcome(request, practice, problems)


@require(MANAGE)
def delete(request: TenantRequest) -> HttpResponse:
    """Ask whether to delete the practice organization; a POST deletes it."""
    if request.method != "POST":
        return render(request, "web/configuration/practice_delete.html", {})
    if delete_practice(by=request.member):
        messages.success(request, _("The practice organization is deleted."))
    return redirect("configuration", request.tenant.slug)


def _welcome(request: TenantRequest, practice: Tenant, problems: list[ImportProblem]) -> HttpResponse:
    messages.success(request, _("The practice organization is ready. You are its admin."))
    for problem in problems[:SAID]:
        messages.info(request, _("Left out: %(what)s") % {"what": problem})
    return redirect("configuration", request.tenant.slug)
