"""Build the rows of the inbox: plain values from a ticket and the cached configuration, one HTML string each.

No row asks the database and none goes through the template engine, as in crm/jobs/list/rows.py.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache, lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from comms.models import Direction
from crm.jobs.list.rows import next_crossing
from crm.jobs.models import Priority
from crm.jobs.models.tag import tags
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.templatetags.look import avatar, icon
from tickets.models import Status, Ticket
from tickets.sla.words import TicketWords

__all__ = ["ICONS", "RowMaker", "next_crossing"]

ICONS = {
    "email": "mail",
    "sms": "message-square-more",
    "whatsapp": "message-circle-more",
    "call": "phone",
    "portal": "house",
}
LONGEST = 120
# So many tags a row names; of the others it says how many there are.
TAGS = 2


class RowMaker:
    """Turns tickets into rows for one reader. `query`: the list's query string, kept in row URLs."""

    def __init__(
        self, prefix: str, reader: Reader, *, query: str, columns: Iterable[str], may_pick: bool, opened: int | None
    ) -> None:
        self.prefix = prefix
        self.reader = reader
        self.query = query
        self.may_pick = may_pick
        self.opened = opened
        self.columns = frozenset(columns)
        organization = directory()
        self.members = organization.members
        self.brands = organization.brands
        self.teams = organization.teams
        self.urgencies = {one.value: str(one.label) for one in Priority if one != Priority.NORMAL}
        self.statuses = {str(one.value): str(one.label) for one in Status}
        self.somebody = _("Somebody")
        self.nothing = _("No subject")
        self.ours = _("Us:")
        self.tags = tags()

    def html(self, tickets: Iterable[Ticket]) -> SafeString:
        """Render the rows, one after the other."""
        return mark_safe("".join(map(self.row, tickets)))  # noqa: S308 - row() escapes what people typed

    def row(self, ticket: Ticket) -> str:
        """Render one row, escaping everything a person typed."""
        words = TicketWords(ticket, self.reader)
        name = ticket.customer_name or self.somebody
        number = ticket.number
        css = "".join([" is-unread" * (ticket.waiting_since is not None), " is-open" * (number == self.opened)])
        current = ""
        if number == self.opened:
            current = ' aria-current="true"'
        at = ticket.last_message_at or ticket.created_at
        snippet = escape(ticket.last_message_text[:LONGEST])
        if ticket.last_message_direction == Direction.OUT and snippet:
            snippet = f"<span>{self.ours}</span> {snippet}"
        return (
            f'<article class="ticket{css}" id="t{number}" data-number="{number}">{self._checkbox_html(number)}'
            f'<span class="ticket-face">{avatar(name, "is-lg")}{_channel_html(ticket.medium)}</span>'
            f'<h2><a id="l{number}" href="{self.prefix}{number}/{self.query}" data-act="open"{current}>'
            f"<bdi>{escape(name)}</bdi></a></h2>"
            f'<time datetime="{at.isoformat()}">{escape(self._time_words(at))}</time>'
            f"<p><bdi>{escape(ticket.subject) or self.nothing}</bdi>"
            f' <span class="ticket-words">{snippet}</span></p>{words.bar()}'
            f'<div class="ticket-meta"><span class="age {words.css}">{escape(words.told)}</span>'
            f"{self._unread_html(ticket)}{self._facts(ticket)}</div></article>\n"
        )

    def _checkbox_html(self, number: int) -> str:
        if not self.may_pick:
            return ""
        return (
            f'<input class="check" type="checkbox" name="pick" value="{number}" form="bulk"'
            f' aria-labelledby="l{number}">'
        )

    def _time_words(self, at: datetime) -> str:
        """Return the time if it is today, else the day."""
        reader = self.reader
        if at.astimezone(reader.zone).date() == reader.today:
            return reader.time(at)
        return reader.day(at)

    def _unread_html(self, ticket: Ticket) -> str:
        if ticket.waiting_since is None or ticket.unread_count < 2:
            return ""
        return _waiting_html(self.reader.language, ticket.unread_count)

    def _facts(self, ticket: Ticket) -> str:
        """Render the chosen facts, and the assignee at the end of the line."""
        facts = []
        columns = self.columns
        if "number" in columns:
            facts.append(f"#{ticket.number}")
        if "status" in columns:
            facts.append(self.statuses[ticket.status])
        if "priority" in columns and ticket.priority in self.urgencies:
            facts.append(self.urgencies[ticket.priority])
        if "brand" in columns:
            facts.append(self.brands[ticket.brand_id].name)
        if "team" in columns and ticket.team_id in self.teams:
            facts.append(self.teams[ticket.team_id].name)
        badges = "".join(f'<span class="badge">{escape(words)}</span>' for words in facts)
        owner = ""
        if "owner" in columns:
            owner = self._owner_html(ticket)
        return f"{badges}{self._tags_html(ticket)}{owner}"

    def _tags_html(self, ticket: Ticket) -> str:
        """Render the first tags, and the number of further ones."""
        tags = []
        if "tags" in self.columns:
            tags = self.tags.of(ticket.tag_ids)
        if not tags:
            return ""
        badges = "".join(f'<span class="badge is-{tag.tint}">{escape(tag.name)}</span>' for tag in tags[:TAGS])
        if more := tags[TAGS:]:
            names = escape(", ".join(tag.name for tag in more))
            badges += f'<span class="badge" title="{names}">+{len(more)}<span class="vh"> {names}</span></span>'
        return badges

    def _owner_html(self, ticket: Ticket) -> str:
        owner = self.members.get(ticket.member_id or 0)
        if owner is None:
            return ""
        name = escape(owner.name)
        return f'<span class="ticket-owner" role="img" aria-label="{name}" title="{name}">{avatar(owner.name)}</span>'


def titles(tickets: Sequence[Ticket]) -> dict[int, str]:
    """Return titles of tickets for use outside of a list: customer, subject and number."""
    return {ticket.pk: ticket.undo_name for ticket in tickets}


@lru_cache(maxsize=1024)
def _waiting_html(language: str, count: int) -> str:
    """Render the number of waiting messages; `language` is the active one and only part of the cache key."""
    label = escape(_("%(count)s unanswered messages") % {"count": count})
    return f'<span class="ticket-count" role="img" aria-label="{label}" title="{label}">{count}</span>'


@cache
def _channel_html(medium: str) -> str:
    """Render the icon of a channel, shown at the avatar's bottom."""
    drawn = ICONS.get(medium)
    if drawn:
        return f'<span class="chan {medium}">{icon(drawn)}</span>'
    return ""
