"""Settings: what was agreed with each partner."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.commissions.statement_lines import agreement_words
from billing.models import CommissionAgreement, CommissionBasis
from crm.kernel import clock, formats
from crm.kernel.days import read_day
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits, parse_money
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.fields import require_valid, select_field, text_field
from crm.web.settings.page import Context, settings_page
from leads.models import Partner
from quotes.typed_numbers import parse_percent

PERMISSION = "billing.set_up"


class AgreementForm(forms.Form):
    """Form of a new agreement."""

    partner = select_field(gettext_lazy("Partner"))
    brand = select_field(gettext_lazy("Brand"))
    basis = select_field(gettext_lazy("Commission"), CommissionBasis.choices)
    value = text_field(gettext_lazy("How much, in percent or as an amount"), 40, inputmode="decimal")
    from_day = forms.CharField(
        label=gettext_lazy("For jobs first billed from"),
        widget=forms.TextInput({"type": "date", "class": "input w-auto"}),
    )

    def __init__(self, posted: Any = None) -> None:
        today = clock.now().astimezone(directory().zone).date()
        super().__init__(posted, initial={"from_day": today.isoformat()}, label_suffix="")
        self.partners = {str(one.pk): one for one in Partner.objects.filter(archived_at=None)}
        self.brands = {str(one.uid): one for one in directory().brands.values() if one.archived_at is None}
        fields: Any = self.fields
        fields["partner"].choices = [(key, one.name) for key, one in self.partners.items()]
        fields["brand"].choices = [(key, one.name) for key, one in self.brands.items()]


def _version() -> str:
    return version_of(list(CommissionAgreement.objects.order_by("pk").values_list("pk", "last_day")))


@settings_page("commissions:agreements", PERMISSION, "billing/commissions/agreements.html", version=_version)
def agreements(request: TenantRequest) -> Context:
    """Show what was agreed with each partner, and the form of a new agreement."""
    reader = Reader.of(request.member, clock.now())
    rows = CommissionAgreement.objects.select_related("partner").order_by("partner__name", "-from_day", "pk")
    form = AgreementForm(request.POST if request.POST.get("partner") else None)
    return {
        "form": form,
        "agreements": [
            {
                "row": row,
                "brand": directory().brands[row.brand_id].name,
                "words": agreement_words(row, reader.country, reader.language),
                "from_day": formats.full_day(row.from_day, reader.country),
                "last_day": formats.full_day(row.last_day, reader.country) if row.last_day else "",
            }
            for row in rows
        ],
    }


@agreements.action()
def agree(request: TenantRequest) -> str:
    """Note a new agreement."""
    form = require_valid(AgreementForm(request.POST))
    posted = form.cleaned_data
    brand = form.brands[posted["brand"]]
    day = read_day(posted["from_day"])
    if day is None:
        raise Refused(_("Choose a day."))
    currency = brand.currency or directory().tenant.currency
    values: dict[str, int] = {}
    if posted["basis"] == CommissionBasis.PERCENT:
        values["rate"] = parse_percent(posted["value"], brand.country)
    else:
        habits = NotationHabits.of(brand.country, currency, directory().zone)
        values["amount"], currency = parse_money(posted["value"], habits)
    partner = form.partners[posted["partner"]]
    CommissionAgreement.agree(partner, brand, currency, posted["basis"], by=request.member, from_day=day, **values)
    return _("Agreed with %(partner)s.") % {"partner": partner.name}


@agreements.action()
def end_agreement(request: TenantRequest) -> str:
    """End an agreement today."""
    try:
        uid = UUID(request.POST.get("agreement", ""))
    except ValueError:
        raise Http404 from None
    row = CommissionAgreement.objects.filter(uid=uid).first()
    if row is None:
        raise Http404
    row.end(clock.now().astimezone(directory().zone).date(), by=request.member)
    return _("It ends today. Jobs billed before still earn by it.")
