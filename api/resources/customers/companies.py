"""Companies that customers belong to."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from api.resources.fields import LineField, StrictSerializer
from api.resources.record_serializer import NamedSerializer, RecordSerializer
from api.resources.resource import Resource
from crm.jobs.customer_visibility import company_refusal, visible_companies, visible_people
from crm.kernel.refusal import Refused
from crm.people.companies import add_company, rename_company
from crm.people.models import Company
from crm.platform.models import Member

# People of a company that its record shows; the list of people has all.
MOST_PEOPLE = 100


class CompanySerializer(RecordSerializer):
    """A company."""

    id = serializers.UUIDField(source="uid")
    name = serializers.CharField()
    created_at = serializers.DateTimeField()


class CompanyDetailSerializer(CompanySerializer):
    """A company with its people."""

    people = serializers.SerializerMethodField(
        help_text=f"The first {MOST_PEOPLE} by name. `/people/?company=` has all."
    )

    @extend_schema_field(NamedSerializer(many=True))
    def get_people(self, company: Company) -> Any:
        people = visible_people(self.context["request"].user).filter(company=company)
        return NamedSerializer(people.order_by("name_key", "pk")[:MOST_PEOPLE], many=True).data


class CompanyBodySerializer(StrictSerializer):
    """The name of a company."""

    name = LineField(max_length=200)


class CompanyChangesSerializer(StrictSerializer):
    """Changes of a company. What is left out stays as it is."""

    name = LineField(max_length=200, required=False)


class Companies(Resource):
    """The companies of customers that the token's member may see, and those without any."""

    scope = "companies"
    read_permission = "people.view"
    write_permission = "jobs.correct"
    serializer_class = CompanySerializer
    detail_serializer_class = CompanyDetailSerializer

    def visible_rows(self, member: Member) -> Any:
        return visible_companies(member)

    @extend_schema(request=CompanyBodySerializer, responses={201: CompanyDetailSerializer})
    def create(self, request: Any) -> Response:
        """Add a company. One firm is one record: a name that another has is refused."""
        values = self.read_body(request, CompanyBodySerializer)
        return self.record_response(add_company(values["name"], by=request.user), status=201)

    @extend_schema(request=CompanyChangesSerializer, responses=CompanyDetailSerializer)
    def partial_update(self, request: Any, id: Any) -> Response:
        """Rename a company. Its people are those that name it: change the company of a person."""
        values = self.read_body(request, CompanyChangesSerializer)

        def rename(company: Company) -> None:
            if why := company_refusal(company, by=request.user):
                raise Refused(why)
            rename_company(company, values.get("name", company.name), by=request.user)

        return self.act(request, rename)

    def permission_for(self, access: str) -> str:
        if self.action == "create":
            return "leads.open"
        return super().permission_for(access)
