"""Calls on tracking numbers, and what a member decides about one."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from api.resources.fields import NoBodySerializer, StrictSerializer
from api.resources.record_serializer import NamedSerializer, RecordSerializer
from api.resources.resource import Resource
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Member
from leads.calls.call_list import CALLS
from leads.calls.decision import count_call, excuse_call, take_back_decision
from leads.calls.numbers import all_numbers
from leads.models import ExcuseReason, TrackedCall, Verdict
from leads.sources.setup import campaigns


class TrackedCallSerializer(RecordSerializer):
    """A call on a tracking number, and whether it counts as a lead."""

    id = serializers.UUIDField(source="uid")
    number = serializers.SerializerMethodField(help_text="The number that was called.")
    source = serializers.SerializerMethodField()
    campaign = serializers.SerializerMethodField()
    caller = serializers.CharField(source="message.address", help_text="Blank: the number was withheld.")
    person = NamedSerializer(source="message.person", allow_null=True)
    at = serializers.DateTimeField()
    seconds = serializers.IntegerField(help_text="Spoken; 0 for a missed call.")
    verdict = serializers.ChoiceField(Verdict.values, help_text="Whether it counts as a lead, or why not.")
    first_verdict = serializers.ChoiceField(Verdict.values, help_text="What the rules found.")
    reason = serializers.ChoiceField(["", *ExcuseReason.values], help_text="Why it was excused.")
    decided_at = serializers.DateTimeField(allow_null=True, help_text="When a member decided against the rules.")

    def get_number(self, call: TrackedCall) -> str:
        return all_numbers()[call.number_id].name

    def get_source(self, call: TrackedCall) -> str:
        return pipeline_setup().sources[call.source_id].name

    def get_campaign(self, call: TrackedCall) -> str | None:
        return campaigns().name(call.campaign_id) or None


class ExcuseSerializer(StrictSerializer):
    """Why a call is no lead."""

    reason = serializers.ChoiceField(ExcuseReason.values)


class TrackedCalls(Resource):
    """Calls on tracking numbers whose messages the token's member may see."""

    scope = "calls"
    read_permission = "sources.view"
    write_permission = "leads.decide_calls"
    serializer_class = TrackedCallSerializer
    listing = CALLS

    def visible_rows(self, member: Member) -> Any:
        return TrackedCall.objects.visible_to(member)

    def load_related(self, rows: Any) -> Any:
        return rows.prefetch_related("message__person")

    @extend_schema(request=ExcuseSerializer, responses=TrackedCallSerializer)
    @action(detail=True, methods=["post"])
    def excuse(self, request: Any, id: Any) -> Response:
        """Excuse it: it is no lead. The lead that it opened is dropped, unless it was worked on."""
        values = self.read_body(request, ExcuseSerializer)
        return self.act(request, lambda call: excuse_call(call, values["reason"], by=request.user))

    @extend_schema(request=NoBodySerializer, responses=TrackedCallSerializer)
    @action(detail=True, methods=["post"])
    def count(self, request: Any, id: Any) -> Response:
        """Count it as a lead."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda call: count_call(call, by=request.user))

    @extend_schema(request=NoBodySerializer, responses=TrackedCallSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Any, id: Any) -> Response:
        """Take a member's decision back: what the rules found holds."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda call: take_back_decision(call, by=request.user))
