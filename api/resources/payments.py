"""Payments, to be read."""

from typing import Any

from rest_framework import serializers

from api.resources.record_serializer import NamedSerializer, RecordSerializer
from api.resources.resource import Resource
from billing.models import Payment
from billing.models.payment import PaymentMethod
from crm.platform.models import Member


class PaymentSerializer(RecordSerializer):
    """Money that came in."""

    id = serializers.UUIDField(source="uid")
    method = serializers.ChoiceField(PaymentMethod.values)
    amount = serializers.IntegerField(help_text="In minor units of the currency.")
    currency = serializers.CharField()
    used = serializers.IntegerField(help_text="What invoices have used of it.")
    returned = serializers.IntegerField(help_text="What was paid back.")
    free = serializers.IntegerField(help_text="What is left: the customer’s credit.")
    job = serializers.SerializerMethodField()
    person = NamedSerializer(allow_null=True)
    reference = serializers.CharField()
    received_at = serializers.DateTimeField()
    reversed_at = serializers.DateTimeField(allow_null=True)

    def get_job(self, payment: Payment) -> int | None:
        if payment.job is None:
            return None
        return int(payment.job.number)


class Payments(Resource):
    """Payments for jobs that the token's member may see."""

    scope = "payments"
    read_permission = "billing.view"
    serializer_class = PaymentSerializer

    def visible_rows(self, member: Member) -> Any:
        return Payment.objects.visible_to(member)

    def load_related(self, rows: Any) -> Any:
        return rows.prefetch_related("job", "person")
