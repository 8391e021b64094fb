"""`GET /api/v1/me/`: the token of the request. Integrations call it to test a connection, and to name it."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from api.requests.api_view import TokenView
from api.resources.setup.member_serializer import MemberSerializer, member_record
from crm.platform.organization.configuration import directory


class OrganizationSerializer(serializers.Serializer):
    """The organization of a token."""

    slug = serializers.CharField(help_text="Its place in the addresses of pages.")
    name = serializers.CharField()
    language = serializers.CharField()
    time_zone = serializers.CharField()


@extend_schema_serializer(many=False)
class OwnTokenSerializer(serializers.Serializer):
    """The organization and the member that a token acts for, and its scopes."""

    organization = OrganizationSerializer()
    member = MemberSerializer()
    scopes = serializers.ListField(child=serializers.CharField(), help_text="“*”: all that the member may do.")


class OwnToken(TokenView, ViewSet):
    """The organization, the member and the scopes of a token. Any token may ask."""

    describes_parameters = True

    @extend_schema(operation_id="me", responses=OwnTokenSerializer)
    def list(self, request: Any) -> Response:
        """Name the organization and the member that the token acts for, and its scopes: a test of the connection."""
        organization = directory()
        tenant = organization.tenant
        named = {
            "slug": tenant.slug,
            "name": tenant.name,
            "language": tenant.language,
            "time_zone": str(organization.zone),
        }
        member = member_record(request.user)
        return Response({"organization": named, "member": member, "scopes": list(request.auth.scopes)})
