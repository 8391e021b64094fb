"""Appointments that the token's member may see, and the verbs of their pages."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from api.resources.appointments.appointment_serializers import (
    AnotherTimeSerializer,
    AppointmentOutcomeSerializer,
    AppointmentSerializer,
    CancellationSerializer,
    NewAppointmentSerializer,
    NoShowSerializer,
)
from api.resources.fields import NoBodySerializer
from api.resources.named_setup import find_member, find_named
from api.resources.own_filters import OwnFilter, choice_filter, instant_filter, number_filter
from api.resources.resource import Resource
from crm.jobs.appointments.setup import offered_types
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment
from crm.jobs.models.appointments.states import AppointmentState
from crm.kernel import clock
from crm.platform import undo
from crm.platform.models import Member

STATES = [str(state) for state in AppointmentState.values]


class Appointments(Resource):
    """Appointments that the token's member attends, and those of jobs that they may see."""

    scope = "appointments"
    read_permission = "appointments.view"
    write_permission = "appointments.work"
    serializer_class = AppointmentSerializer
    own_filters: ClassVar[Mapping[str, OwnFilter]] = {
        "from": instant_filter("from", "Those that end after this.", lambda at: Q(ends_at__gt=at)),
        "until": instant_filter("until", "Those that begin before this.", lambda at: Q(starts_at__lt=at)),
        "job": number_filter("Those of a job.", Job.objects.visible_to, lambda job, _member: Q(job_id=job.pk)),
        "state": choice_filter("state", "Those in a state.", STATES, "state"),
    }

    def visible_rows(self, member: Member) -> Any:
        return Appointment.objects.visible_to(member)

    def load_related(self, rows: Any) -> Any:
        return rows.prefetch_related("job", "person", "site", "attendances")

    @extend_schema(request=NewAppointmentSerializer, responses={201: AppointmentSerializer})
    def create(self, request: Any) -> Response:
        """Book an appointment. The customer gets the message of its type, unless `ask_first` asks them."""
        values = self.read_body(request, NewAppointmentSerializer)
        row = Appointment.book(
            get_object_or_404(Job.objects.visible_to(request.user), number=values["job"]),
            find_named(offered_types(), values["type"], "/type"),
            values["starts_at"],
            find_members(values["members"]),
            by=request.user,
            minutes=values.get("minutes", 0),
            note=values.get("note", ""),
            anyway=values["ignore_warnings"],
            ask_first=values["ask_first"],
        )
        undo.record_created("appointment.booked", [row], by=request.user, at=clock.now())
        return self.record_response(row, status=201)

    @extend_schema(request=AnotherTimeSerializer, responses=AppointmentSerializer)
    @action(detail=True, methods=["post"])
    def reschedule(self, request: Any, id: Any) -> Response:
        """Move it to another time, or ask the customer about it first."""
        values = self.read_body(request, AnotherTimeSerializer)

        def move_appointment(row: Appointment) -> None:
            verb = row.offer if values["ask_first"] else row.reschedule
            members = find_members(values["members"]) if "members" in values else None
            verb(
                values["starts_at"],
                members=members,
                minutes=values.get("minutes", 0),
                anyway=values["ignore_warnings"],
                by=request.user,
            )

        return self.act(request, move_appointment, kind="appointment.rescheduled")

    @extend_schema(request=NoBodySerializer, responses=AppointmentSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Any, id: Any) -> Response:
        """Record that the customer will come."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda row: row.confirm(by=request.user), kind="appointment.confirmed")

    @extend_schema(request=NoBodySerializer, responses=AppointmentSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Any, id: Any) -> Response:
        """Record that the customer accepts the time that is held for them."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda row: row.accept(by=request.user), kind="appointment.rescheduled")

    @extend_schema(request=NoBodySerializer, responses=AppointmentSerializer)
    @action(detail=True, methods=["post"])
    def release(self, request: Any, id: Any) -> Response:
        """Release the time that is held for the customer."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda row: row.release("member", by=request.user))

    @extend_schema(request=CancellationSerializer, responses=AppointmentSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Any, id: Any) -> Response:
        """Cancel it, with a reason."""
        values = self.read_body(request, CancellationSerializer)
        return self.act(
            request, lambda row: row.cancel(values["reason"], by=request.user), kind="appointment.cancelled"
        )

    @extend_schema(request=AppointmentOutcomeSerializer, responses=AppointmentSerializer)
    @action(detail=True, methods=["post"])
    def complete(self, request: Any, id: Any) -> Response:
        """Close it as held, with an outcome."""
        values = self.read_body(request, AppointmentOutcomeSerializer)

        def close_appointment(row: Appointment) -> None:
            row.complete(values["outcome"], by=request.user, note=values.get("note", ""))

        return self.act(request, close_appointment, kind="appointment.completed")

    @extend_schema(request=NoShowSerializer, responses=AppointmentSerializer)
    @action(detail=True, methods=["post"])
    def miss(self, request: Any, id: Any) -> Response:
        """Close it as not held: the customer was not there."""
        values = self.read_body(request, NoShowSerializer)
        return self.act(
            request, lambda row: row.miss(by=request.user, note=values.get("note", "")), kind="appointment.missed"
        )

    @extend_schema(request=NoBodySerializer, responses=AppointmentSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Any, id: Any) -> Response:
        """Reopen one that was closed or cancelled by mistake."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda row: row.reopen(by=request.user))


def find_members(uids: Sequence[UUID]) -> list[Member]:
    """Return active members by their ids. Raises Problem (409)."""
    return [find_member(uid, f"/members/{place}") for place, uid in enumerate(uids)]
