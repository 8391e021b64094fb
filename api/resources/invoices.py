"""Invoices and credit notes, to be read."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.resources.quotes.quote_serializers import format_quantity
from api.resources.record_serializer import NamedSerializer, RecordSerializer
from api.resources.resource import Resource
from billing.invoices.invoice_list import INVOICES
from billing.models import Invoice, InvoiceKind, InvoiceState
from billing.models.invoice_line import InvoiceLine
from crm.platform.models import Member
from crm.platform.organization.configuration import directory


class InvoiceSerializer(RecordSerializer):
    """An invoice or a credit note, whose amounts are above zero too."""

    id = serializers.UUIDField(source="uid")
    number = serializers.CharField(help_text="Blank for a draft.")
    kind = serializers.ChoiceField(InvoiceKind.values)
    state = serializers.ChoiceField(InvoiceState.values)
    title = serializers.CharField()
    job = serializers.IntegerField(source="job.number")
    person = NamedSerializer(allow_null=True)
    brand = serializers.SerializerMethodField()
    currency = serializers.CharField()
    net = serializers.IntegerField()
    tax = serializers.IntegerField()
    total = serializers.IntegerField(help_text="In minor units of the currency.")
    paid = serializers.IntegerField()
    open = serializers.IntegerField(help_text="What is not paid yet.")
    due_on = serializers.DateField(allow_null=True)
    created_at = serializers.DateTimeField()
    issued_at = serializers.DateTimeField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    paid_at = serializers.DateTimeField(allow_null=True)

    def get_brand(self, invoice: Invoice) -> str:
        return directory().brands[invoice.brand_id].name


class InvoiceLineSerializer(serializers.Serializer):
    """A line of an invoice."""

    name = serializers.CharField()
    description = serializers.CharField()
    quantity = serializers.SerializerMethodField()
    unit = serializers.CharField()
    unit_price = serializers.IntegerField()
    amount = serializers.IntegerField()
    tax_rate_ppm = serializers.IntegerField(source="tax_rate", help_text="In parts per million.")

    def get_quantity(self, line: InvoiceLine) -> str:
        return format_quantity(line.quantity)


class InvoiceDetailSerializer(InvoiceSerializer):
    """An invoice with its lines."""

    lines = serializers.SerializerMethodField()

    @extend_schema_field(InvoiceLineSerializer(many=True))
    def get_lines(self, invoice: Invoice) -> Any:
        return InvoiceLineSerializer(invoice.lines.all(), many=True).data


class Invoices(Resource):
    """Invoices of jobs that the token's member may see."""

    scope = "invoices"
    read_permission = "billing.view"
    serializer_class = InvoiceSerializer
    detail_serializer_class = InvoiceDetailSerializer
    listing = INVOICES

    def visible_rows(self, member: Member) -> Any:
        return Invoice.objects.visible_to(member)

    def load_related(self, rows: Any) -> Any:
        return rows.prefetch_related("job", "person")
