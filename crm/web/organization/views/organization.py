"""Settings of the organization: its name, country, and the defaults of its brands and members."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.platform.models import Tenant
from crm.web.requests.form_version import is_posted, is_stale, render_form, render_stale_form, version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings import choices
from crm.web.settings.fields import hue_field, select_field, set_choices, text_field

PAGE = "web/organization.html"


class OrganizationForm(forms.Form):
    """The fields of a tenant an admin may edit."""

    name = text_field(gettext_lazy("Name"), 120)
    country = select_field(gettext_lazy("Country"), hint=gettext_lazy("Sets how dates and numbers are written."))
    time_zone = select_field(
        gettext_lazy("Time zone"), hint=gettext_lazy("For reports, and for members who haven’t chosen one.")
    )
    language = select_field(gettext_lazy("Language"), hint=gettext_lazy("For invitations and new brands."))
    currency = select_field(gettext_lazy("Currency"), hint=gettext_lazy("Default for new brands."))
    hue = hue_field(gettext_lazy("Colour"))

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "country", choices.countries())
        set_choices(self, "time_zone", time_zone_choices(zone))
        set_choices(self, "language", choices.languages())
        set_choices(self, "currency", choices.currencies())


def time_zone_choices(zone: str) -> list[Any]:
    """Return the available time zones, including the current one even if it has an outdated name."""
    names = {name for _region, zones in choices.time_zones() for name, _words in zones}
    return [*([] if zone in names or not zone else [(zone, zone)]), *choices.time_zones()]


@require("organization.manage")
def organization(request: TenantRequest) -> HttpResponse:
    """Show and save the form. Changes apply to everybody from the next page on."""
    posted = is_posted(request)
    row = Tenant.objects.get(pk=request.tenant.pk)
    names = ("name", "country", "time_zone", "language", "currency")
    before: dict[str, Any] = {name: getattr(row, name) for name in names}
    before["hue"] = choices.nearest_hue(row.brand_hue)
    version = version_of(before)
    if not posted:
        return render_form(request, PAGE, OrganizationForm(initial=before, zone=row.time_zone), {}, version)
    if is_stale(request, version):
        return render_stale_form(request, PAGE, OrganizationForm(initial=before, zone=row.time_zone), {}, version)
    form = OrganizationForm(request.POST, zone=row.time_zone)
    if not form.is_valid():
        return render_form(request, PAGE, form, {}, version)
    data = dict(form.cleaned_data)
    hue = data.pop("hue")
    row.edit(by=request.member, **data, **({} if hue == before["hue"] else {"brand_hue": hue}))
    messages.success(request, _("Saved."))
    return redirect("organization", request.tenant.slug)
