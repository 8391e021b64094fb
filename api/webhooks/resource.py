"""`/api/v1/webhooks/`: REST hooks. A program subscribes a URL to events, and unsubscribes it."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from api.models import EventSubscription
from api.requests.problems import conflict_at
from api.resources.fields import NoBodySerializer
from api.resources.resource import Resource
from api.webhooks.choices import check_types, tidy_filters
from api.webhooks.replays import free_name, queue_ping, replay_delivery, replay_failed
from api.webhooks.serializers import (
    DeliverySerializer,
    NewWebhookSerializer,
    ReplayedSerializer,
    ReplaySerializer,
    SecretSerializer,
    WebhookChangesSerializer,
    WebhookSerializer,
)
from crm.automation.models import Webhook, WebhookCall, WebhookHealth
from crm.automation.models.webhook_call import wake_webhook
from crm.automation.webhooks.permission import MANAGE
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.access.permissions import allows
from crm.platform.models import Member


def read_filters(text: str, member: Member) -> str:
    """Return filters as they are stored. Raises Problem (409) for what the list does not know."""
    try:
        return tidy_filters(text, member)
    except Refused as why:
        raise conflict_at("/filters", str(why)) from None


class Webhooks(Resource):
    """The webhooks of the token's member; of all members for an admin."""

    scope = "webhooks"
    serializer_class = WebhookSerializer

    def visible_rows(self, member: Member) -> Any:
        rows = EventSubscription.objects.filter(webhook__archived_at=None)
        if allows(member, MANAGE):
            return rows
        return rows.filter(member=member)

    def load_related(self, rows: Any) -> Any:
        return rows.prefetch_related("webhook")

    @extend_schema(request=NewWebhookSerializer, responses={201: SecretSerializer})
    def create(self, request: Any) -> Response:
        """Subscribe a URL to events. It gets those whose record the token's member may see, from now on.

        The secret is in this answer alone. Each call is signed with it, as the Standard Webhooks say.
        """
        values = self.read_body(request, NewWebhookSerializer)
        filters = read_filters(values["filters"], request.user)
        name = values.get("name") or free_name(values["url"])
        webhook, secret = Webhook.add(name, values["url"], by=request.user, secret=values.get("secret", ""))
        row = EventSubscription.subscribe(
            webhook,
            check_types(values["types"]),
            member=request.user,
            by=request.user,
            filters=filters,
            version=values["version"],
            token_id=request.auth.token_id or None,
        )
        return self._with_secret(row, secret, status=201)

    @extend_schema(request=WebhookChangesSerializer, responses=WebhookSerializer)
    def partial_update(self, request: Any, id: Any) -> Response:
        """Change the URL, the events or the filters."""
        values = self.read_body(request, WebhookChangesSerializer)
        row = self.lock_record(request)
        if "url" in values:
            row.webhook.edit(values["url"], by=request.user)
            WebhookHealth.reset(row.webhook_id)
        filters = row.filters
        if "filters" in values:
            filters = read_filters(values["filters"], row.member)
        types = check_types(values.get("types", row.types))
        row.change(types, filters, values.get("version", row.payload_version), by=request.user)
        return self.record_response(row)

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: Any, id: Any) -> Response:
        """Unsubscribe. What waits for the URL is not sent any more."""
        self.lock_record(request).webhook.archive(by=request.user)
        return Response(status=204)

    @extend_schema(request=NoBodySerializer, responses=WebhookSerializer)
    @action(detail=True, methods=["post"])
    def ping(self, request: Any, id: Any) -> Response:
        """Send a test of the type webhook.ping. Its result is in the deliveries."""
        self.read_body(request, NoBodySerializer)
        row = self.lock_record(request)
        queue_ping(row.webhook)
        return self.record_response(row)

    @extend_schema(request=NoBodySerializer, responses=SecretSerializer)
    @action(detail=True, methods=["post"], url_path="renew-secret")
    def renew_secret(self, request: Any, id: Any) -> Response:
        """Replace the secret. For 24 hours calls have both signatures."""
        self.read_body(request, NoBodySerializer)
        row = self.lock_record(request)
        return self._with_secret(row, row.webhook.renew_secret(by=request.user))

    @extend_schema(request=NoBodySerializer, responses=WebhookSerializer)
    @action(detail=True, methods=["post"], url_path="switch-off")
    def switch_off(self, request: Any, id: Any) -> Response:
        """Switch it off for a while. What happens meanwhile is kept as not delivered, for you to send again."""
        self.read_body(request, NoBodySerializer)
        row = self.lock_record(request)
        row.webhook.switch_off(by=request.user)
        wake_webhook(row.webhook_id, clock.now())
        return self.record_response(row)

    @extend_schema(request=NoBodySerializer, responses=WebhookSerializer)
    @action(detail=True, methods=["post"])
    def enable(self, request: Any, id: Any) -> Response:
        """Switch it on again. What was not delivered is sent again by replay."""
        self.read_body(request, NoBodySerializer)
        row = self.lock_record(request)
        row.webhook.enable(by=request.user)
        WebhookHealth.reset(row.webhook_id)
        return self.record_response(row)

    @extend_schema(responses=DeliverySerializer(many=True))
    @action(detail=True, methods=["get"], serializer_class=DeliverySerializer, cursor_field="id")
    def deliveries(self, request: Any, id: Any) -> Response:
        """List its deliveries of the last 30 days, each with its result."""
        row = self.get_object()
        fields = self.asked_fields(request)
        calls = WebhookCall.objects.filter(webhook_id=row.webhook_id)
        page = self.paginate_queryset(self.filter_rows(calls, request))
        return self.get_paginated_response(DeliverySerializer(page, many=True, shown_fields=fields).data)

    @extend_schema(request=ReplaySerializer, responses=ReplayedSerializer)
    @action(detail=True, methods=["post"])
    def replay(self, request: Any, id: Any) -> Response:
        """Deliver again what failed: one delivery, or all."""
        values = self.read_body(request, ReplaySerializer)
        row = self.lock_record(request)
        if "delivery" in values:
            call = WebhookCall.objects.filter(webhook_id=row.webhook_id, uid=values["delivery"]).first()
            if call is None:
                raise conflict_at("/delivery", _("There is no such delivery."))
            count = replay_delivery(call, by=request.user)
        else:
            count = replay_failed(row.webhook, by=request.user)
        return Response({"count": count})

    def _with_secret(self, row: EventSubscription, secret: str, *, status: int = 200) -> Response:
        """Return a webhook with its secret; the answer that is stored for its key is without."""
        subscription = self.load_related(EventSubscription.objects.all()).get(pk=row.pk)
        context = self.get_serializer_context() | {"secret": secret}
        response = Response(SecretSerializer(subscription, context=context).data, status=status)
        response.stored_data = SecretSerializer(subscription, context=self.get_serializer_context()).data
        return response
