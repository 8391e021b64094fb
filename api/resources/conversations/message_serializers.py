"""How a message is shown, and the body of a request that sends one."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.resources.fields import (
    AddressField,
    FlagField,
    IdField,
    InstantField,
    LineField,
    StrictSerializer,
    TextField,
    WholeField,
)
from api.resources.own_filters import MOST_NUMBER
from api.resources.record_serializer import NamedSerializer, RecordSerializer
from comms.composer.contact_ways import WRITTEN
from comms.composer.written_message import LONGEST_VALUE
from comms.gate.verdict import GateVerdict
from comms.message_sharing import sharing_for
from comms.models import Channel, Direction, Medium, Message, Purpose
from comms.models.decision import Decision
from comms.stored_words import StoredWords
from crm.platform.organization.configuration import directory

MOST_COPIES = 20


class GateSerializer(serializers.Serializer):
    """Whether it may be sent: consent, suppressions, quiet hours, limits."""

    outcome = serializers.ChoiceField(Decision.Outcome.values)
    reason = serializers.CharField(help_text="A code, such as “quiet_hours”; blank if all rules passed.")
    why = serializers.CharField(help_text="The reason in words.")
    until = serializers.DateTimeField(allow_null=True, help_text="When it is tried again.")


class FileSerializer(serializers.Serializer):
    """A file of a message."""

    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")


class MessageSerializer(RecordSerializer):
    """A message. Of a colleague’s own mailbox it has what they share: who and when, the subject, or everything."""

    id = serializers.UUIDField(source="uid")
    direction = serializers.ChoiceField(Direction.values)
    medium = serializers.ChoiceField(Medium.values)
    state = serializers.ChoiceField(Message.State.values)
    delivery = serializers.ChoiceField(Message.Delivery.values, help_text="What the provider reported.")
    purpose = serializers.ChoiceField(Purpose.values)
    address = serializers.CharField(help_text="Of the customer.")
    address_name = serializers.CharField()
    subject = serializers.CharField()
    text = serializers.CharField()
    files = serializers.SerializerMethodField()
    automatic = serializers.CharField(help_text="What no person wrote: “auto_reply”, “list” …; else blank.")
    person = NamedSerializer(allow_null=True)
    job = serializers.SerializerMethodField()
    ticket = serializers.IntegerField(source="ticket_number", allow_null=True, default=None)
    author = serializers.SerializerMethodField(help_text="Of a sent one; null for those of triggers.")
    brand = serializers.SerializerMethodField()
    at = serializers.DateTimeField(help_text="When it was written, or is to be sent.")
    send_at = serializers.DateTimeField(allow_null=True, help_text="When a waiting one leaves.")
    sent_at = serializers.DateTimeField(allow_null=True)
    error = serializers.CharField(source="error_text", help_text="Why it waits, or was not sent.")
    gate = serializers.SerializerMethodField(help_text="The last decision on sending it.")

    def to_representation(self, instance: Message) -> Any:
        data = super().to_representation(instance)
        sharing = sharing_for(instance, self.context["request"].user)
        hidden = {"text": "", "files": []}
        if sharing != Channel.Sharing.SUBJECT:
            hidden["subject"] = ""
        if sharing != Channel.Sharing.FULL:
            data |= {name: value for name, value in hidden.items() if name in data}
        return data

    @extend_schema_field(FileSerializer(many=True))
    def get_files(self, message: Message) -> Any:
        files = sorted(message.attachments.all(), key=lambda row: row.position)
        return FileSerializer([row for row in files if not row.is_inline], many=True).data

    def get_job(self, message: Message) -> int | None:
        if message.job is None:
            return None
        return int(message.job.number)

    @extend_schema_field(NamedSerializer(allow_null=True))
    def get_author(self, message: Message) -> Any:
        if message.author_id is None:
            return None
        return NamedSerializer(directory().members[message.author_id]).data

    def get_brand(self, message: Message) -> str:
        return directory().brands[message.brand_id].name

    @extend_schema_field(GateSerializer(allow_null=True))
    def get_gate(self, message: Message) -> Any:
        decisions = sorted(message.decisions.all(), key=lambda row: row.pk)
        if decisions:
            return GateSerializer(_decision_values(decisions[-1])).data
        verdict: GateVerdict | None = self.context.get("verdict")
        if verdict:
            return GateSerializer(_verdict_values(verdict)).data
        return None


def _verdict_values(verdict: GateVerdict) -> dict[str, Any]:
    return {"outcome": verdict.outcome, "reason": verdict.reason, "why": verdict.words, "until": verdict.until}


def _decision_values(decision: Decision) -> dict[str, Any]:
    why = ""
    if decision.checks:
        why = str(StoredWords.read(decision.checks[-1]))
    return {"outcome": decision.outcome, "reason": decision.reason, "why": why, "until": decision.until}


class NewMessageSerializer(StrictSerializer):
    """A message to send: on a `ticket`, about a `job`, or to a `person`; with a text, or a template."""

    ticket = WholeField(required=False, min_value=1, max_value=MOST_NUMBER, help_text="The id of a ticket.")
    job = WholeField(required=False, min_value=1, max_value=MOST_NUMBER, help_text="The id of a job.")
    person = IdField(required=False, help_text="The id of a customer.")
    medium = serializers.ChoiceField([str(medium) for medium in WRITTEN], required=False)
    to = LineField(max_length=254, required=False, help_text="One of their addresses or numbers; otherwise the usual.")
    subject = LineField(max_length=900, required=False, help_text="Of an email.")
    text = TextField(max_length=100_000, required=False)
    template = LineField(max_length=120, required=False, help_text="A template of the settings, by name.")
    values = serializers.DictField(
        child=TextField(max_length=LONGEST_VALUE, allow_blank=True),
        required=False,
        help_text="Of variables of the template for which the record has no value, by their names.",
    )
    cc = serializers.ListField(child=AddressField(), required=False, max_length=MOST_COPIES)
    send_at = InstantField(required=False, help_text="Otherwise it leaves in 15 seconds.")
    solve = FlagField(required=False, default=False, help_text="Solve the ticket with it.")
