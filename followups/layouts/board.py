"""The board of follow-ups: a column per status, with the missed ones as derived. Read with one statement."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from crm.kernel import durations
from crm.platform.models import Member
from crm.web.lists.conditions.clause import Clause
from crm.web.lists.conditions.query import Filters
from followups.filters import LATE, FollowUpFilters
from followups.follow_up_list import FOLLOW_UPS, LATEST_FIRST, SOONEST_FIRST
from followups.models import FollowUp, FollowUpStatus
from followups.models.queryset import CLOSED, OPEN
from followups.rows import FollowUpListRow, FollowUpRowBuilder
from followups.status_columns import CAP, COLUMNS, column_condition, column_names


class FollowUpCard(NamedTuple):
    """A follow-up on the board: its row, and what it says of its time."""

    row: FollowUpListRow
    time: str
    time_css: str
    # Started, where the column does not say so.
    note: str


@dataclass
class StatusColumn:
    """A column of the board: a status, the list of the same follow-ups, and the first of them."""

    key: str
    name: str
    list_url: str
    follow_ups: list[FollowUp] = field(default_factory=list)
    cards: list[FollowUpCard] = field(default_factory=list)
    is_capped: bool = False

    @property
    def takes_new(self) -> bool:
        """True if a follow-up can be planned in it: a new one is open, and only time makes one missed."""
        return self.key in OPEN

    @property
    def asks(self) -> str:
        """The action whose form is shown where a card is dropped here; blank: it is moved at once."""
        if self.key == FollowUpStatus.COMPLETED:
            return "complete/"
        return ""


def read_board(filters: Filters, member: Member, now: datetime) -> list[StatusColumn]:
    """Read the columns with their first follow-ups, in the order of their lists."""
    rows = FOLLOW_UPS.in_any_state(filters, member)
    parts = [_order_of(key).of(rows.filter(column_condition(key, now)))[: CAP + 1] for key in COLUMNS]
    by_column: dict[str, list[FollowUp]] = {key: [] for key in COLUMNS}
    for follow_up in parts[0].union(*parts[1:], all=True):
        by_column[_column_of(follow_up, now)].append(follow_up)
    list_url = FOLLOW_UPS.url("list", member.tenant.slug)
    columns = []
    for key, name in column_names().items():
        order = _order_of(key)
        follow_ups = sorted(by_column[key], key=order.place_of, reverse=order.down)
        url = list_url + column_filters(filters, key).query()
        columns.append(StatusColumn(key, name, url, follow_ups[:CAP], is_capped=len(follow_ups) > CAP))
    return columns


def build_cards(columns: Iterable[StatusColumn], maker: FollowUpRowBuilder) -> None:
    """Build the cards of the columns."""
    for column in columns:
        column.cards = [_build_card(maker.row(follow_up), column.key) for follow_up in column.follow_ups]


def column_filters(filters: Filters, key: str) -> Filters:
    """Return the filters of the list that has exactly a column's follow-ups."""
    kept = filters.changed(sort="")
    if not filters.get("status"):
        kept = kept.changed(status=key)
    elif filters.get("status") != key:
        kept = _with_clause(kept, "status", "is", key)
    if key in OPEN:
        kept = _with_clause(kept, "when", "not", "overdue")
    return kept


def _with_clause(filters: Filters, name: str, test: str, value: str) -> Filters:
    clause = Clause(FollowUpFilters.known()[name], test, value)
    return filters.changed(where=(*filters.where, (clause,)))


def _column_of(follow_up: FollowUp, now: datetime) -> str:
    if follow_up.is_open and follow_up.sort_at < now:
        return LATE
    return str(follow_up.status)


def _order_of(key: str) -> Any:
    if key in CLOSED:
        return LATEST_FIRST
    return SOONEST_FIRST


def _build_card(row: FollowUpListRow, column: str) -> FollowUpCard:
    follow_up = row.follow_up
    if column == FollowUpStatus.COMPLETED:
        late = _lateness_of_completion(follow_up)
        return FollowUpCard(row, late or _("on time"), "won", "")
    if column == FollowUpStatus.CANCELLED:
        return FollowUpCard(row, row.due, "", "")
    if column == LATE:
        return FollowUpCard(row, _("%(time)s late") % {"time": row.due}, row.due_css, row.state)
    return FollowUpCard(row, row.due, row.due_css, "")


def _lateness_of_completion(follow_up: FollowUp) -> str:
    """Return how long after its time it was done; blank if it was done in time."""
    if follow_up.completed_at is None or follow_up.completed_at <= follow_up.sort_at:
        return ""
    seconds = (follow_up.completed_at - follow_up.sort_at).total_seconds()
    return _("%(time)s late") % {"time": durations.short_duration(max(seconds, durations.MINUTE))}
