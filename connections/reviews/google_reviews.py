"""Google Business Profile: the locations of an account, their reviews, and replies.

- Accounts and locations have interfaces of their own; reviews are still in version 4 of the former one.
- Reviews come newest change first, 50 at a time. A reply is written by PUT, and replaces the one before.
- A rating is a word: ONE to FIVE. A review may have no words, and its author may be anonymous.

https://developers.google.com/my-business/content/review-data
https://developers.google.com/my-business/reference/rest/v4/accounts.locations.reviews
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from connections.models import Connection, ConnectionProblem
from connections.system_kinds import ItemRefused, RemoteError
from crm.integrations.models import CalendarProvider
from crm.integrations.providers.oauth import OAuthProvider
from crm.integrations.providers.rest import RestClient, read_json
from crm.platform.organization.configuration import directory

NAME = "google_reviews"
STARS = {"ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5}
# Reviews, locations and accounts of a request, as the reference allows; and the most pages of a list.
PAGE_SIZE = 50
_LOCATIONS = 100
_ACCOUNTS = 20
MOST_PAGES = 60
# Answers about one review alone.
_REFUSALS = (400, 404, 409)


@dataclass(frozen=True)
class ReviewLocation:
    """A location: "accounts/1/locations/2", and what it is called."""

    name: str
    title: str


@dataclass(frozen=True)
class RemoteReview:
    """A review as Google shows it. `reply` is blank without one."""

    name: str
    author: str
    stars: int
    words: str
    written_at: datetime
    changed_at: datetime
    reply: str
    replied_at: datetime


class UnreadableReview(Exception):
    """A review lacks what every review has. `name`: which one."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def google_provider() -> OAuthProvider | None:
    """Return where members sign in. None if the installation has no credentials."""
    if not settings.GOOGLE_CLIENT_ID:
        return None
    return OAuthProvider(
        name=CalendarProvider.GOOGLE,
        authorize_url=settings.GOOGLE_AUTHORIZE_URL,
        token_url=settings.GOOGLE_TOKEN_URL,
        client_id=settings.GOOGLE_CLIENT_ID,
        client_secret=settings.GOOGLE_CLIENT_SECRET,
        scopes="https://www.googleapis.com/auth/business.manage",
        # Without them Google gives no refresh token the second time.
        parameters={"access_type": "offline", "prompt": "consent"},
    )


class GoogleReviews(RestClient):
    """A Google account that manages locations."""

    def __init__(self, connection: Connection, on_renewal: Callable[[Mapping[str, Any]], object]) -> None:
        provider = google_provider()
        if provider is None:
            raise RemoteError(ConnectionProblem.SETTINGS, is_passing=False)
        super().__init__(provider, connection.secrets, directory().zone, on_renewal)

    def list_locations(self) -> tuple[str, list[ReviewLocation]]:
        """Return the name of the first account, and all locations of all accounts. Raises RemoteError without any."""
        url = f"{settings.GOOGLE_BUSINESS_ACCOUNTS_URL}/v1/accounts"
        accounts = list(self._rows(url, "accounts", {"pageSize": _ACCOUNTS}))
        locations: list[ReviewLocation] = []
        for account in accounts:
            name = _text(account.get("name"))
            of_account = f"{settings.GOOGLE_BUSINESS_LOCATIONS_URL}/v1/{name}/locations"
            fields = {"readMask": "name,title", "pageSize": _LOCATIONS}
            rows = self._rows(of_account, "locations", fields)
            locations += [ReviewLocation(f"{name}/{_text(row.get('name'))}", _text(row.get("title"))) for row in rows]
        if not locations:
            raise RemoteError(ConnectionProblem.GONE, is_passing=False)
        return _text(accounts[0].get("accountName")), locations

    def read_reviews(self, location: str) -> Iterator[RemoteReview | UnreadableReview]:
        """Yield the reviews of a location, the newest change first."""
        url = f"{settings.GOOGLE_REVIEWS_URL}/v4/{location}/reviews"
        for row in self._rows(url, "reviews", {"pageSize": PAGE_SIZE, "orderBy": "updateTime desc"}):
            try:
                yield parse_review(row)
            except UnreadableReview as unreadable:
                yield unreadable

    def write_reply(self, review: str, text: str) -> None:
        """Publish a reply to a review, in place of the one before. Raises ItemRefused in the words of Google."""
        url = f"{settings.GOOGLE_REVIEWS_URL}/v4/{review}/reply"
        answer = self.request("PUT", url, json={"comment": text}, expected=(200, *_REFUSALS))
        if answer.status_code == 404:
            raise ItemRefused(_("The review does not exist at Google any more."))
        if answer.status_code in _REFUSALS:
            error = read_json(answer).get("error")
            words = ""
            if isinstance(error, dict):
                words = " ".join(_text(error.get("message")).split())[:240]
            raise ItemRefused(_("Google refuses the reply: %(words)s") % {"words": words or answer.status_code})

    def _rows(self, url: str, key: str, fields: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield the objects of a list, page by page."""
        token = ""
        for _page in range(MOST_PAGES):
            params = fields | ({"pageToken": token} if token else {})
            page = read_json(self.request("GET", url, params=params))
            rows = page.get(key) or []
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                raise RemoteError(ConnectionProblem.ANSWER, is_passing=True)
            yield from rows
            token = _text(page.get("nextPageToken"))
            if not token:
                return


def parse_review(row: Mapping[str, Any]) -> RemoteReview:
    """Return a review of an answer. Raises UnreadableReview without name, rating or times."""
    name = _text(row.get("name"))
    reviewer, reply = _object(row.get("reviewer")), _object(row.get("reviewReply"))
    try:
        written_at = _instant(row.get("createTime"))
        changed_at = _instant(row.get("updateTime"))
        stars = STARS[_text(row.get("starRating"))]
        replied_at = _instant(reply["updateTime"]) if reply.get("updateTime") else changed_at
    except (KeyError, ValueError) as error:
        raise UnreadableReview(name) from error
    if not name or len(name) > 300:
        raise UnreadableReview(name)
    return RemoteReview(
        name=name,
        author=_text(reviewer.get("displayName")),
        stars=stars,
        words=_text(row.get("comment")),
        written_at=written_at,
        changed_at=changed_at,
        reply=_text(reply.get("comment")),
        replied_at=replied_at,
    )


def _text(value: Any) -> str:
    return value.replace("\0", "").strip() if isinstance(value, str) else ""


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _instant(value: Any) -> datetime:
    """Return an instant such as 2026-11-20T10:00:00.123456789Z. Raises ValueError for anything else."""
    at = datetime.fromisoformat(_text(value))
    if at.tzinfo is None:
        raise ValueError
    return at
