"""Follow-ups that the token's member may see, and the verbs of their pages."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from api.requests.problems import conflict_at
from api.resources.fields import NoBodySerializer
from api.resources.follow_ups.follow_up_serializers import (
    CompletionSerializer,
    FollowUpChangesSerializer,
    FollowUpSerializer,
    NewAssigneeSerializer,
    NewFollowUpSerializer,
    NewTimeSerializer,
    SkipSerializer,
    kind_name,
)
from api.resources.jobs.job_serializers import PRIORITIES
from api.resources.named_setup import find_member
from api.resources.resource import Resource
from crm.jobs.models import Job, Priority
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from followups.follow_up_list import FOLLOW_UPS, FollowUpList
from followups.links.planned_record import PARAMETERS, read_planned_record
from followups.models import FollowUp
from followups.models.edits import edit_all
from followups.models.follow_up_undo import PLANNED
from followups.models.kind_setup import kinds
from followups.recurrence.single import skip_occurrence

_PRIORITY_VALUES = {name: value for value, name in PRIORITIES.items()}


class FollowUps(Resource):
    """Follow-ups that the token's member may see: their own, and those about what they may see."""

    scope = "follow-ups"
    read_permission = "followups.view"
    write_permission = "followups.work"
    serializer_class = FollowUpSerializer
    listing = FOLLOW_UPS

    def visible_rows(self, member: Member) -> Any:
        return FollowUp.objects.visible_to(member)

    def load_related(self, rows: Any) -> Any:
        return rows.prefetch_related("job", "person", "ticket", "appointment", "document", "site")

    def search_rows(self, rows: Any, filters: Any, member: Member) -> Any:
        listing: FollowUpList = FOLLOW_UPS
        return listing.filter_by_text(rows, filters, member)

    @extend_schema(request=NewFollowUpSerializer, responses={201: FollowUpSerializer})
    def create(self, request: Any) -> Response:
        """Plan a follow-up: about a job, customer, ticket, appointment, document or property, or for oneself alone."""
        values = self.read_body(request, NewFollowUpSerializer)
        row = plan_follow_up(values, by=request.user)
        undo.record_created(PLANNED, [row], by=request.user, at=row.created_at)
        return self.record_response(row, status=201)

    @extend_schema(request=FollowUpChangesSerializer, responses=FollowUpSerializer)
    def partial_update(self, request: Any, id: Any) -> Response:
        """Change what an open follow-up says. Use `reschedule` and `assign` for its time and its assignee."""
        values = self.read_body(request, FollowUpChangesSerializer)
        return self.act(request, lambda row: change_follow_up(row, values, by=request.user))

    @extend_schema(request=NoBodySerializer, responses=FollowUpSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request: Any, id: Any) -> Response:
        """Mark it as in progress."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda row: row.start(by=request.user))

    @extend_schema(request=CompletionSerializer, responses=FollowUpSerializer)
    @action(detail=True, methods=["post"])
    def complete(self, request: Any, id: Any) -> Response:
        """Complete it, with an outcome. A call, text, email or visit is recorded as a contact with the customer."""
        values = self.read_body(request, CompletionSerializer)

        def complete_row(row: FollowUp) -> None:
            row.complete(values["outcome"], by=request.user, note=values.get("note", ""))

        return self.act(request, complete_row, kind="followup.completed")

    @extend_schema(request=NoBodySerializer, responses=FollowUpSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Any, id: Any) -> Response:
        """Cancel it."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda row: row.cancel(by=request.user), kind="followup.cancelled")

    @extend_schema(request=SkipSerializer, responses=FollowUpSerializer)
    @action(detail=True, methods=["post"])
    def skip(self, request: Any, id: Any) -> Response:
        """Leave out this one of a series. The next ones take place."""
        values = self.read_body(request, SkipSerializer)
        series = self.get_object().series
        if series is None:
            raise Refused(_("It does not repeat. Cancel it instead."))
        # As others who change a series lock it, and its follow-ups after it.
        series.lock()
        row = self.lock_record(request)
        skip_occurrence(series, row.original_start, reason=values.get("reason", ""), by=request.user)
        return self.record_response(row)

    @extend_schema(request=NoBodySerializer, responses=FollowUpSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Any, id: Any) -> Response:
        """Reopen a completed or cancelled one. What was planned when it was completed is cancelled."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda row: row.reopen(by=request.user))

    @extend_schema(request=NewTimeSerializer, responses=FollowUpSerializer)
    @action(detail=True, methods=["post"])
    def reschedule(self, request: Any, id: Any) -> Response:
        """Move it to another time, in the future."""
        values = self.read_body(request, NewTimeSerializer)
        return self.act(
            request, lambda row: row.reschedule(values["due_at"], by=request.user), kind="followup.rescheduled"
        )

    @extend_schema(request=NewAssigneeSerializer, responses=FollowUpSerializer)
    @action(detail=True, methods=["post"])
    def assign(self, request: Any, id: Any) -> Response:
        """Assign it to a member."""
        values = self.read_body(request, NewAssigneeSerializer)

        def assign_row(row: FollowUp) -> None:
            row.assign_to(find_member(values["member"]), by=request.user)

        return self.act(request, assign_row, kind="followup.assigned")


def plan_follow_up(values: dict[str, Any], *, by: Member) -> FollowUp:
    """Plan the follow-up of a body. Raises Http404 for a record that is not visible, Refused or Problem (409)."""
    named = [name for name in PARAMETERS if name in values]
    if len(named) > 1:
        raise conflict_at(f"/{named[1]}", _("It is about one record. Name one of them."))
    record = read_planned_record({name: str(values[name]) for name in named}, by)
    job = record.job
    due_at = values["due_at"]
    if due_at and due_at <= clock.now():
        raise conflict_at("/due_at", _("Choose a day and time in the future."))
    _check_limit(values.get("promised_by"), due_at)
    return FollowUp.plan(
        kind=find_kind(values["kind"]),
        subject=values["subject"],
        due_at=due_at,
        by=by,
        job=job,
        about=record.record,
        assignee=_find_assignee(values, job, by),
        priority=_find_priority(values, job),
        notes=values.get("notes", ""),
        limit_at=values.get("promised_by"),
        own_minutes=values.get("minutes"),
        completes_on=values.get("completes_on", ""),
    )


def change_follow_up(row: FollowUp, values: dict[str, Any], *, by: Member) -> None:
    """Change a locked follow-up as a body says. Raises Stale for a closed one."""
    row.set_completes_on(values.get("completes_on", row.completes_on), by=by)
    columns = {"promised_by": "limit_at", "minutes": "own_minutes"}
    edits = {columns.get(name, name): value for name, value in values.items() if name not in ("priority", "kind")}
    if "kind" in values:
        edits["kind"] = find_kind(values["kind"], row.kind)
    if "promised_by" in values:
        _check_limit(values["promised_by"], row.due_at)
    edit_all([(row, edits)], by=by)
    if "priority" in values:
        row.prioritize(_PRIORITY_VALUES[values["priority"]], by=by)


def find_kind(name: str, present: str = "") -> str:
    """Return the code of a type by code or name. `present`: one that may stay although it is archived."""
    for kind in kinds().all.values():
        if name.casefold() == kind_name(kind).casefold() and (not kind.archived or kind.code == present):
            return kind.code
    raise conflict_at("/kind", _("There is no “%(name)s”.") % {"name": name})


def _check_limit(limit_at: Any, due_at: Any) -> None:
    if limit_at and limit_at < (due_at or clock.now()):
        raise conflict_at("/promised_by", _("The day it is promised for is before the day it is planned for."))


def _find_assignee(values: dict[str, Any], job: Job | None, by: Member) -> Member:
    if "assignee" in values:
        return find_member(values["assignee"], "/assignee")
    owner = directory().members.get(job.member_id or 0) if job else None
    return owner or by


def _find_priority(values: dict[str, Any], job: Job | None) -> int:
    if "priority" in values:
        return _PRIORITY_VALUES[values["priority"]]
    if job:
        return job.priority
    return Priority.NORMAL
