"""`GET /api/v1/choices/`: the names that bodies take, such as steps and members, for the menus of an integration."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from api.requests.api_view import TokenView
from api.resources.follow_ups.follow_up_serializers import kind_name
from api.resources.record_serializer import NamedSerializer, named_record
from api.resources.setup.member_serializer import MemberSerializer, member_record
from crm.documents.kinds import offered_kinds
from crm.jobs.appointments.setup import offered_types
from crm.jobs.losses.setup import lost_reasons
from crm.jobs.models.losses import Ends
from crm.jobs.models.tag import tags
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.organization.configuration import directory
from followups.models.kind_setup import kinds
from quotes.taxes.models.tax_class import tax_classes


def _names(words: str) -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(), help_text=words)


class PipelineChoiceSerializer(serializers.Serializer):
    """A pipeline with its steps, in their order."""

    name = serializers.CharField()
    is_default = serializers.BooleanField(help_text="That of a lead for which none is named.")
    stages = _names("Its steps: the `stage` of a lead.")


class ReasonChoiceSerializer(serializers.Serializer):
    """A reason with its parts."""

    name = serializers.CharField()
    parts = _names("The `part` of a reason.")


@extend_schema_serializer(many=False)
class ChoicesSerializer(serializers.Serializer):
    """What bodies take by name, or of members and teams by id. Archived rows are left out."""

    members = MemberSerializer(many=True)
    teams = NamedSerializer(many=True)
    brands = _names("The default one first.")
    pipelines = PipelineChoiceSerializer(many=True)
    sources = _names("The `source` of a lead.")
    tags = _names("The tags of a conversation.")
    lost_reasons = ReasonChoiceSerializer(many=True)
    drop_reasons = ReasonChoiceSerializer(many=True)
    follow_up_kinds = _names("The `kind` of a follow-up.")
    appointment_types = _names("The `type` of an appointment.")
    document_kinds = _names("The `kind` of a document.")
    tax_classes = _names("The `tax_class` of a line of a quote.")


class SettingChoices(TokenView, ViewSet):
    """The names that bodies take. Any token may read them, as every member sees them on the pages."""

    describes_parameters = True

    @extend_schema(operation_id="choices", responses=ChoicesSerializer)
    def list(self, request: Any) -> Response:
        """List the names that bodies take: members, pipelines with their steps, sources, reasons and others."""
        organization = directory()
        return Response(
            {
                "members": [member_record(row) for row in organization.members.values() if row.active],
                "teams": [named_record(row) for row in _live(organization.teams.values())],
                "brands": _names_of(organization.brands.values()),
                "pipelines": _pipelines(),
                "sources": _source_names(),
                "tags": _names_of(tags().live),
                "lost_reasons": _reasons(Ends.LOST),
                "drop_reasons": _reasons(Ends.DROPPED),
                "follow_up_kinds": [kind_name(kind) for kind in kinds().live],
                "appointment_types": _names_of(offered_types()),
                "document_kinds": _names_of(offered_kinds()),
                "tax_classes": _names_of(tax_classes().values()),
            }
        )


def _live(rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if getattr(row, "archived_at", None) is None]


def _names_of(rows: Iterable[Any]) -> list[str]:
    return [row.name for row in _live(rows)]


def _pipelines() -> list[dict[str, Any]]:
    setup = pipeline_setup()
    default = setup.default_pipeline
    return [
        {"name": row.name, "is_default": row.pk == default.pk, "stages": _names_of(setup.steps(row.pk))}
        for row in _live(setup.pipelines.values())
    ]


def _source_names() -> list[str]:
    """Return the names of live sources; one that was merged is left out."""
    sources = pipeline_setup().sources
    return _names_of(row for pk, row in sources.items() if row.pk == pk)


def _reasons(ends: Ends) -> list[dict[str, Any]]:
    return [{"name": top.name, "parts": _names_of(parts)} for top, parts in lost_reasons().live_groups(ends)]
