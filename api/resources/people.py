"""People: the customers of leads and jobs, and who is involved in them."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api.requests.problems import conflict_at
from api.resources.fields import AddressField, LineField, StrictSerializer
from api.resources.record_serializer import NamedSerializer, RecordSerializer
from api.resources.resource import Resource
from crm.jobs.customer_visibility import person_refusal, visible_people
from crm.jobs.customers.corrections import rename_customer, undoable_correction
from crm.jobs.customers.creation import create_customer
from crm.jobs.customers.customer_list import CUSTOMERS
from crm.jobs.models import Job
from crm.kernel.normalization import parse_phone
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint, Person
from crm.platform.models import Member
from crm.platform.organization.configuration import directory

LANGUAGES = [code for code, _name in settings.LANGUAGES]
EMAIL = ContactPoint.PointKind.EMAIL
PHONE = ContactPoint.PointKind.PHONE


class PersonSerializer(RecordSerializer):
    """A customer."""

    id = serializers.UUIDField(source="uid")
    name = serializers.CharField()
    company = NamedSerializer(allow_null=True)
    emails = serializers.SerializerMethodField()
    phones = serializers.SerializerMethodField()
    language = serializers.CharField(help_text="Blank: that of the brand.")
    is_confirmed = serializers.SerializerMethodField(help_text="False for an unknown sender of a message.")
    created_at = serializers.DateTimeField()

    def get_emails(self, person: Person) -> list[str]:
        return self._points(person, EMAIL)

    def get_phones(self, person: Person) -> list[str]:
        return self._points(person, PHONE)

    def get_is_confirmed(self, person: Person) -> bool:
        return person.unconfirmed_since is None

    def _points(self, person: Person, kind: str) -> list[str]:
        return sorted(point.value for point in person.contact_points.all() if point.kind == kind)


class NewPersonSerializer(StrictSerializer):
    """A customer to create."""

    name = LineField(max_length=200)
    email = AddressField(required=False)
    phone = LineField(max_length=60, required=False, help_text="As it is dialled where the organization is.")
    company = LineField(max_length=200, required=False)
    language = serializers.ChoiceField(LANGUAGES, required=False)


class PersonChangesSerializer(StrictSerializer):
    """Changes of a customer. What is left out stays as it is."""

    name = LineField(max_length=200, required=False)
    language = serializers.ChoiceField(LANGUAGES, required=False)


class People(Resource):
    """The customers that the member of the token may see."""

    scope = "people"
    read_permission = "people.view"
    serializer_class = PersonSerializer
    listing = CUSTOMERS
    logs_list = True
    logs_record = True

    def visible_rows(self, member: Member) -> Any:
        return visible_people(member)

    def load_related(self, rows: Any) -> Any:
        return rows.select_related("company").prefetch_related("contact_points")

    @extend_schema(request=NewPersonSerializer, responses={201: PersonSerializer})
    def create(self, request: Any) -> Response:
        """Create a customer who has no lead yet. A lead brings its customer along: create the lead instead."""
        values = self.read_body(request, NewPersonSerializer)
        phone = None
        if "phone" in values:
            try:
                phone = parse_phone(values.pop("phone"), directory().default_brand.country)
            except Refused as why:
                raise conflict_at("/phone", str(why)) from None
        person = create_customer(**values, phone=phone, by=request.user)
        return self.record_response(person, status=201)

    @extend_schema(request=PersonChangesSerializer, responses=PersonSerializer)
    def partial_update(self, request: Any, id: Any) -> Response:
        """Change name or language. Leads that have the old name as their title are renamed along."""
        values = self.read_body(request, PersonChangesSerializer)
        person = self.lock_record(request)
        jobs = Job.objects.visible_to(request.user).filter(person=person)
        if why := person_refusal(person, jobs, by=request.user):
            raise Refused(why)
        if "name" in values:
            with undoable_correction(person, by=request.user):
                rename_customer(person, values["name"], by=request.user)
        if "language" in values:
            person.choose_language(values["language"], by=request.user)
        return self.record_response(person)

    def permission_for(self, access: str) -> str:
        if self.action == "create":
            return "leads.open"
        if self.action == "partial_update":
            return "jobs.correct"
        return super().permission_for(access)
