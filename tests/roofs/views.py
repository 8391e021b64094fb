"""The pages of roofs."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from crm.web.actions.row_action import RowAction
from crm.web.lists.page import frame
from crm.web.lists.paging import read_page
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings.page import settings_page
from tests.roofs.models import Material, Roof
from tests.roofs.roof_list import ROOFS


@require("roofs.view")
def roofs(request: TenantRequest) -> HttpResponse:
    filters = ROOFS.read(request.GET, request.member)
    page = read_page(ROOFS.apply(filters, request.member), request.GET, ROOFS.order_of(filters))
    return render(request, "roofs/list.html", {"page": page} | frame(request, ROOFS, filters))


class RoofAction(RowAction[Roof]):
    model, permission = Roof, "roofs.view"


@RoofAction()("roof.inspected")
def inspect(request: TenantRequest, roof: Roof) -> str:
    roof.inspect(request.POST["result"], by=request.member)
    return "Inspected."


@settings_page("roofs:materials", "roofs.set_up", "roofs/materials.html")
def materials(request: TenantRequest) -> dict[str, Any]:
    return {"materials": Material.objects.all()}


@materials.action()
def add_material(request: TenantRequest) -> str:
    Material.objects.create(name=request.POST["name"])
    return "Added."
