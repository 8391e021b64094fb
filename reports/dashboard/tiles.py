"""The tiles at the top of the dashboard, each compared with the period before."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from crm.kernel import durations, formats
from leads.response.figures import TARGET
from reports.dashboard.exceptions import link_count
from reports.dashboard.open_leads import OpenLeadFigures
from reports.dashboard.response import Response
from reports.dashboard.scope import Linked, Scope
from reports.figures.condition import UNTOUCHED, FigureCount
from reports.figures.measures import CAME, CONTACTED, IN_TIME, LOST, WON
from reports.figures.sums import Sums


class Tile(NamedTuple):
    """A number with its label; `change`: the difference to the period before, in words, and whether it is good."""

    name: str
    number: Linked
    unit: str = ""
    change: str = ""
    css: str = ""


Figures = dict[str, Sums]


def tiles(
    scope: Scope, now: OpenLeadFigures, figures: Figures, before: Figures, speed: Response, was: Response
) -> list[Tile]:
    """Return the tiles; an unknown number is a dash."""
    came, won, lost = (figures.get(name, Sums()) for name in (CAME, WON, LOST))
    share = _won_share(won, lost)
    earlier = _won_share(before.get(WON, Sums()), before.get(LOST, Sums()))
    return [
        Tile(
            _("New leads"),
            _linked_count(scope, CAME, came.count),
            "",
            *_compare_counts(came.count, before.get(CAME, Sums()).count),
        ),
        Tile(_("First contact, median"), _linked_median(scope, speed), "", *_compare_medians(speed, was)),
        Tile(_("Contacted on time"), _in_time(scope, speed), "%" if speed.measured else "", *_compare_with_goal(speed)),
        Tile(
            _("No contact yet"),
            link_count(scope, sum(one.untouched for one in now.held.values()), counted=UNTOUCHED),
            "",
            _("now"),
        ),
        Tile(
            _("Win rate"),
            Linked("–" if share is None else str(share), won.count, _measure_url(scope, WON) if won.count else ""),
            "" if share is None else "%",
            *_compare_shares(share, earlier),
        ),
        Tile(
            _("Sold"),
            Linked(scope.worth(won.worth) or "–", won.count, _measure_url(scope, WON) if won.count else ""),
            "",
            *_compare_counts(won.count, before.get(WON, Sums()).count),
        ),
    ]


def _measure_url(scope: Scope, measure: str) -> str:
    return scope.count_url(FigureCount(measure, scope.days))


def _linked_count(scope: Scope, measure: str, count: int) -> Linked:
    return Linked(formats.whole_number(count), count, _measure_url(scope, measure))


def _linked_median(scope: Scope, speed: Response) -> Linked:
    if speed.median is None:
        return Linked("–")
    return Linked(durations.short_duration(speed.median), speed.contacted, _measure_url(scope, CONTACTED))


def _in_time(scope: Scope, speed: Response) -> Linked:
    return Linked("–" if speed.percent is None else str(speed.percent), speed.in_time, _measure_url(scope, IN_TIME))


def _won_share(won: Sums, lost: Sums) -> int | None:
    decided = won.count + lost.count
    if decided:
        return round(100 * won.count / decided)
    return None


def _compare_counts(now: int, before: int) -> tuple[str, str]:
    if not before:
        return (_("none in the previous period") if now else "", "")
    percent = round(100 * (now - before) / before)
    if not percent:
        return _("same as before"), ""
    if percent > 0:
        words = _("%(percent)s%% more than before")
    else:
        words = _("%(percent)s%% fewer than before")
    return words % {"percent": abs(percent)}, "is-good" if percent > 0 else "is-bad"


def _compare_medians(speed: Response, was: Response) -> tuple[str, str]:
    if speed.median is None or was.median is None:
        return "", ""
    css = "is-good"
    if speed.median > was.median:
        css = "is-bad"
    return _("before: %(time)s") % {"time": durations.short_duration(was.median)}, css


def _compare_with_goal(speed: Response) -> tuple[str, str]:
    if speed.percent is None:
        return "", ""
    words = _("goal %(goal)s%%, of %(count)s") % {"goal": TARGET, "count": speed.measured}
    return words, "is-good" if speed.percent >= TARGET else "is-bad"


def _compare_shares(share: int | None, earlier: int | None) -> tuple[str, str]:
    if share is None or earlier is None:
        return "", ""
    if share == earlier:
        return _("same as before"), ""
    if share > earlier:
        words = _("%(points)s points more than before")
    else:
        words = _("%(points)s points fewer than before")
    return words % {"points": abs(share - earlier)}, "is-good" if share > earlier else "is-bad"
