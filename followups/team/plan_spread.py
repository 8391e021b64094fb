"""Spread a member's follow-ups over their next working days, and those of others."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.jobs.models import Priority
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.web.reader import Reader
from followups.bulk.spread import SpreadItem, SpreadRefusal, spread_among
from followups.bulk.work_days import list_work_days
from followups.models import FollowUp
from followups.team.plan import MOST_MOVES, PlannedMove, TeamPlan

MOST_DAYS = 30
USUAL_DAYS = 5
# The value of the choice of everybody on the page; else the uid of one more member, or "".
EVERYBODY = "all"


class SpreadWish(NamedTuple):
    """Number of working days, the receivers besides the owner, and the most minutes a day; None: no limit."""

    days: int = USUAL_DAYS
    to: str = ""
    most: int | None = None

    @property
    def hours(self) -> str:
        """The hours a day as the field has them."""
        if self.most is None:
            return ""
        return f"{self.most / 60:g}"


def read_wish(fields: QueryDict) -> SpreadWish:
    """Read the controls of a spread. Raises Refused with what is wrong."""
    days = fields.get("over", "")
    if not days.isdecimal() or not 1 <= int(days) <= MOST_DAYS:
        raise Refused(_("Say how many working days, between 1 and %(most)s.") % {"most": MOST_DAYS})
    hours = fields.get("most", "").strip().replace(",", ".")
    if not hours:
        return SpreadWish(int(days), fields.get("with", ""))
    try:
        most = round(Decimal(hours) * 60)
    except (InvalidOperation, ValueError, OverflowError):
        most = 0
    if not 0 < most <= 24 * 60:
        raise Refused(_("Say how many hours a day, as “5.5”, or leave it blank."))
    return SpreadWish(int(days), fields.get("with", ""), most)


def members_of_wish(wish: SpreadWish, owner: Member, shown: Sequence[Member]) -> list[Member]:
    """Return who gets the work: the owner first."""
    others = [member for member in shown if wish.to in (EVERYBODY, str(member.uid)) and member.pk != owner.pk]
    return [owner, *others]


def spread_work(rows: Sequence[FollowUp], members: Sequence[Member], wish: SpreadWish, reader: Reader) -> TeamPlan:
    """Return the plan that spreads open follow-ups of the first of the members over the days of all of them.

    What stays on its day with its owner is no move: its time stays, too.
    """
    owner = members[0]
    urgent = sorted(rows, key=_urgency)
    taken = urgent[:MOST_MOVES]
    items = [SpreadItem(row.pk, owner.pk, row.minutes, _urgency(row), row.limit_at) for row in taken]
    days = list_work_days(
        [member.pk for member in members], reader.now, wish.days, besides={row.pk for row in taken}, most=wish.most
    )
    places = spread_among(items, days, owner.pk)
    plan = TeamPlan(beyond=len(urgent) - len(taken))
    by_key = {member.pk: member for member in members}
    for row in taken:
        place = places[row.pk]
        if isinstance(place, SpreadRefusal):
            plan.left.append((row, place))
            continue
        member_id, at = place
        is_same_day = at.astimezone(reader.zone).date() == row.sort_at.astimezone(reader.zone).date()
        if member_id != owner.pk or not is_same_day:
            plan.add(PlannedMove(row, row.version, by_key[member_id], at))
    return plan


def _urgency(row: FollowUp) -> tuple[int, datetime, int]:
    return row.priority or Priority.NORMAL, row.sort_at, row.pk
