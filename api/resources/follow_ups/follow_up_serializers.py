"""How a follow-up is shown, and the bodies of what is done with one."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.resources.fields import IdField, InstantField, LineField, StrictSerializer, TextField, WholeField
from api.resources.jobs.job_serializers import PRIORITIES
from api.resources.record_serializer import NamedSerializer, RecordSerializer, named_record
from crm.platform.organization.configuration import directory
from followups.models import CustomerAct, FollowUp, FollowUpOutcome, FollowUpStatus
from followups.models.kind_setup import OneKind, kinds

KIND_WORDS = "A built-in type, such as `call`, or one of the organization, by name."
MOST_MINUTES = 24 * 60


def kind_name(kind: OneKind) -> str:
    """Return what the API calls a type: the code of a built-in one, whose name is translated; else its name."""
    return kind.name or kind.code


class FollowUpSerializer(RecordSerializer):
    """A follow-up: a task with an assignee and a due time. It is about one of the records; else it is personal."""

    id = serializers.UUIDField(source="uid")
    subject = serializers.CharField()
    kind = serializers.SerializerMethodField(help_text=KIND_WORDS)
    status = serializers.ChoiceField(FollowUpStatus.values)
    outcome = serializers.CharField(help_text="How it ended; blank as long as it is open.")
    due_at = serializers.DateTimeField(allow_null=True)
    promised_by = serializers.DateTimeField(
        source="limit_at", allow_null=True, help_text="The latest time that the customer was promised."
    )
    missed_at = serializers.DateTimeField(allow_null=True, help_text="When it was first missed.")
    minutes = serializers.IntegerField(help_text="How long it takes.")
    priority = serializers.SerializerMethodField()
    assignee = serializers.SerializerMethodField()
    notes = serializers.CharField()
    completes_on = serializers.CharField(help_text="What the customer does to complete it; blank: a member does.")
    job = serializers.SerializerMethodField()
    person = NamedSerializer(allow_null=True)
    ticket = serializers.SerializerMethodField()
    appointment = serializers.SerializerMethodField()
    document = serializers.SerializerMethodField()
    property = serializers.SerializerMethodField()
    repeats = serializers.SerializerMethodField(help_text="Whether it is one of a series.")
    created_at = serializers.DateTimeField()
    created_by = serializers.SerializerMethodField()
    completed_at = serializers.DateTimeField(allow_null=True)
    completed_by = serializers.SerializerMethodField()

    def get_kind(self, row: FollowUp) -> str:
        return kind_name(kinds().of(row.kind))

    def get_priority(self, row: FollowUp) -> str:
        return PRIORITIES[row.priority]

    @extend_schema_field(NamedSerializer(allow_null=True))
    def get_assignee(self, row: FollowUp) -> Any:
        return named_member(row.assignee_id)

    @extend_schema_field(NamedSerializer(allow_null=True))
    def get_created_by(self, row: FollowUp) -> Any:
        return named_member(row.created_by_id)

    @extend_schema_field(NamedSerializer(allow_null=True))
    def get_completed_by(self, row: FollowUp) -> Any:
        return named_member(row.completed_by_id)

    def get_job(self, row: FollowUp) -> int | None:
        return row.job.number if row.job else None

    def get_ticket(self, row: FollowUp) -> int | None:
        return row.ticket.number if row.ticket else None

    def get_appointment(self, row: FollowUp) -> str | None:
        return str(row.appointment.uid) if row.appointment else None

    def get_document(self, row: FollowUp) -> str | None:
        return str(row.document.uid) if row.document else None

    def get_property(self, row: FollowUp) -> str | None:
        return str(row.site.uid) if row.site else None

    def get_repeats(self, row: FollowUp) -> bool:
        return row.series_id is not None


def named_member(member_id: int | None) -> Any:
    """Return a member as records name one; None without a member."""
    member = directory().members.get(member_id or 0)
    if member is None:
        return None
    return named_record(member)


class FollowUpChangesSerializer(StrictSerializer):
    """Changes of an open follow-up. What is left out stays as it is."""

    subject = LineField(max_length=120, required=False)
    kind = LineField(max_length=60, required=False, help_text=KIND_WORDS)
    notes = TextField(max_length=4000, required=False, allow_blank=True)
    promised_by = InstantField(required=False, allow_null=True)
    minutes = WholeField(
        min_value=1, max_value=MOST_MINUTES, required=False, allow_null=True, help_text="null: as long as its type."
    )
    priority = serializers.ChoiceField([*PRIORITIES.values()], required=False)
    completes_on = serializers.ChoiceField(["", *CustomerAct.values], required=False)


class NewFollowUpSerializer(FollowUpChangesSerializer):
    """A follow-up to plan. It is about the one record that is named; without any it is personal."""

    subject = LineField(max_length=120)
    kind = LineField(max_length=60, default="task", help_text=KIND_WORDS)
    due_at = InstantField(allow_null=True, help_text="null: some time.")
    assignee = IdField(required=False, help_text="Otherwise the owner of the job, or else the token’s member.")
    job = WholeField(min_value=1, max_value=10**9, required=False)
    person = IdField(required=False)
    ticket = WholeField(min_value=1, max_value=10**9, required=False)
    appointment = IdField(required=False)
    document = IdField(required=False)
    property = IdField(required=False)


class CompletionSerializer(StrictSerializer):
    """How a follow-up ended."""

    outcome = serializers.ChoiceField(FollowUpOutcome.values)
    note = TextField(max_length=4000, required=False, allow_blank=True)


class NewTimeSerializer(StrictSerializer):
    """When it is due instead."""

    due_at = InstantField()


class NewAssigneeSerializer(StrictSerializer):
    """Who does it."""

    member = IdField(help_text="The id of a member.")


class SkipSerializer(StrictSerializer):
    """Why a follow-up does not take place."""

    reason = LineField(max_length=200, required=False, help_text="Kept with one of a series.")
