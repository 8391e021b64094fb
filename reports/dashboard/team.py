"""Dashboard table of the team: open leads, their age and response times per member, and unassigned leads."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from crm.kernel import durations, formats
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import ME, NOBODY
from followups.tiles import OnTime
from reports.dashboard.follow_ups import link_on_time_share, read_on_time_shares
from reports.dashboard.open_leads import Held, OpenLeadFigures
from reports.dashboard.response import Response
from reports.dashboard.scope import Linked, Scope
from reports.figures.condition import UNTOUCHED, FigureCount
from reports.figures.measures import CAME, CONTACTED, IN_TIME, LOST, WON
from reports.figures.sums import Sums

Key = tuple[int | None, str]


class TeamLine(NamedTuple):
    """The figures of a member."""

    name: str
    open: Linked
    worth: str
    oldest: str
    untouched: Linked
    late: Linked
    crit: Linked
    overdue: Linked
    first_contact: Linked
    in_time: Linked
    percent: int | None
    # Of the member's follow-ups: the share done in time.
    follow_ups: Linked
    follow_ups_percent: int | None
    came: Linked
    won: Linked
    share: str


def team(
    scope: Scope, now: OpenLeadFigures, figures: dict[Key, Sums], speed: dict[int | None, Response]
) -> list[TeamLine]:
    """Return a line for each member, most leads first; `figures` by member and measure."""
    members = {*now.held, *(member for member, _measure in figures), *speed}
    shares = read_on_time_shares(scope, members)
    order = sorted(members, key=lambda pk: (pk is None, -now.held.get(pk, Held(pk)).open, _member_name(pk)))
    return [
        _build_line(
            scope, pk, now.held.get(pk, Held(pk)), figures, speed.get(pk, Response()), shares.get(pk or 0, OnTime(0, 0))
        )
        for pk in order
    ]


def _member_name(pk: int | None) -> str:
    if pk:
        return directory().members[pk].name
    return _("Nobody")


def whose(scope: Scope, pk: int | None) -> str:
    """Return the list filter's value for a member; "" for one who left, as the list cannot be filtered by them."""
    if pk is None:
        return NOBODY
    member = directory().members[pk]
    if pk == scope.member.pk:
        return ME
    if member.active:
        return str(member.uid)
    return ""


def _build_line(
    scope: Scope, pk: int | None, held: Held, figures: dict[Key, Sums], speed: Response, share: OnTime
) -> TeamLine:
    rep = whose(scope, pk)
    if scope.is_own:
        mine = {}
    else:
        mine = {"rep": rep}

    def now(count: int, **which: str) -> Linked:
        return Linked(
            formats.whole_number(count) if count else "–", count, scope.url(**mine, **which) if count and rep else ""
        )

    def of_days(measure: str, count: int, text: str) -> Linked:
        url = scope.count_url(FigureCount(measure, scope.days), **mine)
        return Linked(text, count, url if count and rep else "")

    def linked_count(measure: str) -> Linked:
        count = figures.get((pk, measure), Sums()).count
        return of_days(measure, count, formats.whole_number(count) if count else "–")

    won = linked_count(WON)
    lost = figures.get((pk, LOST), Sums()).count
    decided = won.count + lost
    return TeamLine(
        name=_member_name(pk),
        open=now(held.open, level="open"),
        worth=scope.worth(held.worth.worth),
        oldest=durations.short_duration((scope.reader.now - held.oldest).total_seconds()) if held.oldest else "–",
        untouched=now(held.untouched, counted=UNTOUCHED),
        late=now(held.late, level="late"),
        crit=now(held.crit, level="crit"),
        overdue=now(held.overdue, next="overdue", level="open"),
        first_contact=of_days(
            CONTACTED, speed.contacted, "–" if speed.median is None else durations.short_duration(speed.median)
        ),
        in_time=of_days(IN_TIME, speed.in_time, "–" if speed.percent is None else formats.whole_percent(speed.percent)),
        percent=speed.percent,
        follow_ups=link_on_time_share(scope, share, rep),
        follow_ups_percent=share.percent,
        came=linked_count(CAME),
        won=won,
        share=formats.whole_percent(100 * won.count / decided) if decided else "–",
    )
