"""`POST /api/v1/bulk/`: up to 200 writes, with a verdict on each."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from api.bulk.operation import run_operation
from api.requests.api_view import TokenView
from api.resources.fields import PatternField, StrictSerializer

MOST_OPERATIONS = 200
PATH_PATTERN = r"^[a-z]+(-[a-z]+)*(/[A-Za-z0-9-]+){0,3}/$"


class OperationSerializer(StrictSerializer):
    """A write, as it would be sent alone."""

    method = serializers.ChoiceField(["POST", "PUT", "PATCH", "DELETE"])
    path = PatternField(PATH_PATTERN, max_length=120, help_text="Below /api/v1/, such as jobs/1041/move/.")
    body = serializers.DictField(required=False)
    if_match = PatternField(r'^"[0-9a-f]{1,64}"$', required=False, help_text="The ETag of the record.")


class BulkSerializer(StrictSerializer):
    """Writes, which are done one after the other."""

    operations = OperationSerializer(many=True, min_length=1, max_length=MOST_OPERATIONS)


class VerdictSerializer(serializers.Serializer):
    """The result of an operation: the record, or the problem."""

    status = serializers.IntegerField()
    id = serializers.JSONField(required=False, help_text="Of the record.")
    record = serializers.DictField(required=False)
    problem = serializers.DictField(required=False)


class BulkAnswerSerializer(serializers.Serializer):
    """Verdicts in the order of the operations."""

    done = serializers.IntegerField(help_text="How many were done.")
    refused = serializers.IntegerField()
    results = VerdictSerializer(many=True)


class Bulk(TokenView, ViewSet):
    """Many writes in one request. Each needs the scope and permission that it needs alone."""

    is_bulk = True

    @extend_schema(request=BulkSerializer, responses={200: BulkAnswerSerializer})
    def create(self, request: Any) -> Response:
        """Do up to 200 writes, one after the other. A refused one changes nothing and stops none of the others.

        One `Idempotency-Key` stands for them all. Each counts as a request towards the rate.
        """
        serializer = BulkSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        verdicts = [run_operation(request, operation) for operation in serializer.validated_data["operations"]]
        refused = sum("problem" in verdict for verdict in verdicts)
        return Response({"done": len(verdicts) - refused, "refused": refused, "results": verdicts})
