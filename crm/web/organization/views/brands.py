"""Brands: the business entities of a tenant, each with its own currency, country, language, hours and colour."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.platform.models import Brand, BusinessCalendar
from crm.platform.organization.configuration import directory
from crm.web.requests.form_version import is_posted, is_stale, render_form, render_stale_form, version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings import choices
from crm.web.settings.fields import hue_field, is_name_taken, select_field, set_choices, text_field
from crm.web.settings.page import Context, settings_page

PAGE = "web/brand.html"
FIELDS = ("name", "country", "currency", "language", "email", "phone")


class BrandForm(forms.Form):
    """A brand's fields."""

    name = text_field(gettext_lazy("Name"), 120)
    country = select_field(gettext_lazy("Country"), hint=gettext_lazy("Used for phone numbers without a country code."))
    currency = select_field(
        gettext_lazy("Currency"), hint=gettext_lazy("For new leads. Existing leads keep their currency.")
    )
    language = select_field(gettext_lazy("Language"))
    calendar = select_field(
        gettext_lazy("Working hours"),
        required=False,
        hint=gettext_lazy("The due dates of this brand’s open leads are recalculated with these hours."),
    )
    email = forms.EmailField(
        label=gettext_lazy("Email"), max_length=254, required=False, widget=forms.EmailInput({"class": "input"})
    )
    phone = text_field(gettext_lazy("Telephone"), 32, required=False, inputmode="tel")
    hue = hue_field(gettext_lazy("Colour"))

    def __init__(self, *args: Any, chosen: BusinessCalendar | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = BusinessCalendar.objects.order_by("name")
        self.calendars = {str(row.uid): row for row in rows if row.archived_at is None or row == chosen}
        default = next((row.name for row in rows if row.is_default), "")
        as_default = _("Default: %(name)s") % {"name": default}
        set_choices(self, "country", choices.countries())
        set_choices(self, "currency", choices.currencies())
        set_choices(self, "language", choices.languages())
        set_choices(self, "calendar", [("", as_default), *((uid, row.name) for uid, row in self.calendars.items())])

    @property
    def facts(self) -> dict[str, Any]:
        """Return the values to save."""
        cleaned = self.cleaned_data
        return cleaned | {"calendar": self.calendars.get(cleaned["calendar"])}


@settings_page("brands", "organization.manage", "web/brands.html")
def listing(request: TenantRequest) -> Context:
    """List all brands, archived ones last."""
    names = dict(BusinessCalendar.objects.values_list("pk", "name"))
    rows = sorted(directory().brands.values(), key=lambda brand: brand.archived_at is not None)
    lines = [(row, choices.nearest_hue(row.hue), names.get(row.calendar_id or 0, "")) for row in rows]
    return {"lines": lines}


def _get_brand(brand: UUID) -> Brand:
    return get_object_or_404(Brand.objects.all(), uid=brand)


@require("organization.manage")
def create(request: TenantRequest) -> HttpResponse:
    """Create a brand, prefilled with the organization's values."""
    posted = is_posted(request)
    tenant = request.tenant
    start = {"country": tenant.country, "currency": tenant.currency, "language": tenant.language}
    start["hue"] = str(choices.nearest_hue(tenant.brand_hue))
    form = BrandForm(request.POST if posted else None, initial=start)
    if posted and form.is_valid() and not is_name_taken(form, directory().brands.values()):
        Brand.create(by=request.member, **form.facts)
        return _redirect_to_list(request)
    return render_form(request, PAGE, form, {}, "")


@require("organization.manage")
def brand(request: TenantRequest, brand: UUID) -> HttpResponse:
    """Edit one brand."""
    posted = is_posted(request)
    row = _get_brand(brand)
    chosen: BusinessCalendar | None = BusinessCalendar.objects.filter(pk=row.calendar_id).first()
    before: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
    before |= {"hue": choices.nearest_hue(row.hue), "calendar": str(chosen.uid) if chosen else ""}
    version = version_of(before, row.is_default, row.archived_at)
    page = {"brand": row}
    if not posted:
        return render_form(request, PAGE, BrandForm(initial=before, chosen=chosen), page, version)
    if is_stale(request, version):
        return render_stale_form(request, PAGE, BrandForm(initial=before, chosen=chosen), page, version)
    form = BrandForm(request.POST, chosen=chosen)
    if not form.is_valid() or is_name_taken(form, directory().brands.values(), row):
        return render_form(request, PAGE, form, page, version)
    facts = form.facts
    if facts["hue"] == before["hue"]:
        del facts["hue"]  # it may lie between two that are offered
    row.edit(by=request.member, **facts)
    return _redirect_to_list(request)


@listing.action(_get_brand)
def make_default(request: TenantRequest, brand: Brand) -> str:
    """Make it the default brand, used if none is given."""
    brand.make_default(by=request.member)
    return _("Saved.")


@listing.action(_get_brand)
def archive(request: TenantRequest, brand: Brand) -> str:
    """Archive a brand: new leads cannot choose it."""
    brand.archive(by=request.member)
    return _("The brand is archived. Existing leads keep it; new leads can’t choose it.")


@listing.action(_get_brand)
def restore(request: TenantRequest, brand: Brand) -> str:
    """Restore a brand: new leads can choose it again."""
    brand.restore(by=request.member)
    return _("The brand is restored.")


def _redirect_to_list(request: TenantRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("brands", request.tenant.slug)
