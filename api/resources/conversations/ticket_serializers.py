"""How a ticket is shown, and the bodies of the requests that change one."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.resources.fields import (
    DayField,
    IdField,
    InstantField,
    LineField,
    StrictSerializer,
    TextField,
    WholeField,
)
from api.resources.jobs.job_serializers import PRIORITIES, ClockSerializer
from api.resources.own_filters import MOST_NUMBER
from api.resources.record_serializer import NamedSerializer, RecordSerializer
from comms.models import Direction, Medium
from crm.platform.organization.configuration import directory
from tickets.models import Status, Ticket
from tickets.models.note import LONGEST


class LastMessageSerializer(serializers.Serializer):
    """The last message of a ticket, in its first words."""

    at = serializers.DateTimeField(source="last_message_at", allow_null=True)
    direction = serializers.ChoiceField([*Direction.values, ""], source="last_message_direction")
    text = serializers.CharField(source="last_message_text")


class TicketSerializer(RecordSerializer):
    """A ticket: one matter of a customer, with its messages and notes."""

    id = serializers.IntegerField(source="number", min_value=1)
    subject = serializers.CharField()
    status = serializers.ChoiceField(Status.values)
    priority = serializers.SerializerMethodField()
    person = NamedSerializer(allow_null=True)
    customer_name = serializers.CharField(help_text="As they are called where there is no person.")
    job = serializers.SerializerMethodField()
    brand = serializers.SerializerMethodField()
    owner = serializers.SerializerMethodField()
    team = serializers.SerializerMethodField()
    medium = serializers.ChoiceField([*Medium.values, ""], help_text="Of the last message.")
    tags = serializers.SerializerMethodField()
    clock = ClockSerializer(source="*")
    waiting_since = serializers.DateTimeField(
        allow_null=True, help_text="When the customer wrote what we have not answered."
    )
    unread_count = serializers.IntegerField(help_text="Messages of theirs that we have not answered.")
    last_message = LastMessageSerializer(source="*")
    snoozed_until = serializers.DateTimeField(allow_null=True)
    is_private = serializers.SerializerMethodField(help_text="Whether the token’s member alone may see it.")
    merged_into = serializers.IntegerField(source="merged_into.number", allow_null=True, default=None)
    created_at = serializers.DateTimeField()
    first_reply_at = serializers.DateTimeField(allow_null=True)
    solved_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)

    def get_priority(self, ticket: Ticket) -> str:
        return PRIORITIES[ticket.priority]

    def get_job(self, ticket: Ticket) -> int | None:
        if ticket.job is None:
            return None
        return int(ticket.job.number)

    def get_brand(self, ticket: Ticket) -> str:
        return directory().brands[ticket.brand_id].name

    @extend_schema_field(NamedSerializer(allow_null=True))
    def get_owner(self, ticket: Ticket) -> Any:
        if ticket.member_id is None:
            return None
        return NamedSerializer(directory().members[ticket.member_id]).data

    @extend_schema_field(NamedSerializer(allow_null=True))
    def get_team(self, ticket: Ticket) -> Any:
        if ticket.team_id is None:
            return None
        return NamedSerializer(directory().teams[ticket.team_id]).data

    def get_tags(self, ticket: Ticket) -> list[str]:
        return [tag.name for tag in ticket.tags]

    def get_is_private(self, ticket: Ticket) -> bool:
        return ticket.sole_reader_id is not None


class NewTicketSerializer(StrictSerializer):
    """A ticket to open: of a customer, of a job, or of both."""

    subject = LineField(max_length=200)
    person = IdField(required=False, help_text="The id of a customer; otherwise that of the job.")
    job = WholeField(required=False, min_value=1, max_value=MOST_NUMBER, help_text="The id of a job.")
    brand = LineField(max_length=120, required=False, help_text="Otherwise that of the job.")
    priority = serializers.ChoiceField(list(PRIORITIES.values()), required=False, default="normal")
    note = TextField(max_length=LONGEST, required=False, allow_blank=True, help_text="For the team alone.")


class AssignTicketSerializer(StrictSerializer):
    """Who gets a ticket: a member, a team, or both."""

    member = IdField(required=False, allow_null=True, help_text="The id of a member; null: unassigned.")
    team = IdField(required=False, allow_null=True, help_text="The id of a team; null: no team.")


class HoldTicketSerializer(StrictSerializer):
    """The reason and the end of a hold of a ticket."""

    reason = LineField(max_length=120)
    until = DayField(help_text="It goes on that morning.")


class SnoozeSerializer(StrictSerializer):
    """Until when a ticket is out of sight. Its clock goes on."""

    until = InstantField()


class AttachSerializer(StrictSerializer):
    """The job a ticket is about."""

    job = WholeField(allow_null=True, min_value=1, max_value=MOST_NUMBER, help_text="The id of a job; null: none.")


class TagSerializer(StrictSerializer):
    """Tags, by name."""

    add = serializers.ListField(child=LineField(max_length=40), required=False, max_length=20)
    remove = serializers.ListField(child=LineField(max_length=40), required=False, max_length=20)
