"""Settings: what new quotes of each brand begin with, and how much discount each role may give."""

from typing import Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.platform.models import Brand, Role
from crm.platform.organization.configuration import directory
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.fields import require_valid, select_field, set_choices, text_field
from crm.web.settings.page import SAVED, Context, settings_page
from quotes.editor.typed import parse_brand_amount, plain_amount
from quotes.models import DiscountLimit, QuoteTerms, ReviewWhen
from quotes.models.contract_review import reviewer_choices
from quotes.models.quote_terms import MOST_DAYS, discount_limits, terms_of
from quotes.sums import TaxMode, TaxRounding
from quotes.typed_numbers import parse_percent, plain_percent

SET_UP = "quotes.set_up"
SHARES = ("deposit_ppm", "margin_floor_ppm")


def _number_field(label: Any, most: int) -> forms.IntegerField:
    widget = forms.NumberInput({"class": "input is-number", "inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=1, max_value=most, widget=widget)


def _percent_field(label: Any) -> forms.CharField:
    attributes = {"inputmode": "decimal", "class": "input is-number"}
    return text_field(label, 8, required=False, **attributes)


class QuoteTermsForm(forms.Form):
    """Form of what new quotes of a brand begin with."""

    tax_mode = select_field(gettext_lazy("Taxes are"), TaxMode.choices)
    tax_rounding = select_field(gettext_lazy("Taxes are rounded"), TaxRounding.choices)
    valid_days = _number_field(gettext_lazy("Valid for, days"), MOST_DAYS)
    answer_days = _number_field(gettext_lazy("Late without an answer after, days"), MOST_DAYS)
    deposit_ppm = _percent_field(gettext_lazy("Deposit, percent"))
    margin_floor_ppm = _percent_field(gettext_lazy("Margin floor, percent"))
    approval_hours = _number_field(gettext_lazy("Hours to decide about an approval"), 200)
    review_when = select_field(gettext_lazy("Review signed contracts"), ReviewWhen.choices)
    review_above = text_field(
        gettext_lazy("Review above, with tax"),
        16,
        required=False,
        inputmode="decimal",
        hint=gettext_lazy(
            "While a contract is reviewed, no deposit is billed, and the customer reads by when you confirm."
        ),
    )
    review_by = select_field(gettext_lazy("Reviewed by"), hint=gettext_lazy("Never who sent the quote."))
    review_hours = _number_field(gettext_lazy("Working hours to review a contract"), 200)
    terms = forms.CharField(
        label=gettext_lazy("Terms"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"class": "textarea", "rows": 4}),
    )

    def __init__(self, brand: Brand, posted: Any = None) -> None:
        terms = terms_of(brand.pk)
        initial = {name: getattr(terms, name) for name in QuoteTerms.FIELDS}
        initial |= {name: plain_percent(initial[name], brand.country) for name in SHARES}
        initial["review_above"] = plain_amount(terms.review_above, brand.currency, brand.country)
        initial["review_by"] = f"m{terms.review_member_id}" if terms.review_member_id else terms.review_role
        super().__init__(posted, initial=initial, auto_id=f"terms-{brand.pk}-%s")
        self.brand = brand
        set_choices(self, "review_by", list(reviewer_choices()))

    def columns(self) -> dict[str, Any]:
        """Return the values as columns of the terms. Raises Refused for what can't be read."""
        values = self.cleaned_data
        values |= {name: parse_percent(values[name], self.brand.country) for name in SHARES}
        values["review_above"] = parse_brand_amount(values["review_above"] or "0", self.brand)
        reviewer = values.pop("review_by")
        if reviewer in Role.values:
            return values | {"review_role": reviewer, "review_member_id": None}
        return values | {"review_member_id": int(reviewer.removeprefix("m"))}


def version() -> str:
    """Hash what the page's forms show."""
    brands = [[getattr(terms_of(brand.pk), name) for name in QuoteTerms.FIELDS] for brand in _live_brands()]
    return version_of(brands, discount_limits())


def _live_brands() -> list[Brand]:
    return [brand for brand in directory().brands.values() if brand.archived_at is None]


@settings_page("quotes:terms", SET_UP, "quotes/terms.html", version=version)
def terms(request: TenantRequest) -> Context:
    """Show a form for each brand, and the limits of the roles."""
    country = directory().tenant.country
    limits = [
        (role, role.label, plain_percent(most, country))
        for role, most in ((Role(name), most) for name, most in discount_limits().items())
    ]
    return {"forms": [(brand, QuoteTermsForm(brand)) for brand in _live_brands()], "limits": limits}


def _find_brand(pk: int) -> Brand:
    brand = directory().brands.get(pk)
    if brand is None:
        raise Http404
    return brand


@terms.action(_find_brand)
def set_terms(request: TenantRequest, brand: Brand) -> str:
    """Set what new quotes of a brand begin with."""
    form = require_valid(QuoteTermsForm(brand, request.POST))
    QuoteTerms.set_terms(brand, by=request.member, **form.columns())
    return str(SAVED) % {"name": brand.name}


@terms.action()
def set_limits(request: TenantRequest) -> str:
    """Set the discount each role may give without an approval."""
    country = directory().tenant.country
    for role in Role:
        DiscountLimit.set_limit(role, parse_percent(request.POST.get(role, ""), country), by=request.member)
    return _("The limits were saved.")
