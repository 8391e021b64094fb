"""Jobs, from first contact to aftercare: a lead is a job that is not sold yet."""

from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from api.requests.problems import Problem
from api.resources.fields import NoBodySerializer
from api.resources.jobs.job_ends import end_job, expect_open
from api.resources.jobs.job_facts import correct_job
from api.resources.jobs.job_serializers import (
    PRIORITIES,
    AssignSerializer,
    ContactSerializer,
    DropSerializer,
    HoldSerializer,
    JobChangesSerializer,
    JobSerializer,
    LoseSerializer,
    MoveSerializer,
    PlanSerializer,
    PrioritySerializer,
    TurnSerializer,
    WinSerializer,
)
from api.resources.jobs.job_verbs import (
    first_sold_step,
    hold_job,
    log_contact,
    plan_step,
)
from api.resources.jobs.new_job import NewJobSerializer, open_job_of
from api.resources.named_setup import find_member, find_stage
from api.resources.own_filters import OwnFilter, flag_filter, record_filter
from api.resources.resource import Resource
from crm.jobs.action_choices import receivers
from crm.jobs.customer_visibility import visible_companies, visible_people
from crm.jobs.list.job_list import JobList
from crm.jobs.models import Job
from crm.jobs.models.job_record import JobState
from crm.jobs.models.losses import Ends
from crm.jobs.pipelines.exit_criteria import Heed
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from leads.lead_list import LEADS
from service.places.visibility import visible_places

ACTION_PERMISSIONS = {"create": "leads.open", "partial_update": "jobs.correct"}


def _is_sold(sold: bool) -> Q:
    setup = pipeline_setup()
    steps = [pk for pk in setup.stages if setup.is_sold(pk)]
    is_sold = Q(state=JobState.DONE) | Q(state=JobState.OPEN, stage_id__in=steps)
    if sold:
        return is_sold
    return ~Q(state=JobState.DONE) & (~Q(state=JobState.OPEN) | Q(stage_id=None) | ~Q(stage_id__in=steps))


class Jobs(Resource):
    """Leads and jobs that the token's member may see."""

    scope = "jobs"
    read_permission = "jobs.view"
    write_permission = "jobs.move"
    serializer_class = JobSerializer
    listing = LEADS
    own_filters: ClassVar[dict[str, OwnFilter]] = {
        "is_sold": flag_filter("is_sold", "False: leads, which are not sold yet. True: sold jobs.", _is_sold),
        "person": record_filter("Those of a customer, by their id.", visible_people, lambda row, by: Q(person=row)),
        "company": record_filter("Those of a company, by its id.", visible_companies, lambda row, by: Q(company=row)),
        "property": record_filter("Those at a place, by its id.", visible_places, lambda row, by: Q(site=row)),
    }
    lookup_field = "number"
    lookup_value_converter = "int"
    cursor_field = "number"
    logs_record = True

    def visible_rows(self, member: Member) -> Any:
        return Job.objects.visible_to(member)

    def load_related(self, rows: Any) -> Any:
        return rows.select_related("person", "company", "site")

    def search_rows(self, rows: Any, filters: Any, member: Member) -> Any:
        if not filters.q:
            return rows
        listing: JobList = LEADS
        return rows.meant_by(listing.meant(filters, member))

    @extend_schema(request=NewJobSerializer, responses={201: JobSerializer})
    def create(self, request: Any) -> Response:
        """Open a lead for a new customer, or for `person`. Without an owner the organization's rules choose one."""
        values = self.read_body(request, NewJobSerializer)
        return self.record_response(open_job_of(values, by=request.user), status=201)

    @extend_schema(request=JobChangesSerializer, responses=JobSerializer)
    def partial_update(self, request: Any, id: int) -> Response:
        """Correct the facts of a job. Its clock goes on, unless another brand has other targets."""
        values = self.read_body(request, JobChangesSerializer)
        job = self.lock_record(request)
        correct_job(job, values, by=request.user)
        return self.record_response(job)

    # Along its line

    @extend_schema(request=MoveSerializer, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Any, id: int) -> Response:
        """Move it to a step of its pipeline."""
        values = self.read_body(request, MoveSerializer)

        def move_job(job: Job) -> None:
            stage = find_stage(pipeline_setup().pipelines[job.pipeline_id], values["stage"])
            job.move_to(stage, by=request.user, cause="API", heed=_criteria_to_heed(values))

        return self.act(request, move_job, kind="job.moved")

    @extend_schema(request=WinSerializer, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def win(self, request: Any, id: int) -> Response:
        """Mark the lead as sold: it goes to the first step that counts as sold. A sold job stays where it is."""
        values = self.read_body(request, WinSerializer)

        def win_job(job: Job) -> None:
            if not job.is_sold:
                job.move_to(first_sold_step(job), by=request.user, cause="API", heed=_criteria_to_heed(values))

        return self.act(request, win_job, kind="job.moved")

    @extend_schema(request=NoBodySerializer, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Any, id: int) -> Response:
        """Mark it as done."""
        self.read_body(request, NoBodySerializer)

        def finish_job(job: Job) -> None:
            expect_open(job, unless=JobState.DONE)
            job.finish(by=request.user)

        return self.act(request, finish_job, kind="job.finished")

    @extend_schema(request=LoseSerializer, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def lose(self, request: Any, id: int) -> Response:
        """Mark it as lost, with the reason."""
        values = self.read_body(request, LoseSerializer)
        return self.act(request, lambda job: end_job(job, Ends.LOST, values, by=request.user), kind="job.lost")

    @extend_schema(request=DropSerializer, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Any, id: int) -> Response:
        """Drop it, with the reason: spam, a duplicate, out of the area."""
        values = self.read_body(request, DropSerializer)
        return self.act(request, lambda job: end_job(job, Ends.DROPPED, values, by=request.user), kind="job.dropped")

    @extend_schema(request=NoBodySerializer, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Any, id: int) -> Response:
        """Reopen a job that is done, lost or dropped, in the step it ended in."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda job: job.reopen(by=request.user), kind="job.reopened")

    # Its clock

    @extend_schema(request=HoldSerializer, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def hold(self, request: Any, id: int) -> Response:
        """Put it on hold: its clock stops."""
        values = self.read_body(request, HoldSerializer)
        return self.act(request, lambda job: hold_job(job, values, by=request.user), kind="job.paused")

    @extend_schema(request=NoBodySerializer, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Any, id: int) -> Response:
        """Resume it after a hold: its clock goes on where it stopped."""
        self.read_body(request, NoBodySerializer)

        def resume_job(job: Job) -> None:
            expect_open(job)
            job.resume(by=request.user)

        return self.act(request, resume_job, kind="job.resumed")

    @extend_schema(request=TurnSerializer, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def turn(self, request: Any, id: int) -> Response:
        """Make it the customer’s move, or ours: the clock of that side begins."""
        values = self.read_body(request, TurnSerializer)

        def turn_job(job: Job) -> None:
            expect_open(job)
            job.turn_to(values["side"], by=request.user)

        return self.act(request, turn_job, kind="job.turned")

    # Who and what next

    @extend_schema(request=AssignSerializer, responses=JobSerializer)
    @action(detail=True, methods=["post"], permission="jobs.claim")
    def assign(self, request: Any, id: int) -> Response:
        """Assign the job. Without the permission to assign, a member can claim a free job or release their own."""
        values = self.read_body(request, AssignSerializer)

        def assign_job(job: Job) -> None:
            member = find_member(values["member"]) if values["member"] else None
            if member != directory().members.get(job.member_id or 0):
                if member not in receivers(job, request.user):
                    raise Problem(403, _("The role of the token’s member does not allow this."))
                job.assign_to(member, by=request.user, reason=values.get("reason", ""))

        return self.act(request, assign_job, kind="job.assigned")

    @extend_schema(request=PrioritySerializer, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def prioritize(self, request: Any, id: int) -> Response:
        """Set how urgent it is. Its clock counts by the target of that priority."""
        values = self.read_body(request, PrioritySerializer)
        priority = next(number for number, name in PRIORITIES.items() if name == values["priority"])
        return self.act(request, lambda job: job.prioritize(priority, by=request.user), kind="job.prioritized")

    @extend_schema(request=PlanSerializer, responses=JobSerializer)
    @action(detail=True, methods=["post"], permission="followups.work")
    def plan(self, request: Any, id: int) -> Response:
        """Plan its next step: a follow-up of its owner, or of the token’s member for a job without one."""
        values = self.read_body(request, PlanSerializer)
        return self.act(request, lambda job: plan_step(job, values, by=request.user))

    @extend_schema(request=ContactSerializer, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def contact(self, request: Any, id: int) -> Response:
        """Log a call, text, email or visit. What was planned of that kind is done with it."""
        values = self.read_body(request, ContactSerializer)
        return self.act(request, lambda job: log_contact(job, values, by=request.user), kind="job.contacted")

    def permission_for(self, access: str) -> str:
        return ACTION_PERMISSIONS.get(self.action) or super().permission_for(access)


def _criteria_to_heed(values: dict[str, Any]) -> Heed:
    """Return which criteria of the step are heeded."""
    if values["ignore_warnings"]:
        return Heed.BLOCKS
    return Heed.ALL
