"""NoticeKind: a kind of notice, an entry of the app that sends it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Model
from django.urls import reverse
from django.utils.functional import Promise

from crm.platform import features
from crm.platform.access.permissions import allows, missing_permission
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.design.icons import missing_icon
from crm.web.models import NoticeWay
from crm.web.requests.tenant_urls import missing_address
from crm.web.shell.record_pages import records_url

# Of the notice's data, and `by`: the name of who did it, blank for nobody.
Words = Callable[[dict[str, Any]], str]


@dataclass(frozen=True, kw_only=True)
class NoticeKind(Feature):
    """A kind of notice: its permission, its words, and its default delivery."""

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "notices"

    name: str
    # Who lacks it is never told.
    permission: str
    icon: str
    # What happens, on the page where a member chooses: "A lead is given to me".
    label: str | Promise
    # What happened: "Mona Meyer gave it to you".
    words: Words | str | Promise
    default: NoticeWay = NoticeWay.APP
    # Comes in bursts: its mail waits ten minutes for more, where others are mailed at once.
    gathers: bool = True
    # It cannot wait: whoever is away is mailed or texted at once, whatever they were mailed lately.
    is_urgent: bool = False
    # Whoever has chosen nothing is mailed, texted and pushed in their working hours only: nobody is called at night.
    in_hours: bool = False
    # It names the member, so it reaches them about a muted record too.
    through_mute: bool = False
    # How the record stands by now is drawn beside it, and said in the mail.
    with_stand: bool = False
    # Its mail says how to reach the customer, and what they wrote.
    with_contact: bool = False
    # No second one about the same record while the first is unread.
    once_until_read: bool = False
    # Somebody is to take it up: "I'm on it" stands beside it, for all who are told of the same key.
    needs_acknowledgement: bool = False
    # Its app decides by which channels it leaves, and calls delivery/at_once.py; here a member chooses only whether.
    is_delivered_by_app: bool = False
    # Where one about no single record leads: a page by its URL name, or the list of a model's rows.
    page: str = ""
    list_of: type[Model] | None = None

    def check(self) -> Iterator[str]:
        yield from missing_permission(self.permission)
        yield from missing_icon(self.icon)
        if self.page:
            yield from missing_address(self.page, "a-tenant")

    def say(self, data: dict[str, Any]) -> str:
        """Return what happened, as text."""
        if callable(self.words):
            return self.words(data)
        return str(self.words)

    def place(self, slug: str) -> str:
        """Return the URL for a notice that is about no single record; blank if there is none."""
        if self.list_of:
            return records_url(self.list_of, slug)
        if self.page:
            return reverse(self.page, args=[slug])
        return ""


@features.cached_index
def _by_name() -> dict[str, NoticeKind]:
    return {kind.name: kind for kind in features.of(NoticeKind)}


def kind_named(name: str) -> NoticeKind:
    """Return a kind. Raises KeyError if no app adds it."""
    return _by_name()[name]


def known_kind(name: str) -> NoticeKind | None:
    """Return a kind; None if no app adds it any more."""
    return _by_name().get(name)


def kinds_for(member: Member) -> list[NoticeKind]:
    """Return the kinds a member may get, in order."""
    return [kind for kind in features.of(NoticeKind) if allows(member, kind.permission)]
