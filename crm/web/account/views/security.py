"""The admins' security page: whether members need a second factor, and who has none."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.platform.accounts.second_factor import has_second_factor, members_without
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.requests.reauthentication import confirm_first

SHOWN = 200


@require("security.manage")
@confirm_first(only_post=True)
def security(request: TenantRequest) -> HttpResponse:
    """Show and switch the requirement (`required`: "on" or "off"), with the members it would lock out."""
    if request.method == "POST":
        _switch(request, request.POST.get("required", ""))
        return redirect("security", request.tenant.slug)
    lacking = members_without()
    page = {"count": lacking.count(), "lacking": lacking[:SHOWN], "has_one": has_second_factor(request.user.pk)}
    return render(request, "web/security.html", page)


def _switch(request: TenantRequest, asked: str) -> None:
    if asked == "on" and not has_second_factor(request.user.pk):
        messages.error(request, _("Set up a second factor for yourself first, or you would be locked out."))
    elif asked in ("on", "off"):
        request.tenant.ask_second_factor(asked == "on", by=request.member)
        said = _("A second factor is required now.") if asked == "on" else _("A second factor is no longer required.")
        messages.success(request, said)
