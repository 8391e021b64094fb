"""`Dry-Run: true`: a write is carried out and rolled back, so that its answer says what would be.

Nothing is stored or enqueued, nor is an `Idempotency-Key` used up.
"""

from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS

from api.requests.problems import Problem

HEADER = "Dry-Run"


def asks_for_dry_run(request: Any) -> bool:
    """Return True if a write is to be rolled back. Raises Problem (400) for an unclear header."""
    text = request.headers.get(HEADER, "false").strip().lower()
    if text not in ("true", "false"):
        raise Problem(HTTPStatus.BAD_REQUEST, _("Dry-Run is true or false."))
    return text == "true" and request.method not in SAFE_METHODS
