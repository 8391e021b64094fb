"""How a job is shown, and the bodies of the requests that change one."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.resources.fields import (
    DayField,
    FlagField,
    IdField,
    InstantField,
    LineField,
    MinorField,
    StrictSerializer,
    TextField,
)
from api.resources.jobs.new_job import NewPlaceSerializer
from api.resources.own_values import OwnValuesField, own_values_of
from api.resources.record_serializer import NamedSerializer, RecordSerializer, named_record
from crm.jobs.clock.clocked import Side
from crm.jobs.models import CONTACTS, Job, Priority
from crm.jobs.models.contact import ContactOutcome
from crm.jobs.models.job_record import JobState
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.organization.configuration import directory

PRIORITIES = {priority.value: priority.name.lower() for priority in Priority}


class NextStepSerializer(serializers.Serializer):
    """The next step of a job: its kind and when it is due."""

    kind = serializers.CharField(source="next_step_kind")
    label = serializers.CharField(source="next_step_label")
    at = serializers.DateTimeField(source="next_step_at", allow_null=True)


class ClockSerializer(serializers.Serializer):
    """Whose move it is, and until when. A job on hold, or an ended one, is not due."""

    side = serializers.ChoiceField(Side.values)
    warn_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    hold_reason = serializers.CharField(source="pause_reason")
    hold_until = serializers.DateTimeField(source="pause_ends_at", allow_null=True)


class PlaceSerializer(serializers.Serializer):
    """Where the work is done."""

    id = serializers.UUIDField(source="uid")
    address = serializers.CharField(source="one_line")


class JobSerializer(RecordSerializer):
    """A job. Pipeline, step, source and brand are named as they are in the settings."""

    id = serializers.IntegerField(source="number", min_value=1)
    title = serializers.CharField()
    state = serializers.ChoiceField(JobState.values)
    pipeline = serializers.SerializerMethodField()
    stage = serializers.SerializerMethodField()
    owner = serializers.SerializerMethodField()
    person = NamedSerializer(allow_null=True)
    company = NamedSerializer(allow_null=True)
    place = PlaceSerializer(source="site", allow_null=True)
    brand = serializers.SerializerMethodField()
    source = serializers.SerializerMethodField()
    priority = serializers.SerializerMethodField()
    value = serializers.IntegerField(allow_null=True, help_text="In minor units of the currency.")
    currency = serializers.CharField()
    next_step = NextStepSerializer(source="*")
    clock = ClockSerializer(source="*")
    is_sold = serializers.BooleanField()
    own_fields = serializers.SerializerMethodField(help_text="What it has in your own fields, by their names.")
    expected_on = serializers.DateField(allow_null=True, help_text="When the customer is expected to decide.")
    came_in_at = serializers.DateTimeField()
    entered_at = serializers.DateTimeField(help_text="When it entered its step.")
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_reason = serializers.CharField()

    def get_pipeline(self, job: Job) -> str:
        return pipeline_setup().pipelines[job.pipeline_id].name

    def get_stage(self, job: Job) -> str | None:
        if job.stage_id is None:
            return None
        return pipeline_setup().stages[job.stage_id].name

    @extend_schema_field(NamedSerializer(allow_null=True))
    def get_owner(self, job: Job) -> Any:
        if job.member_id is None:
            return None
        return named_record(directory().members[job.member_id])

    def get_brand(self, job: Job) -> str:
        return directory().brands[job.brand_id].name

    def get_source(self, job: Job) -> str | None:
        if job.source_id is None:
            return None
        return pipeline_setup().sources[job.source_id].name

    def get_priority(self, job: Job) -> str:
        return PRIORITIES[job.priority]

    def get_own_fields(self, job: Job) -> dict[str, str]:
        return own_values_of(job)


class MoveSerializer(StrictSerializer):
    """Where a job goes."""

    stage = LineField(max_length=80, help_text="A step of its pipeline, by name.")
    ignore_warnings = FlagField(
        required=False, default=False, help_text="Go on although facts are missing that the step asks for."
    )


class AssignSerializer(StrictSerializer):
    """Who gets a job."""

    member = IdField(allow_null=True, help_text="The id of a member; null: nobody.")
    reason = LineField(max_length=200, required=False)


class DropSerializer(StrictSerializer):
    """Why a job is dropped."""

    reason = LineField(max_length=40, help_text="A reason of the settings, by name.")
    part = LineField(max_length=40, required=False, help_text="One of its sub-reasons, by name.")
    note = LineField(max_length=56, required=False, help_text="A few words, or who they chose.")


class LoseSerializer(DropSerializer):
    """Why a job is lost, with what the reason asks for."""

    gap = MinorField(required=False, min_value=1, help_text="How far off the price was.")
    offered_on = DayField(required=False, help_text="The day we offered.")
    wanted_on = DayField(required=False, help_text="The day they wanted.")


class HoldSerializer(StrictSerializer):
    """The reason and the end of a hold of a job."""

    reason = LineField(max_length=120)
    until = DayField(required=False, help_text="It goes on that morning. Left out: until it is resumed.")


class TurnSerializer(StrictSerializer):
    """Whose move it is."""

    side = serializers.ChoiceField([Side.US.value, Side.CUSTOMER.value])


class PrioritySerializer(StrictSerializer):
    """How urgent a job is."""

    priority = serializers.ChoiceField(list(PRIORITIES.values()))


class WinSerializer(StrictSerializer):
    """A sale. The job goes to the first step of those that count as sold."""

    ignore_warnings = FlagField(
        required=False, default=False, help_text="Go on although facts are missing that the step asks for."
    )


class PlanSerializer(StrictSerializer):
    """A next step: a follow-up of the owner."""

    kind = LineField(max_length=16, help_text="A type of follow-ups, by its code or name: “call”.")
    label = LineField(max_length=120, required=False, help_text="What is to be done.")
    at = InstantField()


class ContactSerializer(StrictSerializer):
    """A call, text, email or visit."""

    kind = serializers.ChoiceField(list(CONTACTS))
    outcome = serializers.ChoiceField(ContactOutcome.values)
    note = TextField(max_length=10_000, required=False, allow_blank=True)


class JobChangesSerializer(StrictSerializer):
    """Changes of a job. What is left out stays as it is."""

    title = LineField(max_length=200, required=False)
    value = MinorField(min_value=1, required=False, allow_null=True, help_text="In minor units of the currency.")
    expected_on = DayField(required=False, allow_null=True)
    source = LineField(max_length=120, required=False)
    brand = LineField(max_length=120, required=False)
    place = NewPlaceSerializer(required=False)
    own_fields = OwnValuesField(required=False)
