"""Webhooks and their deliveries as the API shows them, and the bodies that create and change them."""

from typing import Any
from urllib.parse import urlsplit

from rest_framework import serializers

from api.events.event_types import EVENT_TYPES
from api.models.event_subscription import LONGEST_FILTERS, PAYLOAD_VERSIONS, EventSubscription
from api.resources.fields import IdField, LineField, PatternField, StrictSerializer, TextField
from api.resources.record_serializer import RecordSerializer
from crm.automation.models import CallState, WebhookCall
from crm.automation.models.webhook import webhooks

URL_PATTERN = r"^https?://[A-Za-z0-9][A-Za-z0-9.:-]*(/[\x21-\x7e]*)?$"
SECRET_PATTERN = r"^whsec_[A-Za-z0-9+/]{32,88}={0,2}$"  # noqa: S105 - what one looks like
TYPES = list(EVENT_TYPES)


class VersionField(serializers.ChoiceField):
    """The version of payloads, a whole number."""

    def __init__(self, **options: Any) -> None:
        super().__init__(list(PAYLOAD_VERSIONS), **options)

    def to_internal_value(self, data: Any) -> Any:
        # 1.0 is a whole number in JSON.
        if isinstance(data, bool) or not isinstance(data, int | float) or data not in PAYLOAD_VERSIONS:
            self.fail("invalid_choice", input=data)
        return int(data)


class TypeField(serializers.ChoiceField):
    """A type of events."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class WebhookSerializer(RecordSerializer):
    """A URL that is called for events."""

    id = serializers.UUIDField(source="uid")
    name = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    types = serializers.ListField(child=serializers.ChoiceField(TYPES))
    filters = serializers.CharField(help_text="Conditions of the list of leads, as in its address.")
    version = serializers.IntegerField(source="payload_version", help_text="Of the payloads.")
    is_disabled = serializers.SerializerMethodField(help_text="Switched off: by a member, or as it did not answer.")
    created_at = serializers.DateTimeField()

    def get_name(self, row: EventSubscription) -> str:
        return webhooks()[row.webhook_id].name

    def get_url(self, row: EventSubscription) -> str:
        return webhooks()[row.webhook_id].url

    def get_is_disabled(self, row: EventSubscription) -> bool:
        return webhooks()[row.webhook_id].disabled_at is not None


class SecretSerializer(WebhookSerializer):
    """A webhook with the secret that its calls are signed with. It is shown once."""

    secret = serializers.SerializerMethodField(help_text="Null where the answer is given again.")

    def get_secret(self, row: EventSubscription) -> str | None:
        return self.context.get("secret")


class NewWebhookSerializer(StrictSerializer):
    """A URL to be called for events."""

    url = PatternField(regex=URL_PATTERN, max_length=500)
    types = serializers.ListField(child=TypeField(TYPES), min_length=1, max_length=len(TYPES))
    name = LineField(max_length=60, required=False, help_text="Without one: the host of the URL.")
    filters = TextField(
        max_length=LONGEST_FILTERS,
        required=False,
        default="",
        allow_blank=True,
        help_text="Only events of jobs that meet these conditions, as in an address of the list of leads: "
        "`level=over&where=value:min:20000 USD`.",
    )
    version = VersionField(required=False, default=PAYLOAD_VERSIONS[-1])
    secret = PatternField(
        regex=SECRET_PATTERN, max_length=96, required=False, help_text="To use instead of a new one: whsec_…"
    )

    def name_of(self, values: dict[str, Any]) -> str:
        """Return the name that was chosen, or the host."""
        return values.get("name") or (urlsplit(values["url"]).hostname or "")[:50]


class WebhookChangesSerializer(StrictSerializer):
    """Changes of a webhook. What is left out stays as it is."""

    url = PatternField(regex=URL_PATTERN, max_length=500, required=False)
    types = serializers.ListField(child=TypeField(TYPES), min_length=1, max_length=len(TYPES), required=False)
    filters = TextField(max_length=LONGEST_FILTERS, required=False, allow_blank=True)
    version = VersionField(required=False)


class ReplaySerializer(StrictSerializer):
    """Deliveries to make again."""

    delivery = IdField(required=False, help_text="Without it: all that failed.")


class ReplayedSerializer(serializers.Serializer):
    """How many deliveries are made again."""

    count = serializers.IntegerField()


class DeliverySerializer(RecordSerializer):
    """A delivery: the event, and the result of the last attempt."""

    id = serializers.UUIDField(source="uid", help_text="The webhook-id of its requests.")
    type = serializers.CharField()
    event = serializers.SerializerMethodField(help_text="The id of the event; null: of none.")
    state = serializers.ChoiceField(CallState.values)
    attempts = serializers.IntegerField()
    status = serializers.IntegerField(allow_null=True)
    error = serializers.CharField()
    answer = serializers.CharField(help_text="The first 2 kB of the answer.")
    duration_ms = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField(source="at")
    next_attempt_at = serializers.DateTimeField(source="next_at", allow_null=True)

    def get_event(self, call: WebhookCall) -> int | None:
        if not call.origin.startswith("event:"):
            return None
        return int(call.payload["id"])
