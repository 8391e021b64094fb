"""The endpoints other programs post to: authenticate, store, answer. A worker reads the submissions.

Nothing a stranger sends makes a 5xx, and nobody learns which tenants or doors there are: an address that is not ours,
a token that was renewed and a door that is switched off are one answer.
"""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from crm.platform.tenancy.context import use_tenant
from crm.web.requests.throttle import count_call
from leads.intake import arrival
from leads.intake.address import DoorAddress, place_named, place_proven
from leads.intake.arrival import StoredSubmission
from leads.intake.posts import providers, refusals
from leads.intake.posts.providers import Post, PostRefusal
from leads.intake.posts.request import Broken, TooLarge, body_of, kept_headers
from leads.models import IntakeDoor
from leads.models.intake_door import doors

NOTHING = "There is nothing at this address."


@csrf_exempt
@never_cache
def endpoint(request: HttpRequest, place: str) -> HttpResponse:
    """Accept a lead as JSON: authenticated by a bearer token, idempotent by an Idempotency-Key."""
    named = place_named(place)
    if named is None:
        return _json_answer(404, NOTHING)
    if request.method != "POST":
        return _json_answer(405, "Send it by POST.", {"Allow": "POST"})
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    proven = None
    if scheme.lower() == "bearer":
        proven = place_proven(token.strip())
    if proven is None or proven[:2] != named[:2]:
        return _json_answer(401, "Send the token of this door: Authorization: Bearer …", {"WWW-Authenticate": "Bearer"})
    return _take_post(request, proven, IntakeDoor.DoorKind.JSON, 401, "This token is not good any more.")


@csrf_exempt
@never_cache
def post(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """Accept a post of a service, whose URL holds the token: Meta, Google, a form tool."""
    place = place_proven(token)
    if place is None or kind not in providers.KINDS:
        return _json_answer(404, NOTHING)
    if request.method == "GET":
        return _answer_challenge(request, place, kind)
    if request.method != "POST":
        return _json_answer(405, "Send it by POST.", {"Allow": "GET, POST"})
    return _take_post(request, place, kind, 404, NOTHING)


def _answer_challenge(request: HttpRequest, place: DoorAddress, kind: str) -> HttpResponse:
    """Answer a service's verification request for our URL."""
    with use_tenant(place.tenant_id):
        door = doors().get(place.door_id)
        if door is None or not place.opens(door) or door.kind != kind:
            return _json_answer(404, NOTHING)
        answer = providers.challenge(door, token=request.GET)
    if answer is None:
        return _json_answer(405, "Send it by POST.", {"Allow": "POST"})
    return HttpResponse(answer, content_type="text/plain; charset=utf-8")


def _take_post(request: HttpRequest, place: DoorAddress, kind: str, status: int, nothing: str) -> HttpResponse:
    """Store a post with a signed token; `status` and `nothing`: the answer if the token is not valid any more."""
    if count_call(f"{place.tenant_id}:{place.door_id}", "intake", 60) > settings.INTAKE_RATE:
        return _json_answer(429, "That is more than we take in a minute. Send it again later.", {"Retry-After": "30"})
    try:
        body = body_of(request)
    except TooLarge:
        return _json_answer(413, f"A lead has {arrival.MOST_BYTES:,} bytes at most.")
    except Broken:
        return _json_answer(400, "The request ended before all of it had come.")
    with use_tenant(place.tenant_id):
        door = doors().get(place.door_id)
        if door is None or not place.opens(door) or door.kind != kind:
            return _json_answer(status, nothing)
        try:
            posts = providers.read(door, request.headers, body)
        except PostRefusal as why:
            refusals.note(door)
            return _json_answer(403, str(why))
        stored = [_store_post(request, door, each) for each in posts]
    first = stored[0]
    if first.differs and not posts[0].key:
        return _json_answer(409, "Another lead was sent with this Idempotency-Key.")
    answer = {"id": str(first.submission.uid), "received": True, "repeated": not first.is_new}
    return JsonResponse(answer, status=202 if first.is_new else 200)


def _store_post(request: HttpRequest, door: IntakeDoor, each: Post) -> StoredSubmission:
    stored = arrival.keep(
        door,
        each.body,
        content_type=request.headers.get("Content-Type", ""),
        key=each.key or request.headers.get("Idempotency-Key", ""),
        headers=kept_headers(request),
    )
    if stored.is_new:
        providers.go_on(stored.submission, each)
    return stored


def _json_answer(status: int, text: str, headers: Mapping[str, str] | None = None) -> HttpResponse:
    return JsonResponse({"error": text}, status=status, headers=headers)
