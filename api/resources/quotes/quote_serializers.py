"""How a quote is shown: a line of the list, and the whole with options, lines and sums of its newest version."""

from functools import cached_property
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.resources.record_serializer import NamedSerializer, RecordSerializer
from crm.platform.access.permissions import allows
from crm.platform.organization.configuration import directory
from quotes.models import Quote, QuoteLine, QuoteState, VersionContent
from quotes.taxes.models.tax_class import tax_classes

# Shown to members who may see costs.
COSTS = ("cost", "unit_cost", "margin")


def format_quantity(thousandths: int) -> str:
    """Format a quantity in thousandths as a decimal: "28", "1.5"."""
    whole, rest = divmod(thousandths, 1000)
    if not rest:
        return str(whole)
    return f"{whole}.{rest:03}".rstrip("0")


class CostlySerializer(serializers.Serializer):
    """Leaves out costs and margins for members who may not see them."""

    def to_representation(self, instance: Any) -> Any:
        data = super().to_representation(instance)
        if not allows(self.context["request"].user, "quotes.see_margin"):
            for name in COSTS:
                data.pop(name, None)
        return data


class QuoteSerializer(CostlySerializer, RecordSerializer):
    """A quote. Its sums are of the version that the customer has, else of the draft: of the option that we propose."""

    id = serializers.UUIDField(source="uid")
    number = serializers.CharField(source="code")
    title = serializers.CharField()
    state = serializers.ChoiceField(QuoteState.values)
    job = serializers.IntegerField(source="job.number")
    person = NamedSerializer(allow_null=True)
    brand = serializers.SerializerMethodField()
    currency = serializers.CharField()
    net = serializers.IntegerField()
    total = serializers.IntegerField(help_text="With taxes, in minor units of the currency.")
    cost = serializers.IntegerField()
    margin = serializers.IntegerField()
    version = serializers.IntegerField(source="newest")
    has_draft = serializers.BooleanField(help_text="Whether its newest version was not sent yet.")
    valid_until = serializers.DateField(allow_null=True)
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    seen_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)

    def get_brand(self, quote: Quote) -> str:
        return directory().brands[quote.brand_id].name


class QuoteOptionSerializer(serializers.Serializer):
    """An option of a quote: good, better, best."""

    name = serializers.CharField()
    description = serializers.CharField()
    is_proposed = serializers.BooleanField()
    total = serializers.IntegerField()


class QuoteLineSerializer(CostlySerializer):
    """A line of a quote, with its own copy of text, price and tax."""

    name = serializers.CharField()
    details = serializers.CharField()
    item = serializers.CharField(allow_null=True, help_text="The code of its item of the price book.")
    option = serializers.CharField(allow_null=True, help_text="The name of the option it is in; null: in all.")
    quantity = serializers.CharField()
    unit = serializers.CharField()
    unit_price = serializers.IntegerField()
    unit_cost = serializers.IntegerField(allow_null=True)
    amount = serializers.IntegerField(help_text="After discounts.")
    tax_class = serializers.CharField(allow_null=True)
    tax_name = serializers.CharField()
    tax_rate_ppm = serializers.IntegerField(help_text="In parts per million.")
    is_optional = serializers.BooleanField(help_text="Whether the customer may take it off.")


class QuoteDetailSerializer(QuoteSerializer):
    """A quote with the options and lines of its newest version."""

    intro = serializers.CharField(source="content.version.intro")
    tax_mode = serializers.CharField(source="content.version.tax_mode")
    deposit_ppm = serializers.IntegerField(source="content.version.deposit_ppm")
    options = serializers.SerializerMethodField()
    lines = serializers.SerializerMethodField()

    def to_representation(self, instance: Quote) -> Any:
        instance.content = VersionContent(instance.newest_version())  # type: ignore[attr-defined]
        return super().to_representation(instance)

    @extend_schema_field(QuoteOptionSerializer(many=True))
    def get_options(self, quote: Any) -> Any:
        content: VersionContent = quote.content
        rows = [
            {
                "name": option.name,
                "description": option.description,
                "is_proposed": option.pk == content.proposed_id,
                "total": content.sums(option.pk).total,
            }
            for option in content.options
        ]
        return QuoteOptionSerializer(rows, many=True).data

    @extend_schema_field(QuoteLineSerializer(many=True))
    def get_lines(self, quote: Any) -> Any:
        lines = ShownLines(quote.content)
        rows = [lines.describe(line) for line in quote.content.lines]
        return QuoteLineSerializer(rows, many=True, context=self.context).data


class ShownLines:
    """Describes the lines of a version. Reads the codes of their items once."""

    def __init__(self, content: VersionContent) -> None:
        self.content = content
        self.options = {option.pk: option.name for option in content.options}

    @cached_property
    def codes(self) -> dict[int, str]:
        from quotes.models import PriceItem

        ids = {line.item_id for line in self.content.lines if line.item_id}
        return dict(PriceItem.objects.filter(pk__in=ids).values_list("pk", "code"))

    @cached_property
    def amounts(self) -> dict[int, int]:
        options: list[int | None] = [*self.options] or [None]
        return {key: value for option in options for key, value in self.content.sums(option).amounts.items()}

    def describe(self, line: QuoteLine) -> dict[str, Any]:
        """Return the values of a line as they are shown."""
        columns = ("name", "details", "unit", "unit_price", "unit_cost", "tax_name", "tax_rate_ppm", "is_optional")
        tax_class = tax_classes().get(line.tax_class_id or 0)
        return {name: getattr(line, name) for name in columns} | {
            "item": self.codes.get(line.item_id or 0) or None,
            "option": self.options.get(line.option_id or 0),
            "quantity": format_quantity(line.quantity),
            "amount": self.amounts.get(line.pk, 0),
            "tax_class": tax_class.name if tax_class else None,
        }
