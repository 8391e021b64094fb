"""Notes on a ticket, for the team or a part of it. Their author edits and removes them; the customer never sees one."""

from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from api.requests.problems import conflict_at
from api.resources.conversations.ticket_verbs import find_ticket
from api.resources.fields import FlagField, IdField, NoBodySerializer, StrictSerializer, TextField, WholeField
from api.resources.own_filters import MOST_NUMBER, OwnFilter, number_filter
from api.resources.record_serializer import NamedSerializer, RecordSerializer
from api.resources.resource import Resource
from crm.platform.models import Member, Team
from crm.platform.organization.configuration import directory
from tickets.models import Audience, Entry, Ticket
from tickets.models.note import LONGEST

AUDIENCES = {"everybody": Audience.EVERYBODY, "team": Audience.TEAM, "mentioned": Audience.NAMED}
AUDIENCE_NAMES = {audience.value: name for name, audience in AUDIENCES.items()}


class TicketNoteSerializer(RecordSerializer):
    """A note on a ticket."""

    id = serializers.UUIDField(source="uid")
    ticket = serializers.IntegerField(source="ticket.number")
    text = serializers.CharField(source="body")
    author = serializers.SerializerMethodField()
    audience = serializers.SerializerMethodField()
    team = serializers.SerializerMethodField()
    at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    pinned_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(NamedSerializer(allow_null=True))
    def get_author(self, note: Entry) -> Any:
        if note.author_id is None:
            return None
        return NamedSerializer(directory().members[note.author_id]).data

    @extend_schema_field(serializers.ChoiceField(list(AUDIENCES)))
    def get_audience(self, note: Entry) -> str:
        return AUDIENCE_NAMES[note.audience]

    @extend_schema_field(NamedSerializer(allow_null=True))
    def get_team(self, note: Entry) -> Any:
        if note.team_id is None:
            return None
        return NamedSerializer(directory().teams[note.team_id]).data


class NoteChangesSerializer(StrictSerializer):
    """Changes of a note. What is left out stays as it is."""

    text = TextField(max_length=LONGEST, required=False)
    audience = serializers.ChoiceField(list(AUDIENCES), required=False, help_text="Who may read it.")
    team = IdField(required=False, help_text="The id of the team that may read it.")


class NewTicketNoteSerializer(NoteChangesSerializer):
    """A note to write. “@Name” tells a colleague."""

    ticket = WholeField(min_value=1, max_value=MOST_NUMBER, help_text="The id of a ticket.")
    text = TextField(max_length=LONGEST)
    pin = FlagField(required=False, default=False, help_text="Keep it at the top.")


class TicketNotes(Resource):
    """Notes on the tickets that the token’s member may see, of those that they may read."""

    scope = "ticket-notes"
    read_permission = "tickets.view"
    write_permission = "tickets.work"
    serializer_class = TicketNoteSerializer
    own_filters: ClassVar[dict[str, OwnFilter]] = {
        "ticket": number_filter(
            "Those on a ticket, by its id.", Ticket.objects.visible_to, lambda row, by: Q(ticket=row)
        )
    }

    def visible_rows(self, member: Member) -> Any:
        tickets = Ticket.objects.visible_to(member).order_by()
        notes = Entry.objects.readable_by(member).filter(kind=Entry.Kind.NOTE)
        return notes.filter(ticket__in=tickets.values("pk"))

    def load_related(self, rows: Any) -> Any:
        return rows.prefetch_related("ticket")

    @extend_schema(request=NewTicketNoteSerializer, responses={201: TicketNoteSerializer})
    def create(self, request: Any) -> Response:
        """Write a note on a ticket. It changes no clock and is no answer."""
        values = self.read_body(request, NewTicketNoteSerializer)
        ticket = find_ticket(values["ticket"], request.user)
        audience, team = _read_audience(values, Audience.EVERYBODY, None)
        note = Entry.write(ticket, values["text"], by=request.user, audience=audience, team=team, pinned=values["pin"])
        note.refresh_from_db(fields=["uid"])
        return self.record_response(note, status=201)

    @extend_schema(request=NoteChangesSerializer, responses=TicketNoteSerializer)
    def partial_update(self, request: Any, id: Any) -> Response:
        """Edit a note of the token’s member. Its earlier text is kept."""
        values = self.read_body(request, NoteChangesSerializer)

        def edit_note(note: Entry) -> None:
            audience, team = _read_audience(values, note.audience, note.team)
            note.edit(values.get("text", note.body), audience=audience, team=team, by=request.user)

        return self.act(request, edit_note)

    @extend_schema(responses={204: None})
    def destroy(self, request: Any, id: Any) -> Response:
        """Remove a note of the token’s member. They can restore it on the page."""
        note = self.lock_record(request)
        note.remove(by=request.user)
        return Response(status=204)

    @extend_schema(request=NoBodySerializer, responses=TicketNoteSerializer)
    @action(detail=True, methods=["post"])
    def pin(self, request: Any, id: Any) -> Response:
        """Keep it at the top of its ticket."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda note: note.pin(by=request.user))

    @extend_schema(request=NoBodySerializer, responses=TicketNoteSerializer)
    @action(detail=True, methods=["post"])
    def unpin(self, request: Any, id: Any) -> Response:
        """Keep it at the top no longer."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda note: note.unpin(by=request.user))


def _read_audience(values: dict[str, Any], audience: str, team: Team | None) -> tuple[str, Team | None]:
    """Return who may read a note, by the values of a body, else as given. Raises Problem (409) for an unknown team."""
    if "audience" in values:
        audience = AUDIENCES[values["audience"]].value
    if "team" in values:
        live = (one for one in directory().teams.values() if one.archived_at is None)
        team = next((one for one in live if one.uid == values["team"]), None)
        if team is None:
            raise conflict_at("/team", _("There is no such team."))
    return audience, team
