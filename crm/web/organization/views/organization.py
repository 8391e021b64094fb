"""Settings of the organization: its name, country, and the defaults of its brands and members."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.platform.models import Tenant
from crm.web.requests.form_version import is_posted, is_stale, show, show_lost, version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings import choices
from crm.web.settings.fields import hues, offer, select, text

PAGE = "web/organization.html"


class OrganizationForm(forms.Form):
    """The fields of a tenant an admin may edit."""

    name = text(gettext_lazy("Name"), 120)
    country = select(gettext_lazy("Country"), hint=gettext_lazy("Sets how dates and numbers are written."))
    time_zone = select(
        gettext_lazy("Time zone"), hint=gettext_lazy("For reports, and for members who haven’t chosen one.")
    )
    language = select(gettext_lazy("Language"), hint=gettext_lazy("For invitations and new brands."))
    currency = select(gettext_lazy("Currency"), hint=gettext_lazy("Default for new brands."))
    hue = hues(gettext_lazy("Colour"))

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "country", choices.countries())
        offer(self, "time_zone", zones_with(zone))
        offer(self, "language", choices.languages())
        offer(self, "currency", choices.currencies())


def zones_with(zone: str) -> list[Any]:
    """Return the time zones to choose from, including one that is set already, whatever its spelling."""
    known = {name for _region, zones in choices.time_zones() for name, _words in zones}
    return [*([] if zone in known or not zone else [(zone, zone)]), *choices.time_zones()]


@require("organization.manage")
def organization(request: TenantRequest) -> HttpResponse:
    """Show and save the form; changes hold from the next page on, for everybody."""
    posted = is_posted(request)
    row = Tenant.objects.get(pk=request.tenant.pk)
    names = ("name", "country", "time_zone", "language", "currency")
    before: dict[str, Any] = {name: getattr(row, name) for name in names}
    before["hue"] = choices.nearest_hue(row.brand_hue)
    version = version_of(before)
    if not posted:
        return show(request, PAGE, OrganizationForm(initial=before, zone=row.time_zone), {}, version)
    if is_stale(request, version):
        return show_lost(request, PAGE, OrganizationForm(initial=before, zone=row.time_zone), {}, version)
    form = OrganizationForm(request.POST, zone=row.time_zone)
    if not form.is_valid():
        return show(request, PAGE, form, {}, version)
    given = dict(form.cleaned_data)
    hue = given.pop("hue")
    row.edit(by=request.member, **given, **({} if hue == before["hue"] else {"brand_hue": hue}))
    messages.success(request, _("Saved."))
    return redirect("organization", request.tenant.slug)
