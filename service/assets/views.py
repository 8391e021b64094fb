"""Actions on assets of a job's property: add, maintain, remove."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.kernel.days import parse_typed_day
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import parse_typed_number
from crm.web.actions.row_action import RowAction, Toast
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from service.models import Asset
from service.projects.views.project_action import find_project, respond_with_toast

MOST_MONTHS = 120


@require("projects.work")
@require_POST
def add_asset(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Add an asset that a project installed at its property."""
    project = find_project(request, uid)
    every = request.POST.get("every_months", "")
    try:
        sentence = _("Say in months how often it is maintained.")
        months = None
        if every:
            months = parse_typed_number(every, sentence, least=1, most=MOST_MONTHS)
        asset = Asset.register(
            project.job,
            request.POST.get("name", ""),
            by=request.member,
            installed_on=parse_typed_day(request.POST.get("installed_on", "")),
            warranty_until=parse_typed_day(request.POST.get("warranty_until", "")),
            maintenance_due=parse_typed_day(request.POST.get("maintenance_due", "")),
            every_months=months,
        )
        messages.success(request, _added_words(asset))
    except Refused as why:
        messages.warning(request, str(why))
    return redirect("service:project", request.tenant.slug, uid)


def _added_words(asset: Asset) -> str:
    if asset.maintenance_due:
        return _("Saved. The maintenance is planned.")
    return _("Saved.")


class AssetAction(RowAction[Asset]):  # type: ignore[type-var]
    """An action on an asset; its form states the target state, so it needs no version."""

    model = Asset
    permission = "projects.work"

    def find(self, request: TenantRequest, *, lock: bool, **named: UUID) -> Asset:
        rows = Asset.objects.visible_to(request.member).select_related("job")
        row: Asset | None = rows.filter(uid=named["uid"]).first()
        if row is None:
            raise Http404
        if lock:
            row.lock()
        return row

    def check(self, request: TenantRequest, row: Asset) -> None:
        """Allow every member who sees the asset."""

    def answer(self, request: TenantRequest, row: Asset, toast: Toast) -> HttpResponse:
        project = getattr(row.job, "project", None)
        return respond_with_toast(request, toast, str(project.uid) if project else "")


action = AssetAction()


@action("asset.maintained")
def maintain_asset(request: TenantRequest, row: Asset) -> str:
    """Record maintenance."""
    on = parse_typed_day(request.POST.get("on", ""))
    if on is None:
        raise Refused(_("Choose a day."))
    row.maintain(on, by=request.member)
    return _("Maintained.")


@action("asset.removed")
def remove_asset(request: TenantRequest, row: Asset) -> str:
    """Mark the asset as removed."""
    row.remove(by=request.member)
    return _("It no longer exists.")
