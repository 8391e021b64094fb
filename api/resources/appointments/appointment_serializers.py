"""How an appointment is shown, and the bodies of what is done with one."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.resources.fields import FlagField, IdField, InstantField, LineField, StrictSerializer, TextField, WholeField
from api.resources.jobs.job_serializers import PlaceSerializer
from api.resources.record_serializer import NamedSerializer, RecordSerializer, named_record
from crm.jobs.appointments.setup import appointment_types
from crm.jobs.models.appointments import Appointment, AppointmentOutcome
from crm.jobs.models.appointments.states import AppointmentState
from crm.platform.organization.configuration import directory

SHORTEST = 5
LONGEST = 12 * 60
MOST_MEMBERS = 20


class AppointmentSerializer(RecordSerializer):
    """An appointment with a customer."""

    id = serializers.UUIDField(source="uid")
    type = serializers.SerializerMethodField(help_text="By its name in the settings.")
    state = serializers.ChoiceField(AppointmentState.values)
    outcome = serializers.CharField(help_text="How it went, once it is done.")
    reason = serializers.CharField(help_text="Why it was cancelled.")
    job = serializers.IntegerField(source="job.number")
    person = NamedSerializer(allow_null=True)
    place = PlaceSerializer(source="site", allow_null=True)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    travel_minutes = serializers.IntegerField()
    time_zone = serializers.CharField(help_text="Of the place.")
    members = serializers.SerializerMethodField(help_text="Who comes.")
    note = serializers.CharField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    asked_at = serializers.DateTimeField(allow_null=True, help_text="When the customer asked for another time.")
    asked_words = serializers.CharField()
    held_until = serializers.DateTimeField(
        allow_null=True, help_text="Until when a time is held for the customer, who was asked about it."
    )
    offered_starts_at = serializers.DateTimeField(
        allow_null=True, help_text="The other time that they were asked about; null: its own."
    )
    offered_ends_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()

    def get_type(self, row: Appointment) -> str:
        return appointment_types()[row.type_id].name

    @extend_schema_field(NamedSerializer(many=True))
    def get_members(self, row: Appointment) -> Any:
        return [named_record(directory().members[pk]) for pk in row.member_ids]


class AppointmentTimeSerializer(StrictSerializer):
    """When an appointment is."""

    starts_at = InstantField()
    minutes = WholeField(min_value=SHORTEST, max_value=LONGEST, required=False)
    ignore_warnings = FlagField(
        required=False, default=False, help_text="Also outside working hours, without the skill, or when busy."
    )
    ask_first = FlagField(
        required=False, default=False, help_text="Ask the customer first, and hold the time until they answer."
    )


class NewAppointmentSerializer(AppointmentTimeSerializer):
    """An appointment to book."""

    job = WholeField(min_value=1, max_value=10**9)
    type = LineField(max_length=80, help_text="A type of the settings, by name.")
    members = serializers.ListField(
        child=IdField(), min_length=1, max_length=MOST_MEMBERS, help_text="Ids of the members who come."
    )
    note = TextField(max_length=4000, required=False, allow_blank=True)


class AnotherTimeSerializer(AppointmentTimeSerializer):
    """Another time of an appointment. Its length and who comes stay as they are if they are left out."""

    members = serializers.ListField(
        child=IdField(), min_length=1, max_length=MOST_MEMBERS, required=False, help_text="Ids of the members who come."
    )


class CancellationSerializer(StrictSerializer):
    """Why an appointment is cancelled. The customer is sent the reason."""

    reason = LineField(max_length=200)


class AppointmentOutcomeSerializer(StrictSerializer):
    """How an appointment went."""

    outcome = serializers.ChoiceField(AppointmentOutcome.values)
    note = TextField(max_length=4000, required=False, allow_blank=True)


class NoShowSerializer(StrictSerializer):
    """How a visit failed: the customer was not there."""

    note = TextField(max_length=4000, required=False, allow_blank=True)
