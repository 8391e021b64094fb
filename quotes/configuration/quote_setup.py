"""Sections of the configuration file: terms of quotes, discounts by role, units, suppliers, tax classes and rates."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.refusal import Refused
from crm.platform.configuration.row_content import RowContent, RowPart, TableContent
from crm.platform.configuration.sections import ConfigurationSection, UnexportedModel
from crm.platform.configuration.values import (
    ShareCodec,
    check_names,
    column_codec,
    find_by_name,
    plain_list,
    plain_mapping,
)
from crm.platform.features import Feature
from crm.platform.models import Brand, Member
from quotes.models import (
    DiscountLimit,
    PriceKit,
    PriceUnit,
    QuoteTemplate,
    QuoteTerms,
    Supplier,
    TaxClass,
    TaxRate,
)
from quotes.models.quote_terms import discount_limits

RATE_FIELDS = ("name", "country", "region", "city", "postcodes", "percent", "from")
TERMS_FIELDS = (
    *("tax_mode", "tax_rounding", "valid_days", "answer_days", "deposit_ppm", "margin_floor_ppm"),
    *("approval_hours", "review_when", "review_above", "review_role", "review_member", "review_hours", "terms"),
)


def _read_rates(tax_class: TaxClass) -> list[dict[str, Any]]:
    rows = TaxRate.objects.filter(tax_class=tax_class)
    return [
        {
            "name": row.name,
            "country": row.country,
            "region": row.region,
            "city": row.city,
            "postcodes": list(row.postcodes),
            "percent": ShareCodec().encode(row.rate_ppm),
            "from": row.from_day.isoformat(),
        }
        for row in rows.order_by("country", "region", "city", "postcodes", "from_day", "pk")
    ]


def _write_rates(tax_class: TaxClass, plain: Any, by: Member | None) -> None:
    """Set the rates of a class. One that the file lacks stays."""
    before = _read_rates(tax_class)
    for rate in plain_list(plain):
        if rate not in before:
            TaxRate.set_rate(tax_class, by=by, **_parse_rate(plain_mapping(rate)))


def _parse_rate(values: dict[str, Any]) -> dict[str, Any]:
    check_names(values, RATE_FIELDS)
    percent = ShareCodec().decode(values.get("percent"))
    if percent is None or "from" not in values:
        raise Refused(_("A rate has a percentage and a first day."))
    return {
        "name": str(values.get("name") or ""),
        "country": str(values.get("country") or ""),
        "region": str(values.get("region") or ""),
        "city": str(values.get("city") or ""),
        "postcodes": [str(prefix) for prefix in plain_list(values.get("postcodes") or [])],
        "rate_ppm": percent,
        "from_day": column_codec(TaxRate, "from_day").decode(values["from"]),
    }


def _add_terms(model: Any, name: str, values: dict[str, Any], by: Member | None) -> QuoteTerms:
    return QuoteTerms.set_terms(find_by_name(Brand, name), by=by, **values)


def _set_limits(values: dict[str, Any], by: Member | None) -> None:
    for role, share in values.items():
        DiscountLimit.set_limit(role, share or 0, by=by)


SECTIONS: list[Feature] = [
    ConfigurationSection(
        name="tax_classes",
        label=gettext_lazy("Tax classes"),
        page="taxes:classes",
        content=RowContent(
            model=TaxClass,
            within=(TaxRate,),
            fields=("kind",),
            parts={"rates": RowPart(_read_rates, _write_rates)},
            has_default=True,
        ),
    ),
    ConfigurationSection(
        name="quote_terms",
        label=gettext_lazy("Quotes"),
        page="quotes:terms",
        content=RowContent(
            model=QuoteTerms,
            fields=TERMS_FIELDS,
            codecs={"deposit_ppm": ShareCodec(), "margin_floor_ppm": ShareCodec()},
            rows=lambda: QuoteTerms.objects.select_related("brand").filter(brand__archived_at=None),
            name_of=lambda row: str(row.brand.name),
            add=_add_terms,
            edit=lambda row, values, by: QuoteTerms.set_terms(row.brand, by=by, **values),
            can_prune=False,
        ),
    ),
    ConfigurationSection(
        name="discount_limits",
        label=gettext_lazy("Discounts by role"),
        page="quotes:terms",
        content=TableContent(models=(DiscountLimit,), get=discount_limits, save=_set_limits, codec=ShareCodec()),
    ),
    ConfigurationSection(
        name="price_units",
        label=gettext_lazy("Units"),
        page="prices:units",
        content=RowContent(model=PriceUnit, fields=("code",), is_ordered=True, can_move=False),
    ),
    ConfigurationSection(
        name="suppliers",
        label=gettext_lazy("Suppliers"),
        page="prices:suppliers",
        content=RowContent(model=Supplier),
    ),
    UnexportedModel(QuoteTemplate, "Its lines are of the price book, which has files of its own."),
    UnexportedModel(PriceKit, "Its items are of the price book, which has files of its own."),
]
