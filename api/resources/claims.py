"""Insurance claims of jobs. Their numbers are shown by the last signs only."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Q
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from api.requests.problems import conflict_at
from api.resources.fields import AddressField, DayField, LineField, MinorField, StrictSerializer, TextField, WholeField
from api.resources.own_filters import OwnFilter, choice_filter, number_filter
from api.resources.record_serializer import NamedSerializer, RecordSerializer
from api.resources.resource import Resource
from crm.jobs.models import Job
from crm.kernel.normalization import parse_phone
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from service.models import ClaimStatus, JobClaim
from service.models.claims.job_claim import LONGEST_POLICY


class JobClaimSerializer(RecordSerializer):
    """An insurance claim that pays for a job."""

    id = serializers.UUIDField(source="uid")
    job = serializers.IntegerField(source="job.number")
    carrier = serializers.CharField()
    number = serializers.CharField(source="claim.masked", help_text="Its last signs.")
    status = serializers.ChoiceField(ClaimStatus.values, help_text="Where the carrier stands.")
    adjuster = NamedSerializer(allow_null=True, help_text="Who handles it at the carrier.")
    lost_on = serializers.DateField(allow_null=True, help_text="The day of the damage.")
    currency = serializers.CharField()
    deductible = serializers.IntegerField(allow_null=True, help_text="In minor units of the currency.")
    approved = serializers.IntegerField(allow_null=True)
    paid = serializers.IntegerField(allow_null=True)


class NewJobClaimSerializer(StrictSerializer):
    """A claim that pays for a job. The same number again is the same claim."""

    job = WholeField(min_value=1, max_value=10**9)
    carrier = TextField(max_length=120, required=False, default="", allow_blank=True)
    number = LineField(max_length=60)


class JobClaimChangesSerializer(StrictSerializer):
    """Changes of a claim. What is left out stays."""

    status = serializers.ChoiceField(ClaimStatus.values, required=False)
    policy_number = TextField(max_length=LONGEST_POLICY, required=False, allow_blank=True)
    lost_on = DayField(required=False, allow_null=True)
    deductible = MinorField(required=False, allow_null=True, help_text="In minor units of the currency.")
    approved = MinorField(required=False, allow_null=True)
    paid = MinorField(required=False, allow_null=True)


class AdjusterSerializer(StrictSerializer):
    """Who handles a claim at the carrier."""

    name = LineField(max_length=200)
    email = AddressField(required=False)
    phone = LineField(max_length=40, required=False)


class JobClaims(Resource):
    """Insurance claims of jobs that the token's member may see."""

    scope = "claims"
    read_permission = "jobs.view"
    write_permission = "jobs.correct"
    serializer_class = JobClaimSerializer
    own_filters: ClassVar[Mapping[str, OwnFilter]] = {
        "job": number_filter("Those of a job.", Job.objects.visible_to, lambda job, _member: Q(job_id=job.pk)),
        "status": choice_filter("status", "Those with a status.", [str(one) for one in ClaimStatus.values], "status"),
    }

    def visible_rows(self, member: Member) -> Any:
        return JobClaim.objects.visible_to(member)

    def load_related(self, rows: Any) -> Any:
        return rows.prefetch_related("job", "claim", "adjuster")

    @extend_schema(request=NewJobClaimSerializer, responses={201: JobClaimSerializer})
    def create(self, request: Any) -> Response:
        """Record the claim that pays for a job. The job needs an address."""
        values = self.read_body(request, NewJobClaimSerializer)
        job = get_object_or_404(Job.objects.visible_to(request.user), number=values["job"])
        row = JobClaim.record(job, carrier=values["carrier"], number=values["number"], by=request.user)
        return self.record_response(row, status=201)

    @extend_schema(request=JobClaimChangesSerializer, responses=JobClaimSerializer)
    def partial_update(self, request: Any, id: Any) -> Response:
        """Change what the carrier said."""
        values = self.read_body(request, JobClaimChangesSerializer)
        return self.act(request, lambda row: row.edit(by=request.user, **values))

    @extend_schema(request=AdjusterSerializer, responses=JobClaimSerializer)
    @action(detail=True, methods=["post"], url_path="set-adjuster")
    def set_adjuster(self, request: Any, id: Any) -> Response:
        """Set who handles it at the carrier. They become a party of the job."""
        values = self.read_body(request, AdjusterSerializer)

        def set_on(row: JobClaim) -> None:
            phone = read_phone(values.get("phone", ""), row)
            row.set_adjuster(values["name"], email=values.get("email", ""), phone=phone, by=request.user)

        return self.act(request, set_on)


def read_phone(text: str, claim: JobClaim) -> str:
    """Return a phone number in E.164, read in the country of the job's brand. Raises Problem (409)."""
    if not text:
        return ""
    try:
        return parse_phone(text, directory().brands[claim.job.brand_id].country).e164
    except Refused as why:
        raise conflict_at("/phone", str(why)) from None
