"""`GET /api/v1/events/?after=…`: events in the order in which they became visible, for programs that poll."""

from http import HTTPStatus
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
    extend_schema_serializer,
)
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from api.events.event_types import EVENT_TYPES
from api.events.public_event import public_events
from api.requests.api_view import TokenView
from api.requests.paging import MOST_ROWS, ROWS
from api.requests.problems import Problem, ProblemPart, bad_parameter
from api.resources.record_serializer import RecordSerializer
from crm.kernel.whole_numbers import read_number
from crm.platform.events.settled_events import START, EventPlace, find_place, newest_place, read_settled
from crm.platform.models import Member

LATEST = "latest"
# Events that one request looks at, of which its member may see few.
MOST_READ = 2000
_AT_ONCE = 500
_TYPES = "|".join(name.replace(".", r"\.") for name in EVENT_TYPES)


class EventActorSerializer(serializers.Serializer):
    """Who did it."""

    id = serializers.UUIDField()


class EventRecordSerializer(serializers.Serializer):
    """The record that an event is about."""

    kind = serializers.CharField()
    id = serializers.SerializerMethodField(help_text="As its resource has it: of jobs and conversations the number.")
    url = serializers.CharField(allow_null=True, help_text="Its path in the API, if it has one.")

    @extend_schema_field({"type": ["integer", "string"]})
    def get_id(self, record: dict[str, Any]) -> Any:
        return record["id"]


class EventSerializer(RecordSerializer):
    """An event: what happened to which record, without personal data."""

    id = serializers.IntegerField()
    type = serializers.ChoiceField(list(EVENT_TYPES))
    at = serializers.DateTimeField()
    actor = EventActorSerializer(allow_null=True, help_text="Null: the product itself, or the customer.")
    record = EventRecordSerializer()
    job = serializers.IntegerField(allow_null=True, help_text="The number of its job.")
    data = serializers.DictField(help_text="As the type has it.")
    caused_by = serializers.IntegerField(allow_null=True, help_text="The event that led to it.")


@extend_schema_serializer(many=False)
class EventPageSerializer(serializers.Serializer):
    """Events, and where to go on."""

    next = serializers.CharField(help_text="The address to ask next, also if there is nothing new yet.")
    has_more = serializers.BooleanField(help_text="True: ask at once. False: that is all for now.")
    results = EventSerializer(many=True)


class EventPage(NamedTuple):
    """Events behind a place: what a member gets of them, the place to go on from, and whether more are there."""

    events: list[dict[str, Any]]
    place: EventPlace
    has_more: bool


class Events(TokenView, GenericViewSet):
    """What happened to records that the token's member may see."""

    scope = "events"
    serializer_class = EventSerializer
    pagination_class = None
    # As operation_schema.py reads it: its parameters are below.
    describes_parameters = True

    @extend_schema(
        responses=EventPageSerializer,
        parameters=[
            OpenApiParameter(
                "after",
                {"type": "string", "pattern": rf"^([0-9]{{1,18}}|{LATEST})$"},
                description="The id of the event to go on after, as in `next`. 0: from the beginning. "
                f"`{LATEST}`: nothing that has happened until now.",
            ),
            OpenApiParameter(
                "types",
                {"type": "string", "pattern": f"^({_TYPES})(,({_TYPES}))*$"},
                description="Only these types, by comma.",
            ),
            OpenApiParameter(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": ROWS},
                description="How many events an answer has.",
            ),
        ],
    )
    def list(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """List events in order, without gaps. Follow `next`: no event appears before one that was given.

        An event is given once no older write is under way, mostly within a second. Follow `next` as it is: it names
        the last event that was looked at.
        """
        for name in request.query_params:
            if name not in ("after", "types", "limit"):
                raise bad_parameter(name, _("There is no parameter of this name."))
        types = _read_types(request.query_params.get("types"))
        limit = _read_limit(request.query_params.get("limit"))
        page = read_page(_read_place(request.query_params.get("after", "0")), types, limit, request.user)
        return Response({"next": _next_url(request, page.place), "has_more": page.has_more, "results": page.events})


def read_page(place: EventPlace, types: frozenset[str], limit: int, member: Member) -> EventPage:
    """Read on until there are `limit` events for the member, or enough was looked at."""
    answers: list[dict[str, Any]] = []
    looked_at = 0
    while looked_at < MOST_READ:
        rows = read_settled(place, _AT_ONCE)
        visible = {one["id"]: one for one in public_events([row for row in rows if row.kind in types], member)}
        for row in rows:
            place = EventPlace(row.transaction, row.pk)
            looked_at += 1
            if row.pk in visible:
                answers.append(visible[row.pk])
            if len(answers) == limit:
                return EventPage(answers, place, has_more=True)
        if len(rows) < _AT_ONCE:
            return EventPage(answers, place, has_more=False)
    return EventPage(answers, place, has_more=True)


def _read_types(text: str | None) -> frozenset[str]:
    if text is None:
        return frozenset(EVENT_TYPES)
    names = frozenset(text.split(","))
    if unknown := sorted(names - EVENT_TYPES.keys()):
        raise bad_parameter("types", _("There is no type %(name)s.") % {"name": ", ".join(unknown)})
    return names


def _read_limit(text: str | None) -> int:
    if text is None:
        return ROWS
    number = read_number(text)
    if not number or number > MOST_ROWS:
        raise bad_parameter("limit", _("From 1 to %(most)s.") % {"most": MOST_ROWS})
    return number


def _read_place(text: str) -> EventPlace:
    """Return the place behind an event. Raises Problem (404) if the event is gone: what followed it is not known."""
    if text == LATEST:
        return newest_place()
    event_id = read_number(text)
    if event_id is None:
        raise bad_parameter("after", _("The id of an event, or “latest”."))
    if event_id == 0:
        return START
    place = find_place(event_id)
    if place is None:
        words = _("There is no such event any more. Go on with “latest”, or begin with 0.")
        raise Problem(HTTPStatus.NOT_FOUND, words, ProblemPart(words, parameter="after"))
    return place


def _next_url(request: Any, place: EventPlace) -> str:
    query = request.query_params.copy()
    query["after"] = str(place.event_id)
    return str(request.build_absolute_uri(f"{request.path}?{query.urlencode()}"))
