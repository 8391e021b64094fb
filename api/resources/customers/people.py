"""People: the customers of leads and jobs, and who is involved in them."""

from typing import Any, ClassVar

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from api.requests.problems import conflict_at
from api.resources.customers.person_changes import correct_person, expect_correctable_person
from api.resources.customers.person_serializers import (
    EraseSerializer,
    MergeSerializer,
    NewPersonSerializer,
    PersonChangesSerializer,
    PersonSerializer,
)
from api.resources.fields import NoBodySerializer
from api.resources.own_filters import OwnFilter, record_filter
from api.resources.resource import Resource
from crm.jobs.customer_visibility import visible_companies, visible_people
from crm.jobs.customers.creation import create_customer
from crm.jobs.customers.customer_list import CUSTOMERS
from crm.kernel.normalization import parse_phone
from crm.kernel.refusal import Refused
from crm.people.erasure import erase
from crm.people.merging.merge import merge
from crm.people.models import Person
from crm.platform.models import Member
from crm.platform.organization.configuration import directory


class People(Resource):
    """The customers that the member of the token may see."""

    scope = "people"
    read_permission = "people.view"
    write_permission = "jobs.correct"
    serializer_class = PersonSerializer
    listing = CUSTOMERS
    own_filters: ClassVar[dict[str, OwnFilter]] = {
        "company": record_filter(
            "Those of a company, by its id.", visible_companies, lambda company, member: Q(company=company)
        )
    }
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
        """Change a customer. Leads that have the old name as their title are renamed along."""
        values = self.read_body(request, PersonChangesSerializer)
        return self.act(request, lambda person: correct_person(person, values, by=request.user))

    @extend_schema(request=NoBodySerializer, responses=PersonSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Any, id: Any) -> Response:
        """Confirm an unknown sender of a message as a customer."""
        self.read_body(request, NoBodySerializer)

        def confirm_person(person: Person) -> None:
            expect_correctable_person(person, by=request.user)
            person.confirm(by=request.user)

        return self.act(request, confirm_person)

    @extend_schema(request=MergeSerializer, responses=PersonSerializer)
    @action(detail=True, methods=["post"], permission="people.merge")
    def merge(self, request: Any, id: Any) -> Response:
        """Merge another record of the same customer into this one. A colleague can undo it on the customer’s page."""
        values = self.read_body(request, MergeSerializer)
        rows = self.visible_rows(request.user)
        kept = get_object_or_404(rows, uid=id)
        other = get_object_or_404(rows, uid=values["other"])
        # Both in the order that the verb locks them in.
        list(Person.objects.select_for_update().filter(pk__in=[kept.pk, other.pk]).order_by("pk"))
        take = tuple(values.get("take", ()))
        return self.act(request, lambda person: merge(person, other, by=request.user, take=take))

    @extend_schema(request=EraseSerializer, responses=PersonSerializer)
    @action(detail=True, methods=["post"], permission="people.erase")
    def erase(self, request: Any, id: Any) -> Response:
        """Erase a customer for good: name, addresses, texts and files. Nothing brings them back."""
        values = self.read_body(request, EraseSerializer)

        def erase_person(person: Person) -> None:
            if values["name"].casefold() != " ".join(person.name.split()).casefold():
                raise conflict_at("/name", _("Type the name exactly as shown above."))
            erase(person, by=request.user)

        return self.act(request, erase_person)

    def permission_for(self, access: str) -> str:
        if self.action == "create":
            return "leads.open"
        return super().permission_for(access)
