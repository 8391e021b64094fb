"""The pages of roofs."""

from uuid import UUID

from django.http import HttpResponse

from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


@require("roofs.view")
def roofs(request: TenantRequest) -> HttpResponse:
    return HttpResponse()


@require("roofs.view")
def roof(request: TenantRequest, uid: UUID) -> HttpResponse:
    return HttpResponse()


@require("roofs.view")
def panel(request: TenantRequest, number: int) -> HttpResponse:
    return HttpResponse()


@require("roofs.set_up")
def materials(request: TenantRequest) -> HttpResponse:
    return HttpResponse()
