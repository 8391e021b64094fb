"""How a customer is shown, and the bodies of the requests that create or change one."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.resources.fields import AddressField, IdField, LineField, StrictSerializer
from api.resources.own_values import OwnValuesField, own_values_of
from api.resources.record_serializer import NamedSerializer, RecordSerializer
from crm.people.merging.merge import FIELDS
from crm.people.models import ContactPoint, Person

LANGUAGES = [code for code, _name in settings.LANGUAGES]
EMAIL = ContactPoint.PointKind.EMAIL
PHONE = ContactPoint.PointKind.PHONE


class ContactPointSerializer(serializers.Serializer):
    """An address or number. The first of its kind is the one that is written to: a confirmed one, or the oldest."""

    kind = serializers.ChoiceField(ContactPoint.PointKind.values)
    value = serializers.CharField()
    note = serializers.CharField(help_text="Whose it is, or what it is for.")
    is_verified = serializers.SerializerMethodField(help_text="Whether it is confirmed as theirs.")

    def get_is_verified(self, point: ContactPoint) -> bool:
        return point.verified_at is not None


class PersonSerializer(RecordSerializer):
    """A customer."""

    id = serializers.UUIDField(source="uid")
    name = serializers.CharField()
    company = NamedSerializer(allow_null=True)
    emails = serializers.SerializerMethodField()
    phones = serializers.SerializerMethodField()
    contact_points = serializers.SerializerMethodField()
    language = serializers.CharField(help_text="Blank: that of the brand.")
    own_fields = serializers.SerializerMethodField(help_text="What they have in your own fields, by their names.")
    is_confirmed = serializers.SerializerMethodField(help_text="False for an unknown sender of a message.")
    created_at = serializers.DateTimeField()

    def get_emails(self, person: Person) -> list[str]:
        return self._values(person, EMAIL)

    def get_phones(self, person: Person) -> list[str]:
        return self._values(person, PHONE)

    @extend_schema_field(ContactPointSerializer(many=True))
    def get_contact_points(self, person: Person) -> Any:
        points = sorted(person.contact_points.all(), key=_rank_point)
        return ContactPointSerializer(points, many=True).data

    def get_own_fields(self, person: Person) -> dict[str, str]:
        return own_values_of(person)

    def get_is_confirmed(self, person: Person) -> bool:
        return person.unconfirmed_since is None

    def _values(self, person: Person, kind: str) -> list[str]:
        return sorted(point.value for point in person.contact_points.all() if point.kind == kind)


def _rank_point(point: ContactPoint) -> tuple[str, float, int]:
    """Return the sort key of ContactPointQuerySet.verified_first, by kind."""
    confirmed = 0.0
    if point.verified_at:
        confirmed = -point.verified_at.timestamp()
    return point.kind, confirmed, point.pk


class NewPersonSerializer(StrictSerializer):
    """A customer to create."""

    name = LineField(max_length=200)
    email = AddressField(required=False)
    phone = LineField(max_length=60, required=False, help_text="As it is dialled where the organization is.")
    company = LineField(max_length=200, required=False)
    language = serializers.ChoiceField(LANGUAGES, required=False)


class KnownPointSerializer(StrictSerializer):
    """An address or number of the customer."""

    kind = serializers.ChoiceField([EMAIL.value, PHONE.value])
    value = LineField(max_length=254)


class NewPointSerializer(KnownPointSerializer):
    """An address or number to add."""

    note = LineField(max_length=80, required=False, help_text="Whose it is, or what it is for.")


class PersonChangesSerializer(StrictSerializer):
    """Changes of a customer. What is left out stays as it is."""

    name = LineField(max_length=200, required=False)
    language = serializers.ChoiceField(LANGUAGES, required=False)
    company = IdField(required=False, allow_null=True, help_text="The id of a company; null: none.")
    add_contact_points = NewPointSerializer(many=True, required=False)
    remove_contact_points = KnownPointSerializer(many=True, required=False)
    own_fields = OwnValuesField(required=False)


class MergeSerializer(StrictSerializer):
    """The other record of the same customer."""

    other = IdField(help_text="The id of the record that becomes part of this one.")
    take = serializers.ListField(
        child=serializers.ChoiceField(list(FIELDS)),
        required=False,
        max_length=len(FIELDS),
        help_text="What is taken from the other record. What this one lacks is always taken.",
    )


class EraseSerializer(StrictSerializer):
    """The customer’s name, as a confirmation."""

    name = LineField(max_length=200)
