"""The services that post leads, each with its own authentication: Meta signs, Google sends a key, a form tool knows
the address, and signs or sends a secret where it can (signature.py).

Meta     https://developers.facebook.com/docs/marketing-api/guides/lead-ads/retrieving
Google   https://developers.google.com/google-ads/webhook/docs/implementation
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.work import due_io
from leads.intake import arrival
from leads.intake.posts.signature import is_proven
from leads.models import IntakeDoor, Submission

DoorKind = IntakeDoor.DoorKind
KINDS = (DoorKind.META, DoorKind.GOOGLE, DoorKind.TOOL)
# Due work that asks Meta for the answers of a lead (meta.py), and how many leads one post of theirs may hold.
FETCH = "leads.meta"
MOST_LEADS = 100
LONGEST_ID = 40


class PostRefusal(Exception):
    """The post is not authenticated as the service's."""


@dataclass(frozen=True)
class Post:
    """One lead of a post. `key`: the service's id of it; `is_asked_for`: its answers have to be fetched."""

    body: bytes
    key: str = ""
    is_test: bool = False
    is_asked_for: bool = False


def challenge(door: IntakeDoor, *, token: Mapping[str, str]) -> str | None:
    """Return the answer to a service's verification request; None if it sends none."""
    if door.kind != DoorKind.META or token.get("hub.mode") != "subscribe":
        return None
    is_ours = hmac.compare_digest(token.get("hub.verify_token", "").encode(), door.key.encode())
    if is_ours:
        return token.get("hub.challenge", "")[:200]
    return None


def read(door: IntakeDoor, headers: Mapping[str, str], body: bytes) -> list[Post]:
    """Return the leads of a post. Raises Refusal if it is not authenticated."""
    if door.kind == DoorKind.META:
        return _of_meta(door, headers, body)
    if door.kind == DoorKind.GOOGLE:
        return [_of_google(door, body)]
    if (secret := door.secrets.get("secret")) and not is_proven(secret, door.proof_header, headers, body):
        raise PostRefusal("The secret or signature does not fit.")
    return [Post(body)]


def go_on(submission: Submission, post: Post) -> None:
    """Schedule reading a stored lead, or fetching its answers; a test of the service is ignored."""
    if post.is_test:
        submission.ignore(_("A test of the service."), by=None)
    elif post.is_asked_for:
        due_io.schedule(FETCH, submission.pk, clock.now())
    else:
        arrival.read_soon(submission)


def ask_again(submission: Submission, door: IntakeDoor, *, by: Member) -> bool:
    """Fetch the answers of a parked lead from Meta again; returns whether there was anything to fetch."""
    if door.kind != DoorKind.META or submission.fetched:
        return False
    try:
        is_asked_for = _of_change(_parse_object(bytes(submission.body))).is_asked_for
    except PostRefusal:
        return False
    if is_asked_for:
        submission.wait_again(by=by)
        due_io.schedule(FETCH, submission.pk, clock.now())
    return is_asked_for


def _of_google(door: IntakeDoor, body: bytes) -> Post:
    payload = _parse_object(body)
    if not hmac.compare_digest(str(payload.get("google_key", "")).encode(), door.key.encode()):
        raise PostRefusal("The google_key does not fit.")
    return Post(body, _parse_id(payload.get("lead_id")), is_test=payload.get("is_test") is True)


def _of_meta(door: IntakeDoor, headers: Mapping[str, str], body: bytes) -> list[Post]:
    secret = door.secrets.get("app_secret", "")
    signed = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    if not secret or not hmac.compare_digest(
        headers.get("X-Hub-Signature-256", "").encode(), f"sha256={signed}".encode()
    ):
        raise PostRefusal("The signature does not fit.")
    return [_of_change(value) for value in _meta_leads(_parse_object(body))][:MOST_LEADS] or [Post(body)]


def _of_change(value: dict[str, Any]) -> Post:
    pk = _parse_id(value.get("leadgen_id"))
    return Post(json.dumps(value).encode(), pk, is_asked_for=pk.isdigit() and "field_data" not in value)


def _meta_leads(said: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the leads in a post by Meta, which may batch several."""
    changes = [change for entry in _only_objects(said.get("entry")) for change in _only_objects(entry.get("changes"))]
    return [each["value"] for each in changes if each.get("field") == "leadgen" and isinstance(each.get("value"), dict)]


def _only_objects(listed: Any) -> list[dict[str, Any]]:
    if isinstance(listed, list):
        return [each for each in listed if isinstance(each, dict)]
    return []


def _parse_object(body: bytes) -> dict[str, Any]:
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        raise PostRefusal("It is no JSON.") from None
    if isinstance(payload, dict):
        return payload
    return {}


def _parse_id(value: Any) -> str:
    if isinstance(value, str | int):
        return str(value)[:LONGEST_ID]
    return ""
