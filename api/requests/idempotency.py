"""`Idempotency-Key`: the answer to a write is stored with the write, and given again for 24 hours."""

import hashlib
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from api.models import StoredAnswer
from api.models.stored_answer import LONGEST_KEY
from api.requests.problems import Problem

HEADER = "Idempotency-Key"
# Headers that are part of an answer.
STORED_HEADERS = ("ETag", "Location")


class IdempotentWrite:
    """A write that was sent with a key: the answer that is stored for it, or the place to store one."""

    def __init__(self, token_id: int, key: str, request_hash: str) -> None:
        self.token_id = token_id
        self.key = key
        self.request_hash = request_hash
        self.stored: StoredAnswer | None = None

    @classmethod
    def begin(cls, request: Any) -> "IdempotentWrite | None":
        """Return the write of a request; None if it reads, or has no key.

        Raises Problem for the key of another request, or of one that is under way: until that ends, nobody knows
        whether it is done.
        """
        if request.method in SAFE_METHODS or HEADER not in request.headers:
            return None
        key = request.headers[HEADER].strip()
        if not 0 < len(key) <= LONGEST_KEY or not key.isprintable() or not key.isascii():
            words = _("An Idempotency-Key has 1 to %(most)s printable ASCII characters.")
            raise Problem(HTTPStatus.BAD_REQUEST, words % {"most": LONGEST_KEY})
        write = cls(request.auth.token_id, key, _hash_request(request))
        if not write._lock():
            raise Problem(HTTPStatus.CONFLICT, _("The first request with this key is still under way."), wait=1)
        write._read()
        return write

    def _lock(self) -> bool:
        """Lock the key until the transaction ends. Returns False if another request has it."""
        with connection.cursor() as cursor:
            cursor.execute(
                "select pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"api:{self.token_id}:{self.key}"]
            )
            [is_ours] = cursor.fetchone()
        return bool(is_ours)

    def _read(self) -> None:
        self.stored = StoredAnswer.find_known(self.token_id, self.key)
        if self.stored and self.stored.request_hash != self.request_hash:
            words = _("This Idempotency-Key was used for another request. Send a new one.")
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, words)

    def repeat_answer(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the stored answer. A handler of a view."""
        stored = self.stored
        assert stored is not None
        headers = stored.headers | {"Idempotent-Replay": "true"}
        return HttpResponse(stored.body, status=stored.status, headers=headers, content_type="application/json")

    def store_answer(self, response: Response) -> None:
        """Store the answer of a write that was done. What failed changed nothing, and may be tried again."""
        if response.status_code >= HTTPStatus.BAD_REQUEST or self.stored:
            return
        body = ""
        # Of a secret that is shown once, what is stored is without it.
        data = getattr(response, "stored_data", response.data)
        if data is not None:
            body = JSONRenderer().render(data).decode()
        StoredAnswer.objects.create(
            token_id=self.token_id,
            key=self.key,
            request_hash=self.request_hash,
            status=response.status_code,
            headers={name: response[name] for name in STORED_HEADERS if name in response},
            body=body,
        )


def _hash_request(request: Any) -> str:
    parts = [request.method.encode(), request.get_full_path().encode(), *_body_parts(request)]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()


def _body_parts(request: Any) -> Iterator[bytes]:
    """Yield what a body says. Of one with a file: its fields and the hash of the file, as a client that sends it again
    separates them by another boundary.
    """
    if not request._request.content_type.startswith("multipart/"):
        yield request._request.body
        return
    for name, value in sorted(request.data.items(), key=lambda item: item[0]):
        yield name.encode()
        if hasattr(value, "chunks"):
            yield (value.name or "").encode()
            digest = hashlib.sha256()
            for chunk in value.chunks():
                digest.update(chunk)
            yield digest.digest()
            value.seek(0)
        else:
            yield str(value).encode()
