"""Tickets: the conversations of the inbox. To write to the customer, send a message."""

from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from api.requests.problems import conflict_at
from api.resources.conversations.ticket_serializers import (
    AssignTicketSerializer,
    AttachSerializer,
    HoldTicketSerializer,
    NewTicketSerializer,
    SnoozeSerializer,
    TagSerializer,
    TicketSerializer,
)
from api.resources.conversations.ticket_verbs import assign_ticket, find_job, open_ticket, tag_ticket
from api.resources.fields import NoBodySerializer
from api.resources.jobs.job_serializers import PRIORITIES, PrioritySerializer, TurnSerializer
from api.resources.jobs.job_verbs import future_morning
from api.resources.own_filters import OwnFilter, number_filter, record_filter
from api.resources.resource import Resource
from crm.jobs.customer_visibility import visible_people
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Member
from tickets.inbox.ticket_list import TICKETS
from tickets.models import Ticket
from tickets.views.ticket_verbs import FARTHEST


def visible_jobs(member: Member) -> Any:
    """Return the jobs a member may see."""
    return Job.objects.visible_to(member)


class Tickets(Resource):
    """The conversations that the token’s member may see. Private ones are seen by their one reader alone."""

    scope = "tickets"
    read_permission = "tickets.view"
    write_permission = "tickets.work"
    serializer_class = TicketSerializer
    listing = TICKETS
    own_filters: ClassVar[dict[str, OwnFilter]] = {
        "person": record_filter("Those of a customer, by their id.", visible_people, lambda row, by: Q(person=row)),
        "job": number_filter("Those of a job, by its id.", visible_jobs, lambda row, by: Q(job=row)),
    }
    lookup_field = "number"
    lookup_value_converter = "int"
    cursor_field = "number"
    logs_record = True

    def visible_rows(self, member: Member) -> Any:
        return Ticket.objects.visible_to(member)

    def load_related(self, rows: Any) -> Any:
        return rows.prefetch_related("person", "job", "merged_into")

    def filter_rows(self, rows: Any, request: Any) -> Any:
        return super().filter_rows(rows.filter(merged_into=None), request)

    @extend_schema(request=NewTicketSerializer, responses={201: TicketSerializer})
    def create(self, request: Any) -> Response:
        """Open a ticket, such as for a matter that another system reports. The customer hears nothing of it."""
        values = self.read_body(request, NewTicketSerializer)
        return self.record_response(open_ticket(values, by=request.user), status=201)

    # Who has it, and what it is about

    @extend_schema(request=AssignTicketSerializer, responses=TicketSerializer)
    @action(detail=True, methods=["post"])
    def assign(self, request: Any, id: int) -> Response:
        """Assign it. Without the permission to assign, a member can take a free ticket or release their own."""
        values = self.read_body(request, AssignTicketSerializer)
        return self.act(request, lambda ticket: assign_ticket(ticket, values, by=request.user), kind="ticket.assigned")

    @extend_schema(request=AttachSerializer, responses=TicketSerializer)
    @action(detail=True, methods=["post"])
    def attach(self, request: Any, id: int) -> Response:
        """Link it to a job, or to none. Without a customer, it gets that of the job."""
        values = self.read_body(request, AttachSerializer)

        def attach_ticket(ticket: Ticket) -> None:
            job = None
            if values["job"] is not None:
                job = find_job(values["job"], request.user)
            ticket.attach(job, by=request.user)

        return self.act(request, attach_ticket, kind="ticket.attached")

    @extend_schema(request=TagSerializer, responses=TicketSerializer)
    @action(detail=True, methods=["post"])
    def tag(self, request: Any, id: int) -> Response:
        """Add and remove tags of the settings."""
        values = self.read_body(request, TagSerializer)
        return self.act(request, lambda ticket: tag_ticket(ticket, values, by=request.user), kind="ticket.tagged")

    # Urgency and clock

    @extend_schema(request=PrioritySerializer, responses=TicketSerializer)
    @action(detail=True, methods=["post"])
    def prioritize(self, request: Any, id: int) -> Response:
        """Set how urgent it is. Its clock counts by the target of that priority."""
        values = self.read_body(request, PrioritySerializer)
        priority = next(number for number, name in PRIORITIES.items() if name == values["priority"])
        return self.act(request, lambda ticket: ticket.prioritize(priority, by=request.user), kind="ticket.prioritized")

    @extend_schema(request=TurnSerializer, responses=TicketSerializer)
    @action(detail=True, methods=["post"])
    def turn(self, request: Any, id: int) -> Response:
        """Make it the customer’s move, or ours."""
        values = self.read_body(request, TurnSerializer)
        return self.act(request, lambda ticket: ticket.turn_to(values["side"], by=request.user), kind="ticket.turned")

    @extend_schema(request=HoldTicketSerializer, responses=TicketSerializer)
    @action(detail=True, methods=["post"])
    def hold(self, request: Any, id: int) -> Response:
        """Put it on hold: its clock stops, and goes on by itself on the morning of that day."""
        values = self.read_body(request, HoldTicketSerializer)

        def hold_ticket(ticket: Ticket) -> None:
            until = future_morning(values["until"], farthest=FARTHEST, by=request.user)
            ticket.pause(reason=values["reason"], until=until, by=request.user)

        return self.act(request, hold_ticket, kind="ticket.paused")

    @extend_schema(request=NoBodySerializer, responses=TicketSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Any, id: int) -> Response:
        """Resume it after a hold."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda ticket: ticket.resume(by=request.user), kind="ticket.resumed")

    @extend_schema(request=SnoozeSerializer, responses=TicketSerializer)
    @action(detail=True, methods=["post"])
    def snooze(self, request: Any, id: int) -> Response:
        """Hide it from the inbox until a time, or until the customer writes. Its clock goes on."""
        until = self.read_body(request, SnoozeSerializer)["until"]

        def snooze_ticket(ticket: Ticket) -> None:
            ticket.snooze(_future_time(until), by=request.user)

        return self.act(request, snooze_ticket, kind="ticket.snoozed")

    @extend_schema(request=NoBodySerializer, responses=TicketSerializer)
    @action(detail=True, methods=["post"])
    def wake(self, request: Any, id: int) -> Response:
        """Show it in the inbox again."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda ticket: ticket.wake(by=request.user), kind="ticket.woken")

    # How it ends

    @extend_schema(request=NoBodySerializer, responses=TicketSerializer)
    @action(detail=True, methods=["post"])
    def solve(self, request: Any, id: int) -> Response:
        """Mark it as solved. A free ticket becomes the member’s own."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda ticket: ticket.solve(by=request.user), kind="ticket.solved")

    @extend_schema(request=NoBodySerializer, responses=TicketSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Any, id: int) -> Response:
        """Close it for good: what the customer writes later begins another ticket."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda ticket: ticket.close(by=request.user), kind="ticket.closed")

    @extend_schema(request=NoBodySerializer, responses=TicketSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Any, id: int) -> Response:
        """Open a solved ticket again."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda ticket: ticket.reopen(by=request.user), kind="ticket.reopened")


def _future_time(until: datetime) -> datetime:
    """Return the time of a body. Raises Problem (409) for a past one, or one that is too far."""
    now = clock.now()
    if not now < until < now + FARTHEST:
        raise conflict_at("/until", _("Choose a time in the future."))
    return until
