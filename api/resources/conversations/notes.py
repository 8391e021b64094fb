"""Notes on a lead or job, for the team. They are never sent, and stay as they were written."""

from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from api.requests.problems import conflict_at
from api.resources.conversations.ticket_verbs import find_job
from api.resources.conversations.tickets import visible_jobs
from api.resources.fields import FlagField, NoBodySerializer, StrictSerializer, TextField, WholeField
from api.resources.own_filters import MOST_NUMBER, OwnFilter, number_filter
from api.resources.record_serializer import NamedSerializer, RecordSerializer
from api.resources.resource import Resource
from crm.jobs.models import Note
from crm.jobs.views.notes import LONGEST
from crm.platform.models import Member
from crm.platform.organization.configuration import directory


class NoteSerializer(RecordSerializer):
    """A note on a job."""

    id = serializers.UUIDField(source="uid")
    job = serializers.IntegerField(source="job.number")
    text = serializers.CharField(source="body")
    author = serializers.SerializerMethodField()
    sent_by = serializers.CharField(help_text="The form by which the customer wrote it; blank for the team’s.")
    at = serializers.DateTimeField()
    pinned_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(NamedSerializer(allow_null=True))
    def get_author(self, note: Note) -> Any:
        if note.author_id is None:
            return None
        return NamedSerializer(directory().members[note.author_id]).data


class NewNoteSerializer(StrictSerializer):
    """A note to write. “@Name” tells a colleague."""

    job = WholeField(min_value=1, max_value=MOST_NUMBER, help_text="The id of a job.")
    text = TextField(max_length=LONGEST)
    pin = FlagField(required=False, default=False, help_text="Keep it at the top.")


class Notes(Resource):
    """Notes on the jobs that the token’s member may see."""

    scope = "notes"
    read_permission = "jobs.view"
    write_permission = "jobs.note"
    serializer_class = NoteSerializer
    own_filters: ClassVar[dict[str, OwnFilter]] = {
        "job": number_filter("Those of a job, by its id.", visible_jobs, lambda row, by: Q(job=row))
    }

    def visible_rows(self, member: Member) -> Any:
        return Note.objects.filter(job__in=visible_jobs(member).order_by().values("pk"))

    def load_related(self, rows: Any) -> Any:
        return rows.prefetch_related("job")

    @extend_schema(request=NewNoteSerializer, responses={201: NoteSerializer})
    def create(self, request: Any) -> Response:
        """Write a note on a job."""
        values = self.read_body(request, NewNoteSerializer)
        text = values["text"].replace("\r\n", "\n").strip()
        if not text:
            raise conflict_at("/text", _("Write something first."))
        note = Note.write(find_job(values["job"], request.user), text, by=request.user)
        if values["pin"]:
            note.pin(by=request.user)
        return self.record_response(note, status=201)

    @extend_schema(request=NoBodySerializer, responses=NoteSerializer)
    @action(detail=True, methods=["post"])
    def pin(self, request: Any, id: Any) -> Response:
        """Keep it at the top of its job."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda note: note.pin(by=request.user))

    @extend_schema(request=NoBodySerializer, responses=NoteSerializer)
    @action(detail=True, methods=["post"])
    def unpin(self, request: Any, id: Any) -> Response:
        """Keep it at the top no longer."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda note: note.unpin(by=request.user))
