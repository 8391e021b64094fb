"""The context of the plan beside the team's hours: its moves, what they come to, and the controls of a spread."""

from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.people.identity.first_name import first_name
from crm.platform.models import Member
from crm.web.reader import Reader
from followups.bulk.spread import SpreadRefusal
from followups.models import FollowUp
from followups.team.page import TeamPage, hours
from followups.team.plan import PlannedMove
from followups.team.plan_spread import EVERYBODY, SpreadWish

# Choices of over how many working days.
DAYS = (1, 2, 3, 4, 5, 7, 10, 15, 20, 30)


def plan_context(page: TeamPage) -> dict[str, Any] | None:
    """Return the moves of the page's plan and their effect; None without a plan."""
    plan = page.plan
    if plan is None:
        return None
    reader = page.reader
    late = [move for move in plan.moves if move.is_after_promise]
    days_later = plan.days_later(reader.zone)
    return {
        "lines": [_move_line(move, page) for move in sorted(plan.moves, key=lambda one: one.at)],
        "fullest": _fullest_day(page),
        "later": number_format(abs(days_later), decimal_pos=1),
        "is_earlier": days_later < 0,
        "late": len(late),
        "left": [_left_line(row, why, reader) for row, why in plan.left],
        "beyond": plan.beyond,
    }


def spread_context(page: TeamPage, wish: SpreadWish) -> dict[str, Any] | None:
    """Return the controls to spread the opened member's work, with their values; None without work to spread."""
    work = page.shown_work()
    if page.opened is None or not work:
        return None
    owner = page.opened.member
    name = short_name(owner)
    others = [load.member for load in page.loads if load.member.pk != owner.pk]
    receivers = [("", _("%(name)s only") % {"name": name})]
    receivers += [
        (str(one.uid), _("%(name)s and %(other)s") % {"name": name, "other": short_name(one)}) for one in others
    ]
    if len(others) > 1:
        receivers.append((EVERYBODY, _("everybody on this page")))
    return {
        "title": _("Spread %(count)s of %(name)s") % {"count": len(work), "name": name},
        "hours": hours(sum(row.minutes for row in work)),
        "days": [(days, _days_words(days)) for days in DAYS],
        "receivers": receivers,
        "wish": wish,
    }


def short_name(member: Member) -> str:
    return first_name(member.name) or member.name


def _days_words(days: int) -> str:
    words = ngettext("%(count)s working day", "%(count)s working days", days)
    return words % {"count": days}


def _move_line(move: PlannedMove, page: TeamPage) -> dict[str, Any]:
    reader = page.reader
    late = ""
    if move.is_after_promise and move.follow_up.limit_at:
        late = _("later than promised: %(when)s") % {"when": reader.near(move.follow_up.limit_at)}
    return {
        "value": move.value,
        "subject": move.follow_up.subject,
        "about": move.follow_up.about_name,
        "before": reader.day(move.follow_up.sort_at),
        "after": f"{reader.day(move.at)}, {short_name(move.member)}",
        "late": late,
        "menu_url": reverse("followups:rebalance", args=[page.request.tenant.slug, move.follow_up.uid]),
    }


def _left_line(row: FollowUp, why: SpreadRefusal, reader: Reader) -> dict[str, str]:
    reason = _("There is no room on these days.")
    if why == SpreadRefusal.LIMIT and row.limit_at:
        reason = _("promised for %(when)s") % {"when": reader.near(row.limit_at)}
    return {"subject": row.subject, "day": reader.near(row.sort_at), "why": reason, "uid": str(row.uid)}


def _fullest_day(page: TeamPage) -> str:
    """Return the hours of the fullest day among those that the plan changes; "" if it changes none."""
    before = {(load.member.pk, one.day): one.planned for load in page.loads for one in load.days}
    changed = [after.planned for key, after in page.after.items() if after.planned != before[key]]
    if not changed:
        return ""
    return hours(max(changed))
