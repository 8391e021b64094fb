"""The list of the inbox: by default the member's own open tickets, most urgent first."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.search.messages import occurrences
from crm.jobs.list.search import candidates
from crm.kernel import clock
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.columns import Column, Columns
from crm.web.lists.conditions.choices import ME, NOBODY
from crm.web.lists.conditions.query import Filters
from crm.web.lists.counts import capped_counts
from crm.web.lists.definition import List, Sort, View, Words
from crm.web.lists.paging import Order
from tickets.inbox.choices import ALL, MINE, UNREAD
from tickets.inbox.filters import TicketFilters
from tickets.models import Entry, Status, Ticket
from tickets.models.queryset import TicketQuerySet
from tickets.models.ticket_indexes import NO_MESSAGE

MOST_PRESSING = Order(Ticket, "level", "sort_at", "id")
NEWEST = Order(Ticket, "last_message_at", "id", down=True, blank={"last_message_at": NO_MESSAGE})
# Messages that a text occurs in and whose tickets are listed, the newest first.
MOST_MESSAGES = 200


class Meant(NamedTuple):
    """Interpretations of a search text: tickets by message, by person, or by ticket number."""

    tickets: list[int]
    people: list[int]
    number: int | None


def _count_words(found: str) -> str:
    if found == "1":
        return _("1 conversation")
    return _("%(found)s conversations") % {"found": found}


class TicketList(List):
    """The list of tickets: the member's own, or those selected by filters."""

    key = "tickets"
    page = "tickets:list"
    permission = "tickets.view"
    filterset = TicketFilters
    first_field = "status"
    picked_by = "number"
    sorts: ClassVar[Mapping[str, Sort]] = {"newest": Sort(NEWEST, gettext_lazy("newest message first"))}
    # What the line below the words of a row shows besides its age.
    columns = Columns(
        Column("number", gettext_lazy("Number")),
        Column("status", gettext_lazy("Status")),
        Column("priority", gettext_lazy("Priority")),
        Column("tags", gettext_lazy("Tags")),
        Column("brand", gettext_lazy("Brand")),
        Column("team", gettext_lazy("Team")),
        Column("owner", gettext_lazy("Who has it")),
        usual=("priority", "tags", "owner"),
    )
    words = Words(
        name=gettext_lazy("Inbox"),
        where=gettext_lazy("Conversations where"),
        everything=gettext_lazy("All conversations"),
        counted=_count_words,
        sorted_by=gettext_lazy("due first"),
        nothing_selected=gettext_lazy("Select some conversations first."),
        save_first=gettext_lazy("Filter the inbox, then save it as a view."),
    )

    def visible(self, member: Member) -> TicketQuerySet:
        tickets: TicketQuerySet = Ticket.objects.visible_to(member)
        return tickets

    def order(self, filters: Filters) -> Order:
        return MOST_PRESSING

    def base(self, filters: Filters, member: Member) -> TicketQuerySet:
        """Start with the member's own tickets, or all visible ones if others, or a text, are requested."""
        asks_for_others = any(map(filters.asks, ("who", "team", "drafts", "mentions"))) or filters.q
        own = filters.get("who") == ME or not asks_for_others
        if own:
            every = self.visible(member).filter(member_id=member.pk)
        else:
            every = self.visible(member)
        return every.filter(merged_into__isnull=True)

    def narrow(self, rows: Any, filters: Filters, member: Member) -> TicketQuerySet:
        """Filter by the search text, with any status; else keep open tickets that are not snoozed.

        Archived ones are found by a text, by when they were solved, and where they are asked for.
        """
        kept: TicketQuerySet = rows
        if filters.q:
            return meaning_condition(kept, self.meant(filters, member))
        is_specific = any(map(filters.asks, ("status", "solved", "archived", "mentions")))
        if not is_specific:
            kept = kept.open()
        elif not any(map(filters.asks, ("solved", "archived", "mentions"))):
            kept = kept.filter(archived_at__isnull=True)
        if filters.asks("snoozed") or is_specific:
            return kept
        return kept.awake(clock.now())

    def meant(self, filters: Filters, member: Member) -> Meant:
        """Return the interpretations of the search text, looked up once."""
        if member.pk not in filters.found:
            filters.found[member.pk] = _search_meaning(filters.q, member)
        meaning: Meant = filters.found[member.pk]
        return meaning

    def views(self, member: Member) -> list[View]:
        """The predefined views, in the order of a morning's work."""
        team = []
        if directory().teams_of(member):
            team = [View("team", _("My team"), self.filters(team=MINE))]
        return [
            View("mine", _("Mine"), self.filters()),
            View("nobody", _("Unassigned"), self.filters(who=NOBODY)),
            *team,
            View("all", _("Everybody’s"), self.filters(who=ALL)),
            View("wrote", _("Waiting for us"), self.filters(who=ALL, waiting="1")),
            View("over", _("Late"), self.filters(who=ALL, level="over"), css="crit"),
            View("snoozed", _("Snoozed"), self.filters(snoozed="1")),
            View("mentions", _("Mentions"), self.filters(mentions="1"), counts=self.filters(mentions=UNREAD)),
            View("drafts", _("Drafts"), self.filters(drafts="1")),
            View("solved", _("Solved"), self.filters(who=ALL, status=Status.SOLVED)),
            View("closed", _("Closed"), self.filters(who=ALL, status=Status.CLOSED)),
        ]

    def count_queries(self, filters: Filters, member: Member, shown: Collection[str]) -> dict[str, Any]:
        return {
            "matching": self.apply(filters, member),
            "unread-mentions": self.apply(self.filters(mentions=UNREAD), member),
        }

    def count_texts(self, counts: dict[str, str]) -> dict[str, str]:
        """Return the counts, with a count of 0 unread mentions replaced by blank."""
        none = {name: "" for name in ("unread-mentions", "tab-mentions") if counts.get(name) == "0"}
        return counts | none


TICKETS = TicketList()


def needing_us(member: Member) -> str:
    """Count the member's own tickets whose customer waits for an answer, for the navigation."""
    count = capped_counts({"need": TICKETS.apply(TICKETS.filters(waiting="1"), member)})["need"]
    if count == "0":
        return ""
    return count


def customers_meant(text: str, member: Member) -> Meant:
    """Return the interpretations of a text as ticket number or people."""
    matches = candidates(text, by=member)
    number = read_number(text.lstrip("#"))
    return Meant([], list(matches.people), number)


def _search_meaning(text: str, member: Member) -> Meant:
    """Return the interpretations of a text, including message text: the newest on visible tickets.

    Which tickets those are is asked of their ids alone: joined to the entries, the database would look for the job of
    each of two thousand in turn.
    """
    message_ids = occurrences(text, by=member, most=MOST_MESSAGES)
    on = dict[int, int]()
    if message_ids:
        on = dict(Entry.objects.filter(message_id__in=sorted(message_ids)).values_list("message_id", "ticket_id"))
        visible_tickets = Ticket.objects.visible_to(member).order_by().filter(pk__in=sorted(set(on.values())))
        seen = set(visible_tickets.values_list("pk", flat=True))
        on = {pk: ticket for pk, ticket in on.items() if ticket in seen}
    newest = [on[pk] for pk in message_ids if pk in on][:MOST_MESSAGES]
    return customers_meant(text, member)._replace(tickets=list(dict.fromkeys(newest)))


def meaning_condition(rows: TicketQuerySet, meant: Meant) -> TicketQuerySet:
    """Return the condition for tickets that match an interpretation."""
    ways = Q(pk__in=meant.tickets) | Q(person_id__in=meant.people)
    return rows.filter(ways | Q(number=meant.number) if meant.number is not None else ways)
