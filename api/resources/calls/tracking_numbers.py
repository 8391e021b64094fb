"""Tracking numbers: phone numbers of one source or campaign. They are managed as in the settings."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from api.requests.problems import conflict_at
from api.resources.fields import LineField, NoBodySerializer, StrictSerializer
from api.resources.named_setup import find_named, find_source
from api.resources.record_serializer import RecordSerializer
from api.resources.resource import Resource
from crm.jobs.models import Source
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Member
from crm.platform.models.tenant import lock_configuration
from leads.calls.numbers import assignable_channels
from leads.models import Campaign, TrackingNumber
from leads.sources.setup import campaigns


class TrackingNumberSerializer(RecordSerializer):
    """A phone number that is shown in one source or campaign only."""

    id = serializers.UUIDField(source="uid")
    number = serializers.CharField(source="name")
    source = serializers.SerializerMethodField()
    campaign = serializers.SerializerMethodField(help_text="Null: the number is the source’s.")
    archived_at = serializers.DateTimeField(allow_null=True)

    def get_source(self, row: TrackingNumber) -> str:
        return pipeline_setup().sources[row.source_id].name

    def get_campaign(self, row: TrackingNumber) -> str | None:
        return campaigns().name(row.campaign_id) or None


class NumberPlaceSerializer(StrictSerializer):
    """The source or campaign that calls count for."""

    source = LineField(max_length=60, help_text="A source of the settings, by name.")
    campaign = LineField(max_length=120, required=False, help_text="A campaign of that source, by name.")


class NewTrackingNumberSerializer(NumberPlaceSerializer):
    """A phone number to track."""

    number = LineField(max_length=80, help_text="A phone number of the channels that is not tracked yet: +18135550100.")


class TrackingNumbers(Resource):
    """Tracking numbers of the organization."""

    scope = "tracking-numbers"
    read_permission = "sources.manage"
    write_permission = "sources.manage"
    serializer_class = TrackingNumberSerializer

    def visible_rows(self, member: Member) -> Any:
        return TrackingNumber.objects.all()

    def load_related(self, rows: Any) -> Any:
        return rows.prefetch_related("channel")

    def act(self, request: Any, verb: Callable[[Any], object], *, kind: str = "", status: int = 200) -> Response:
        """Lock the configuration before the row, as the settings do."""
        lock_configuration()
        return super().act(request, verb, kind=kind, status=status)

    @extend_schema(request=NewTrackingNumberSerializer, responses={201: TrackingNumberSerializer})
    def create(self, request: Any) -> Response:
        """Assign a phone number to a source or campaign."""
        values = self.read_body(request, NewTrackingNumberSerializer)
        source, campaign = read_number_place(values)
        channel = next((row for row in assignable_channels() if str(row) == values["number"]), None)
        if channel is None:
            raise conflict_at("/number", _("Choose a phone number that takes calls."))
        row = TrackingNumber.add(channel, source=source, campaign=campaign, by=request.user)
        return self.record_response(row, status=201)

    @extend_schema(request=NumberPlaceSerializer, responses=TrackingNumberSerializer)
    @action(detail=True, methods=["post"])
    def assign(self, request: Any, id: Any) -> Response:
        """Assign it to another source or campaign, for calls from now on."""
        values = self.read_body(request, NumberPlaceSerializer)

        def assign_row(row: TrackingNumber) -> None:
            source, campaign = read_number_place(values)
            row.assign(source=source, campaign=campaign, by=request.user)

        return self.act(request, assign_row)

    @extend_schema(request=NoBodySerializer, responses=TrackingNumberSerializer)
    @action(detail=True, methods=["post"])
    def archive(self, request: Any, id: Any) -> Response:
        """Archive it: calls to it are no longer tracked."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda row: row.archive(by=request.user))

    @extend_schema(request=NoBodySerializer, responses=TrackingNumberSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Any, id: Any) -> Response:
        """Restore it from the archive."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda row: row.restore(by=request.user))


def read_number_place(values: dict[str, Any]) -> tuple[Source, Campaign | None]:
    """Return the source and campaign that a body names. Raises Problem (409)."""
    source = find_source(values["source"])
    assert source is not None
    if "campaign" not in values:
        return source, None
    offered = [row for row in campaigns().live if row.source_id == source.pk]
    return source, find_named(offered, values["campaign"], "/campaign")
