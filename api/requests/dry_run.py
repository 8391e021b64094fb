"""`Dry-Run: true`: a write is carried out and rolled back, so that its answer says what would be.

Nothing is stored or enqueued, no file is written or deleted, nor is an `Idempotency-Key` used up.
"""

from contextlib import AbstractContextManager, nullcontext
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS

from api.requests.problems import Problem
from crm.platform.files.file_dry_run import dry_run_of_files

HEADER = "Dry-Run"


def asks_for_dry_run(request: Any) -> bool:
    """Return True if a write is to be rolled back. Raises Problem (400) for an unclear header."""
    text = request.headers.get(HEADER, "false").strip().lower()
    if text not in ("true", "false"):
        raise Problem(HTTPStatus.BAD_REQUEST, _("Dry-Run is true or false."))
    return text == "true" and request.method not in SAFE_METHODS


def files_for(request: Any) -> AbstractContextManager[None]:
    """Return the context of a request's files: a dry run leaves them as they are."""
    if request.headers.get(HEADER, "").strip().lower() == "true":
        return dry_run_of_files()
    return nullcontext()
