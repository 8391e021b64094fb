"""Properties: the places where work is done."""

from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from api.resources.fields import LineField, StrictSerializer
from api.resources.jobs.new_job import NewPlaceSerializer, written_address
from api.resources.named_setup import find_brand
from api.resources.own_filters import OwnFilter, record_filter
from api.resources.own_values import OwnValuesField, fill_in_own_values, own_values_of
from api.resources.record_serializer import NamedSerializer, RecordSerializer
from api.resources.resource import Resource
from crm.jobs.customer_visibility import visible_people
from crm.jobs.models import Job
from crm.jobs.models.job_undo import CORRECTED
from crm.jobs.models.visibility import limited_to
from crm.kernel.refusal import Refused
from crm.people.lookup import find_or_create_property
from crm.people.models import Person, Property
from crm.platform import undo
from crm.platform.models import Member
from service.places.visibility import visible_places

# Of a property, the newest.
MOST_JOBS = 100


class PropertySerializer(RecordSerializer):
    """A place."""

    id = serializers.UUIDField(source="uid")
    address = serializers.CharField(source="one_line", help_text="The whole on one line.")
    street = serializers.CharField()
    postcode = serializers.CharField()
    city = serializers.CharField()
    region = serializers.CharField()
    country = serializers.CharField(help_text="ISO 3166-1: “US”.")
    own_fields = serializers.SerializerMethodField(help_text="What it has in your own fields, by their names.")
    created_at = serializers.DateTimeField()

    def get_own_fields(self, place: Property) -> dict[str, str]:
        return own_values_of(place)


class JobAtPlaceSerializer(serializers.Serializer):
    """A job at a place."""

    id = serializers.IntegerField(source="number")
    title = serializers.CharField()


class PropertyDetailSerializer(PropertySerializer):
    """A place with its jobs, and with their customers."""

    jobs = serializers.SerializerMethodField(
        help_text=f"The newest {MOST_JOBS} that the member may see. `/jobs/?property=` has all."
    )
    people = serializers.SerializerMethodField(help_text="The customers of these jobs.")

    @extend_schema_field(JobAtPlaceSerializer(many=True))
    def get_jobs(self, place: Property) -> Any:
        return JobAtPlaceSerializer(self._jobs(place), many=True).data

    @extend_schema_field(NamedSerializer(many=True))
    def get_people(self, place: Property) -> Any:
        ids = {job.person_id for job in self._jobs(place)}
        people = visible_people(self.context["request"].user).filter(pk__in=ids)
        return NamedSerializer(people.order_by("name_key", "pk"), many=True).data

    def _jobs(self, place: Property) -> Any:
        jobs = Job.objects.visible_to(self.context["request"].user).filter(site=place)
        return jobs.order_by("-number")[:MOST_JOBS]


class NewPropertySerializer(NewPlaceSerializer):
    """A place, in the country of the default brand, or of the brand of that name."""

    brand = LineField(required=False, max_length=120)


class PropertyChangesSerializer(StrictSerializer):
    """Changes of a place. A job that is elsewhere gets another `place`; this one stays with its other jobs."""

    own_fields = OwnValuesField(required=False)


def _is_place_of(person: Person, member: Member) -> Q:
    jobs = Job.objects.visible_to(member).order_by().filter(person=person, site__isnull=False)
    return Q(pk__in=jobs.values("site_id"))


class Properties(Resource):
    """The places of jobs that the token's member may see, and those without a job."""

    scope = "properties"
    read_permission = "jobs.view"
    write_permission = "jobs.correct"
    serializer_class = PropertySerializer
    detail_serializer_class = PropertyDetailSerializer
    own_filters: ClassVar[dict[str, OwnFilter]] = {
        "person": record_filter("Those of the jobs of a customer, by their id.", visible_people, _is_place_of)
    }
    logs_list = True
    logs_record = True

    def visible_rows(self, member: Member) -> Any:
        if limited_to(member) is None:
            return Property.objects.all()
        jobs = Job.objects.filter(site=OuterRef("pk")).order_by()
        return Property.objects.filter(Q(pk__in=visible_places(member).values("pk")) | ~Exists(jobs))

    @extend_schema(request=NewPropertySerializer, responses={201: PropertyDetailSerializer})
    def create(self, request: Any) -> Response:
        """Find or add the place at an address: each address is one record."""
        values = self.read_body(request, NewPropertySerializer)
        brand = find_brand(values.get("brand"))
        place = find_or_create_property(written_address(values, brand.country))
        if not self.visible_rows(request.user).filter(pk=place.pk).exists():
            raise Refused(_("The leads at this address belong to a colleague."))
        return self.record_response(place, status=201)

    @extend_schema(request=PropertyChangesSerializer, responses=PropertyDetailSerializer)
    def partial_update(self, request: Any, id: Any) -> Response:
        """Change your own fields of a place."""
        values = self.read_body(request, PropertyChangesSerializer)
        # The undo is of the newest lead there, which is locked before the place, as on its page.
        jobs = Job.objects.visible_to(request.user).filter(site__uid=id).order_by("-pk")
        newest = list(jobs.select_for_update(of=("self",))[:1])

        def correct_place(place: Property) -> None:
            with undo.record_undoable("job.corrected", newest, by=request.user, locked=True, columns=CORRECTED):
                fill_in_own_values(place, values.get("own_fields", {}), by=request.user)

        return self.act(request, correct_place)

    def permission_for(self, access: str) -> str:
        if self.action == "create":
            return "leads.open"
        return super().permission_for(access)
