"""Jobs, from first contact to aftercare: a lead is a job that is not sold yet."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from api.requests.problems import Problem, conflict_at
from api.resources.fields import FlagField, IdField, LineField, StrictSerializer
from api.resources.named_setup import find_member, find_stage
from api.resources.new_job import NewJobSerializer, open_job_of
from api.resources.record_serializer import NamedSerializer, RecordSerializer
from api.resources.resource import Resource
from crm.jobs.action_choices import receivers
from crm.jobs.list.job_list import JobList
from crm.jobs.losses.closing_reason import Incomplete, end, read
from crm.jobs.losses.setup import lost_reasons
from crm.jobs.models import Job, Priority
from crm.jobs.models.job_record import JobState
from crm.jobs.models.losses import Ends
from crm.jobs.pipelines.exit_criteria import Heed
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from leads.lead_list import LEADS

PRIORITIES = {priority.value: priority.name.lower() for priority in Priority}


class NextStepSerializer(serializers.Serializer):
    """The next step of a job: its kind and when it is due."""

    kind = serializers.CharField(source="next_step_kind")
    label = serializers.CharField(source="next_step_label")
    at = serializers.DateTimeField(source="next_step_at", allow_null=True)


class PlaceSerializer(serializers.Serializer):
    """Where the work is done."""

    id = serializers.UUIDField(source="uid")
    address = serializers.CharField(source="one_line")


class JobSerializer(RecordSerializer):
    """A job. Pipeline, step, source and brand are named as they are in the settings."""

    id = serializers.IntegerField(source="number", min_value=1)
    title = serializers.CharField()
    state = serializers.ChoiceField(JobState.values)
    pipeline = serializers.SerializerMethodField()
    stage = serializers.SerializerMethodField()
    owner = serializers.SerializerMethodField()
    person = NamedSerializer(allow_null=True)
    company = NamedSerializer(allow_null=True)
    place = PlaceSerializer(source="site", allow_null=True)
    brand = serializers.SerializerMethodField()
    source = serializers.SerializerMethodField()
    priority = serializers.SerializerMethodField()
    value = serializers.IntegerField(allow_null=True, help_text="In minor units of the currency.")
    currency = serializers.CharField()
    next_step = NextStepSerializer(source="*")
    came_in_at = serializers.DateTimeField()
    entered_at = serializers.DateTimeField(help_text="When it entered its step.")
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_reason = serializers.CharField()

    def get_pipeline(self, job: Job) -> str:
        return pipeline_setup().pipelines[job.pipeline_id].name

    def get_stage(self, job: Job) -> str | None:
        if job.stage_id is None:
            return None
        return pipeline_setup().stages[job.stage_id].name

    @extend_schema_field(NamedSerializer(allow_null=True))
    def get_owner(self, job: Job) -> Any:
        if job.member_id is None:
            return None
        return NamedSerializer(directory().members[job.member_id]).data

    def get_brand(self, job: Job) -> str:
        return directory().brands[job.brand_id].name

    def get_source(self, job: Job) -> str | None:
        if job.source_id is None:
            return None
        return pipeline_setup().sources[job.source_id].name

    def get_priority(self, job: Job) -> str:
        return PRIORITIES[job.priority]


class MoveSerializer(StrictSerializer):
    """Where a job goes."""

    stage = LineField(max_length=80, help_text="A step of its pipeline, by name.")
    ignore_warnings = FlagField(
        required=False, default=False, help_text="Go on although facts are missing that the step asks for."
    )


class AssignSerializer(StrictSerializer):
    """Who gets a job."""

    member = IdField(allow_null=True, help_text="The id of a member; null: nobody.")
    reason = LineField(max_length=200, required=False)


class LoseSerializer(StrictSerializer):
    """Why a job is lost."""

    reason = LineField(max_length=40, help_text="A reason of the settings, by name.")
    note = LineField(max_length=56, required=False)


class NoBodySerializer(StrictSerializer):
    """Nothing: the verb says it all."""


class Jobs(Resource):
    """Leads and jobs that the token's member may see."""

    scope = "jobs"
    read_permission = "jobs.view"
    write_permission = "jobs.move"
    serializer_class = JobSerializer
    listing = LEADS
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

    @extend_schema(request=MoveSerializer, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Any, id: int) -> Response:
        """Move it to a step of its pipeline."""
        values = self.read_body(request, MoveSerializer)
        heed = Heed.BLOCKS if values["ignore_warnings"] else Heed.ALL

        def move_job(job: Job) -> None:
            stage = find_stage(pipeline_setup().pipelines[job.pipeline_id], values["stage"])
            job.move_to(stage, by=request.user, cause="API", heed=heed)

        return self.act(request, move_job, kind="job.moved")

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

    @extend_schema(request=NoBodySerializer, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Any, id: int) -> Response:
        """Mark it as done."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda job: job.finish(by=request.user), kind="job.finished")

    @extend_schema(request=LoseSerializer, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def lose(self, request: Any, id: int) -> Response:
        """Mark it as lost, with the reason."""
        values = self.read_body(request, LoseSerializer)

        def lose_job(job: Job) -> None:
            tops = {top.name.casefold(): top for top, _parts in lost_reasons().live_groups(Ends.LOST)}
            top = tops.get(values["reason"].casefold())
            if top is None:
                raise conflict_at("/reason", _("There is no “%(name)s”.") % {"name": values["reason"]})
            try:
                reason = read(Ends.LOST, {"reason": top.code, "note": values.get("note", "")}, job)
            except Incomplete as why:
                raise conflict_at(f"/{why.field}", str(why)) from None
            end(job, reason, by=request.user)

        return self.act(request, lose_job, kind="job.lost")

    @extend_schema(request=NoBodySerializer, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Any, id: int) -> Response:
        """Reopen it, in the step it ended in."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda job: job.reopen(by=request.user), kind="job.reopened")

    def permission_for(self, access: str) -> str:
        if self.action == "create":
            return "leads.open"
        return super().permission_for(access)
