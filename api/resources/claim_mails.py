"""Emails of insurance carriers that were filed on a claim, with the values that they propose."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from api.requests.problems import conflict_at
from api.resources.fields import StrictSerializer
from api.resources.own_filters import OwnFilter, choice_filter, number_filter
from api.resources.record_serializer import RecordSerializer
from api.resources.resource import Resource
from crm.jobs.models import Job
from crm.platform.models import Member
from service.claims.proposals import accept_value, refuse_value
from service.models import ClaimField, ClaimMail, ClaimMailState

PROPOSABLE = [str(field) for field in ClaimField if field != ClaimField.NUMBER]


class ProposedValueSerializer(serializers.Serializer[dict[str, str]]):
    """A value that the email states. `decision`: blank while it waits."""

    field = serializers.ChoiceField(PROPOSABLE)
    value = serializers.CharField(help_text="As the email writes it; of a policy number the last signs.")
    decision = serializers.ChoiceField(["", "accepted", "refused"])


class ClaimMailSerializer(RecordSerializer):
    """An email of a carrier on a claim."""

    id = serializers.UUIDField(source="uid")
    claim = serializers.UUIDField(source="job_claim.uid")
    job = serializers.IntegerField(source="job_claim.job.number")
    message = serializers.UUIDField(source="message.uid")
    state = serializers.ChoiceField(ClaimMailState.values)
    at = serializers.DateTimeField()
    values = ProposedValueSerializer(many=True, source="proposals")


class ClaimFieldSerializer(StrictSerializer):
    """The value that is decided. Those of the adjuster are decided together."""

    field = serializers.ChoiceField(PROPOSABLE)


class ClaimMails(Resource):
    """Emails of carriers whose claim and message the token's member may see."""

    scope = "claim-mails"
    read_permission = "jobs.view"
    write_permission = "jobs.correct"
    serializer_class = ClaimMailSerializer
    own_filters: ClassVar[Mapping[str, OwnFilter]] = {
        "job": number_filter(
            "Those of a job.", Job.objects.visible_to, lambda job, _member: Q(job_claim__job_id=job.pk)
        ),
        "state": choice_filter("state", "Those in a state.", [str(one) for one in ClaimMailState.values], "state"),
    }

    def visible_rows(self, member: Member) -> Any:
        return ClaimMail.objects.filed_and_visible_to(member)

    def load_related(self, rows: Any) -> Any:
        return rows.prefetch_related("job_claim__job", "message")

    @extend_schema(request=ClaimFieldSerializer, responses=ClaimMailSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Any, id: Any) -> Response:
        """Take a proposed value over into the claim."""
        field = self.read_body(request, ClaimFieldSerializer)["field"]
        return self.act(request, lambda mail: accept_value(require_field(mail, field), field, by=request.user))

    @extend_schema(request=ClaimFieldSerializer, responses=ClaimMailSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Any, id: Any) -> Response:
        """Leave the claim as it is."""
        field = self.read_body(request, ClaimFieldSerializer)["field"]
        return self.act(request, lambda mail: refuse_value(require_field(mail, field), field, by=request.user))


def require_field(mail: ClaimMail, field: str) -> ClaimMail:
    """Return the mail. Raises Problem (409) if it does not state this field."""
    if field not in mail.values:
        raise conflict_at("/field", _("The email does not state this."))
    return mail
