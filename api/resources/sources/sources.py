"""Sources of leads, with their campaigns. They are set up in the settings."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.resources.record_serializer import NamedSerializer, RecordSerializer, named_record
from api.resources.resource import Resource
from crm.jobs.models import Source
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Member
from leads.sources.setup import campaigns


class SourceSerializer(RecordSerializer):
    """A source of leads."""

    id = serializers.IntegerField(min_value=1)
    name = serializers.CharField()
    is_live = serializers.BooleanField(help_text="False in the archive, and once it was merged into another.")
    merged_into = serializers.SerializerMethodField(help_text="The id of the source that it counts for.")
    campaigns = serializers.SerializerMethodField(help_text="Those in use.")

    def get_merged_into(self, source: Source) -> int | None:
        if source.merged_into_id is None:
            return None
        return pipeline_setup().sources[source.pk].pk

    @extend_schema_field(NamedSerializer(many=True))
    def get_campaigns(self, source: Source) -> Any:
        return [named_record(row) for row in campaigns().live if row.source_id == source.pk]


class LeadSources(Resource):
    """Sources of leads."""

    scope = "sources"
    read_permission = "jobs.view"
    serializer_class = SourceSerializer
    lookup_field = "id"
    lookup_value_converter = "int"
    cursor_field = "id"

    def visible_rows(self, member: Member) -> Any:
        return Source.objects.all()
