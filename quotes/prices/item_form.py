"""Forms of the price book: an item, and a price from a day on."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits, parse_money
from crm.platform.organization.configuration import directory
from crm.web.settings.fields import select_field, set_choices, text_field
from quotes.prices.models import PriceItem
from quotes.prices.models.price_item import LONGEST_CODE, LONGEST_DESCRIPTION, LONGEST_NAME
from quotes.prices.models.price_unit import price_units
from quotes.prices.models.supplier import suppliers
from quotes.taxes.models.tax_class import default_tax_class, tax_classes

KEYS = ("unit", "tax_class", "pipeline", "brand", "supplier")


def day_field(label: Any, *, required: bool = False, hint: Any = "") -> forms.DateField:
    """Return a field for a day, with the browser's own calendar."""
    widget = forms.DateInput({"class": "input", "type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=hint, widget=widget)


class PriceItemForm(forms.Form):
    """The facts of an item; archived choices stay while the item has them."""

    name = text_field(gettext_lazy("Name"), LONGEST_NAME)
    code = text_field(gettext_lazy("Code"), LONGEST_CODE, required=False)
    description = forms.CharField(
        label=gettext_lazy("Description for the customer"),
        required=False,
        max_length=LONGEST_DESCRIPTION,
        widget=forms.Textarea({"class": "textarea", "rows": 3, "maxlength": LONGEST_DESCRIPTION}),
    )
    unit = select_field(gettext_lazy("Unit"), required=False)
    tax_class = select_field(gettext_lazy("Tax class"), required=False)
    pipeline = select_field(gettext_lazy("Pipeline"), required=False)
    brand = select_field(gettext_lazy("Brand"), required=False)
    supplier = select_field(gettext_lazy("Supplier"), required=False)
    supplier_code = text_field(gettext_lazy("Supplier’s number"), LONGEST_CODE, required=False)
    valid_from = day_field(gettext_lazy("Offered from"))
    valid_until = day_field(gettext_lazy("Offered until"))
    is_optional = forms.BooleanField(
        label=gettext_lazy("Customers may take it off a quote"),
        required=False,
        widget=forms.CheckboxInput({"class": "check"}),
    )

    def __init__(self, posted: Any = None, *, item: PriceItem | None = None, **more: Any) -> None:
        super().__init__(posted, initial=_initial_values(item), **more)
        kept = item or PriceItem()
        set_choices(self, "unit", record_choices(price_units().values(), kept.unit_id))
        set_choices(self, "tax_class", record_choices(tax_classes().values(), kept.tax_class_id))
        set_choices(self, "pipeline", record_choices(pipeline_setup().pipelines.values(), kept.pipeline_id, _("All")))
        set_choices(self, "brand", record_choices(directory().brands.values(), kept.brand_id, _("All")))
        set_choices(self, "supplier", record_choices(suppliers().values(), kept.supplier_id))

    @property
    def field_values(self) -> dict[str, Any]:
        """Return the values to save, by model field."""
        values = dict(self.cleaned_data)
        for key in KEYS:
            chosen = values.pop(key)
            values[f"{key}_id"] = int(chosen) if chosen else None
        return values


def record_choices(rows: Iterable[Any], kept: int | None, none: str = "–") -> list[tuple[str, str]]:
    """Return the choices of a field: none, and the rows in use by name, with the archived one that is kept."""
    live = [row for row in rows if row.archived_at is None or row.pk == kept]
    return [("", none), *((str(row.pk), row.name) for row in live)]


def _initial_values(item: PriceItem | None) -> dict[str, Any]:
    if item is None:
        usual = default_tax_class()
        return {"tax_class": str(usual.pk) if usual else ""}
    values = {name.removesuffix("_id"): getattr(item, name) for name in PriceItem.FIELDS}
    return values | {key: str(values[key] or "") for key in KEYS}


class PriceForm(forms.Form):
    """Price and cost per unit, and the day from which they hold. The cost only for who may see it."""

    price = text_field(gettext_lazy("Price per unit"), 40, inputmode="decimal")
    cost = text_field(gettext_lazy("Cost per unit"), 40, required=False, inputmode="decimal")
    from_day = day_field(gettext_lazy("Price from"))

    def __init__(
        self, posted: Any = None, *, currency: str, sees_cost: bool, required: bool = True, **more: Any
    ) -> None:
        super().__init__(posted, **more)
        self.currency = currency
        self.fields["price"].required = required
        if not sees_cost:
            del self.fields["cost"]

    def clean_price(self) -> int | None:
        return self._read_amount("price")

    def clean_cost(self) -> int | None:
        return self._read_amount("cost")

    def _read_amount(self, name: str) -> int | None:
        """Return the minor units of an amount. Raises ValidationError for one of another currency."""
        text = self.cleaned_data[name]
        if not text:
            return None
        organization = directory()
        habits = NotationHabits.of(organization.tenant.country, self.currency, organization.zone)
        try:
            minor, currency = parse_money(text, habits)
        except Refused as why:
            raise forms.ValidationError(str(why)) from None
        if currency != self.currency:
            raise forms.ValidationError(_("Enter the amount in %(currency)s.") % {"currency": self.currency})
        return minor

    @property
    def day(self) -> date | None:
        day: date | None = self.cleaned_data["from_day"]
        return day
