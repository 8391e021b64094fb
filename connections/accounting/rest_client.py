"""REST requests to an accounting system: refusals of one record as ItemRefused, everything else as an error of all."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import requests
from django.utils.translation import gettext as _

from connections.models import Connection, ConnectionProblem
from connections.system_kinds import ItemRefused, RemoteError
from crm.integrations.models import CalendarProblem
from crm.integrations.providers.interface import CalendarError
from crm.integrations.providers.oauth import OAuthProvider
from crm.integrations.providers.rest import RestClient, read_json
from crm.platform.organization.configuration import directory

# What a system answers to one record that it does not accept.
REFUSALS = (400, 404, 409, 410, 422)
_DONE = (200, 201, 202, 204)


class FixedToken:
    """A token that never changes: a key that was entered by hand."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = dict(values)

    def access_token(self, *, is_refused: bool = False) -> str:
        """Return the token. Raises CalendarError if it was refused."""
        if is_refused:
            raise CalendarError(CalendarProblem.SIGN_IN, is_passing=False)
        return str(self.values["token"])


class BookkeepingRest(RestClient):
    """A REST client of an accounting system."""

    label = ""

    def __init__(
        self,
        connection: Connection,
        provider: OAuthProvider | None,
        on_renewal: Callable[[Mapping[str, Any]], object] = lambda values: None,
    ) -> None:
        if provider is None:
            raise RemoteError(ConnectionProblem.SETTINGS, is_passing=False)
        super().__init__(provider, connection.secrets, directory().zone, on_renewal)
        self.options = connection.options

    def answer_of(self, method: str, url: str, **options: Any) -> requests.Response:
        """Send a request; return the answer, also one that refuses a record (REFUSALS)."""
        options.setdefault("expected", (*_DONE, *REFUSALS))
        return self.request(method, url, **options)

    def call(self, method: str, url: str, **options: Any) -> dict[str, Any]:
        """Send a request and return the object of its answer. Raises ItemRefused for a record that is refused."""
        answer = self.answer_of(method, url, **options)
        if answer.status_code in REFUSALS:
            raise self.refusal(answer)
        if answer.status_code == 204:
            return {}
        return read_json(answer)

    def refusal(self, answer: requests.Response) -> ItemRefused:
        """Return why a record was refused, in the words of the system."""
        words = " ".join(self.refusal_words(answer).split())[:240]
        if not words:
            words = _("error %(status)s") % {"status": answer.status_code}
        return ItemRefused(_("%(system)s refuses it: %(words)s") % {"system": self.label, "words": words})

    def refusal_words(self, answer: requests.Response) -> str:
        """Return what the system says about a refusal; blank if it is nothing readable."""
        raise NotImplementedError

    def missing(self, what: str, name: str) -> ItemRefused:
        """Return the refusal of a record whose mapping names something that is not there any more."""
        if not name:
            words = _("%(what)s is not entered. Enter it under Settings, Accounting, then send it again.")
            return ItemRefused(words % {"what": what})
        words = _(
            "%(what)s “%(name)s” does not exist in %(system)s. Choose another one under Settings, Accounting, "
            "then send it again."
        )
        return ItemRefused(words % {"what": what, "name": name, "system": self.label})


def read_decimal(value: Any) -> Decimal:
    """Return an amount of an answer. Raises RemoteError if it is no number."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise RemoteError(ConnectionProblem.ANSWER, is_passing=True) from None
    if not amount.is_finite():
        raise RemoteError(ConnectionProblem.ANSWER, is_passing=True)
    return amount


def read_rows(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list in an answer. Raises RemoteError for anything else."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise RemoteError(ConnectionProblem.ANSWER, is_passing=True)
    return value


def utc_text(at: datetime) -> str:
    """Return an instant as "2026-05-11T13:00:00Z"."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
