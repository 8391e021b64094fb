"""The view that chooses a list's columns."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from crm.web.lists.columns import NONE
from crm.web.lists.definition import List
from crm.web.models import ColumnChoice
from crm.web.requests.http import TenantRequest


@require_POST
def columns(request: TenantRequest, *, preset: List) -> HttpResponse:
    """Choose the columns: of the open view or URL, else the member's own default."""
    member = request.member
    filters = preset.read_text(request.POST.get("query", ""), member)
    chosen = preset.columns.spell(preset.columns.read(",".join([*request.POST.getlist("column"), NONE])) or ())
    if filters.view or filters.columns:
        filters = filters.changed(columns=chosen)
    else:
        ColumnChoice.choose(preset.key, chosen, by=member)
    return redirect(preset.url("list", request.tenant.slug) + filters.query())
