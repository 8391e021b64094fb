"""Messages: what customers wrote and what was sent to them, on every channel."""

from typing import Any, ClassVar

from django.db.models import OuterRef, Q, Subquery
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from api.requests.preconditions import etag_of
from api.resources.conversations.message_serializers import MessageSerializer, NewMessageSerializer
from api.resources.conversations.sending import send_message
from api.resources.conversations.tickets import visible_jobs
from api.resources.fields import NoBodySerializer
from api.resources.own_filters import OwnFilter, choice_filter, number_filter, record_filter
from api.resources.resource import Resource
from comms.models import Direction, Medium, Message
from comms.outbox.outbox_list import OUTBOX
from crm.jobs.customer_visibility import visible_people
from crm.platform.models import Member
from tickets.models import Entry, Ticket


def _visible_tickets(member: Member) -> Any:
    return Ticket.objects.visible_to(member)


def _is_on(ticket: Ticket, member: Member) -> Q:
    return Q(pk__in=Entry.objects.filter(ticket=ticket, message__isnull=False).values("message_id"))


class Messages(Resource):
    """The messages that the token’s member may see. Private mail of colleagues is never among them."""

    scope = "messages"
    read_permission = "comms.view"
    write_permission = "comms.send"
    serializer_class = MessageSerializer
    own_filters: ClassVar[dict[str, OwnFilter]] = {
        "ticket": number_filter("Those on a ticket, by its id.", _visible_tickets, _is_on),
        "job": number_filter("Those of a job, by its id.", visible_jobs, lambda row, by: Q(job=row)),
        "person": record_filter("Those of a customer, by their id.", visible_people, lambda row, by: Q(person=row)),
        "direction": choice_filter("direction", "Received, or sent.", Direction.values, "direction"),
        "medium": choice_filter("medium", "The channel.", Medium.values, "medium"),
        "state": choice_filter("state", "What became of it.", Message.State.values, "state"),
    }
    logs_record = True
    logs_list = True

    def visible_rows(self, member: Member) -> Any:
        return Message.objects.visible_to(member)

    def load_related(self, rows: Any) -> Any:
        tickets = Ticket.objects.visible_to(self.request.user).order_by()
        entries = Entry.objects.filter(message_id=OuterRef("pk"), ticket__in=tickets.values("pk"))
        rows = rows.annotate(ticket_number=Subquery(entries.values("ticket__number")[:1]))
        return rows.prefetch_related("person", "job", "channel", "attachments", "decisions")

    @extend_schema(request=NewMessageSerializer, responses={201: MessageSerializer})
    def create(self, request: Any) -> Response:
        """Send a message, as the composer does. `state`, `send_at` and `gate` say when it leaves, or why it waits.

        What may not be sent is refused with the reason: no consent, they asked us to stop, the address bounces.
        """
        values = self.read_body(request, NewMessageSerializer)
        message, verdict = send_message(values, by=request.user)
        context = self.get_serializer_context() | {"verdict": verdict}
        row = self.load_related(Message.objects.all()).get(pk=message.pk)
        data = MessageSerializer(row, context=context).data
        return Response(data, status=201, headers={"ETag": etag_of(self.get_serializer(row).data)})

    @extend_schema(request=NoBodySerializer, responses=MessageSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Any, id: Any) -> Response:
        """Take a message back before it leaves."""
        return self._act_on_own(request, "cancel")

    @extend_schema(request=NoBodySerializer, responses=MessageSerializer)
    @action(detail=True, methods=["post"])
    def release(self, request: Any, id: Any) -> Response:
        """Send a waiting message now, if the gate allows."""
        return self._act_on_own(request, "release")

    @extend_schema(request=NoBodySerializer, responses=MessageSerializer)
    @action(detail=True, methods=["post"])
    def retry(self, request: Any, id: Any) -> Response:
        """Send a message again that failed or was not sent, if the gate allows."""
        return self._act_on_own(request, "retry")

    def _act_on_own(self, request: Any, verb: str) -> Response:
        """Call a verb of the outbox: on one’s own messages, or everybody’s with the permission."""
        self.read_body(request, NoBodySerializer)
        get_object_or_404(OUTBOX.visible(request.user), uid=self.kwargs["id"])
        verbs = {"cancel": Message.cancel, "release": Message.send_now, "retry": Message.retry}
        return self.act(request, lambda message: verbs[verb](message, by=request.user))
