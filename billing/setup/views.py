"""Settings pages of billing."""

from copy import copy
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import BillingTerms, DunningKind, DunningStep, ServiceGate, terms_of
from billing.models.dunning import own_days
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import parse_typed_number
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page

PERMISSION = "billing.set_up"
TEXTS = (
    *("legal_name", "street", "postcode", "city", "vat_number", "register_number"),
    *("bank_name", "iban", "bic", "account", "invoice_prefix", "credit_prefix", "footer"),
)
LABELS = {
    "legal_name": gettext_lazy("Legal name"),
    "street": gettext_lazy("Street"),
    "postcode": gettext_lazy("Postcode"),
    "city": gettext_lazy("City"),
    "vat_number": gettext_lazy("Tax or VAT number"),
    "register_number": gettext_lazy("Number in the register of companies"),
    "bank_name": gettext_lazy("Bank"),
    "iban": gettext_lazy("IBAN"),
    "bic": gettext_lazy("BIC"),
    "account": gettext_lazy("Account without an IBAN"),
    "invoice_prefix": gettext_lazy("Invoice numbers begin with"),
    "credit_prefix": gettext_lazy("Credit note numbers begin with"),
    "footer": gettext_lazy("Text at the foot of an invoice"),
}


class TermsForm(forms.ModelForm):
    """How a brand bills."""

    class Meta:
        model = BillingTerms
        fields = (*TEXTS, "due_days", "service_gate")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"label_suffix": "", **options})
        for name in TEXTS:
            self.fields[name].label = LABELS[name]
            self.fields[name].widget.attrs["class"] = "input"
        # What a number begins with where the field is left blank.
        for name, series in (("invoice_prefix", "invoice"), ("credit_prefix", "credit")):
            usual = BillingTerms(brand_id=self.instance.brand_id).prefix_of(series)
            self.fields[name].widget.attrs["placeholder"] = usual
        self.fields["due_days"].label = _("Days to pay")
        self.fields["due_days"].widget = forms.NumberInput(attrs={"class": "input w-auto", "min": 0, "max": 180})
        self.fields["due_days"].validators.append(MaxValueValidator(180))
        self.fields["service_gate"].label = _("Goes to service when this is paid")
        self.fields["service_gate"].widget = forms.Select(choices=ServiceGate.choices, attrs={"class": "select"})


def _terms_version() -> str:
    rows = BillingTerms.objects.order_by("pk")
    return version_of(list(rows.values_list("pk", *TEXTS, "due_days", "service_gate")))


@settings_page("billing:terms", PERMISSION, "billing/terms.html", version=_terms_version)
def terms(request: TenantRequest) -> Context:
    """Show how each brand bills."""
    brands = [one for one in directory().brands.values() if one.archived_at is None]
    posted = request.POST.get("brand")
    return {
        "brands": [
            (
                brand,
                TermsForm(
                    request.POST if str(brand.uid) == posted else None,
                    # A copy, as a form writes what was typed into its instance, and the terms are cached.
                    instance=copy(terms_of(brand.pk)),
                    prefix=f"b{brand.pk}",
                ),
            )
            for brand in brands
        ],
        "save_name": "billing:set_terms",
    }


@terms.action()
def set_terms(request: TenantRequest) -> str:
    """Save how a brand bills."""
    brand = _find_brand(request.POST.get("brand", ""))
    form = TermsForm(request.POST, instance=BillingTerms(brand_id=brand.pk), prefix=f"b{brand.pk}")
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        raise Refused(f"{form.fields[field].label}: {errors[0]}")
    BillingTerms.set_for(brand, by=request.member, **form.cleaned_data)
    return _("Saved.")


def _find_brand(uid: str) -> Brand:
    brand = next((one for one in directory().brands.values() if str(one.uid) == uid), None)
    if brand is None:
        raise Http404
    return brand


def _reminders_version() -> str:
    return version_of(sorted((kind, str(days)) for kind, days in own_days().items()))


@settings_page("billing:reminders", PERMISSION, "billing/reminders.html", version=_reminders_version)
def reminders(request: TenantRequest) -> Context:
    """Show after how many days each reminder comes."""
    return {"steps": [(kind, DunningKind(kind).label, days) for kind, days in own_days().items()]}


@reminders.action()
def set_reminders(request: TenantRequest) -> str:
    """Save the days; blank leaves a step out."""
    sentence = _("Enter a whole number of days, or leave it blank to leave the step out.")
    days: dict[str, int | None] = {}
    for kind in own_days():
        typed = request.POST.get(kind, "").strip()
        days[kind] = parse_typed_number(typed, sentence, most=365) if typed else None
    DunningStep.set_ladder(days, by=request.member)
    return _("Saved.")
