"""The VAT number of a customer: a panel of the customer's page, for sellers in the EU."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.jobs.customer_visibility import visible_people
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.access.permissions import allows
from crm.platform.organization.configuration import directory
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.settings import choices
from quotes.taxes.models import TaxNumber
from quotes.taxes.models.tax_number import set_tax_number, tax_number_of
from quotes.taxes.treatment import EU_COUNTRIES

EDIT = "quotes.edit"


@require("quotes.view")
def tax_number(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the VAT number of a customer; POST sets or deletes it. Empty where no brand is in the EU."""
    person: Person | None = visible_people(request.member).filter(uid=uid, erased_at=None).first()
    if person is None:
        raise Http404
    if request.method != "POST":
        if not is_fragment(request):
            return redirect("people:person", request.tenant.slug, uid)
        return _render_panel(request, person)
    if not allows(request.member, EDIT):
        raise Http404
    typed = request.POST.get("number", "")
    try:
        set_tax_number(person, typed, by=request.member)
    except Refused as why:
        if is_fragment(request):
            return _render_panel(request, person, str(why), typed, status=422)
        messages.warning(request, str(why))
        return redirect("people:person", request.tenant.slug, uid)
    if is_fragment(request):
        return _render_panel(request, person, _("Saved."))
    messages.success(request, _("Saved."))
    return redirect("people:person", request.tenant.slug, uid)


def sells_in_eu() -> bool:
    """True if a brand of the tenant is in a member state."""
    return any(brand.country in EU_COUNTRIES for brand in directory().brands.values() if not brand.archived_at)


def _render_panel(
    request: TenantRequest, person: Person, told: str = "", typed: str = "", status: int = 200
) -> HttpResponse:
    own: TaxNumber | None = TaxNumber.objects.filter(person=person).first()
    colleagues = None
    if own is None:
        colleagues = tax_number_of(person)
    number = own or colleagues
    context = {
        "person": person,
        "is_offered": sells_in_eu(),
        "own": own,
        "colleagues": colleagues,
        "country": dict(choices.countries()).get(number.country, "") if number else "",
        "may_edit": allows(request.member, EDIT),
        "told": told,
        "trouble": status != 200,
        "typed": typed or (own.number if own else ""),
    }
    return render(request, "quotes/taxes/_number.html", context, status=status)
