"""The context of the team page: a line of cells for each member, and a panel with the work of the opened one."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel import durations
from crm.platform.models import Member
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from followups.follow_up_list import FOLLOW_UPS
from followups.models import FollowUp
from followups.notes.lines import read_note_lines
from followups.rows import FollowUpRowBuilder
from followups.team.load_bar import bar_scale, build_bar
from followups.team.plan import TeamPlan, loads_after
from followups.workload.day_load import DayLoad, TeamMemberDays

# Follow-ups of a day that are shown to be moved; the rest is behind the number.
MOST_SHOWN = 12
MOST_IN_PANEL = 50
# Hours, however many there are: no day of 24 hours.
_NO_DAYS = 1000 * 24 * 3600


class TeamPage:
    """Builds the lines and the panel for one reader. `shown`: the values of its address, which its links keep."""

    def __init__(
        self, request: TenantRequest, reader: Reader, loads: Sequence[TeamMemberDays], shown: Mapping[str, str]
    ) -> None:
        self.request = request
        self.reader = reader
        self.loads = loads
        self.shown = shown
        self.list_url = FOLLOW_UPS.url("list", request.tenant.slug)
        self.scale = bar_scale(one for load in loads for one in load.days)
        self.opened = next((load for load in loads if str(load.member.uid) == shown.get("open")), None)
        rows = [row for one in self.opened.days for row in one.follow_ups[:MOST_IN_PANEL]] if self.opened else []
        self.maker = FollowUpRowBuilder(request, reader, rows, in_list=False)
        self.notes = read_note_lines(rows, reader, request.member.pk)
        self.plan: TeamPlan | None = None
        self.after: Mapping[tuple[int, date], DayLoad] = {}

    def show_plan(self, plan: TeamPlan) -> None:
        """Show what a plan makes of the hours, and which follow-ups it moves."""
        self.plan = plan
        self.after = loads_after(self.loads, plan.moves, self.reader.zone)

    def shown_work(self) -> list[FollowUp]:
        """Return the opened member's follow-ups, of all days or of the one chosen."""
        if self.opened is None:
            return []
        return [row for one in self._chosen_days(self.opened) for row in one.follow_ups]

    def _chosen_days(self, load: TeamMemberDays) -> Sequence[DayLoad]:
        return [one for one in load.days if one.day.isoformat() == self.shown.get("on", "")] or load.days

    def address(self, **changed: str) -> str:
        """Return the address of this page with other values; those that are blank are left out."""
        values = {name: value for name, value in {**self.shown, **changed}.items() if value}
        return f"{reverse('followups:team', args=[self.request.tenant.slug])}?{urlencode(values)}"

    def lines(self) -> list[dict[str, Any]]:
        """Return a line for each member."""
        return [self._member_line(load) for load in self.loads]

    def _member_line(self, load: TeamMemberDays) -> dict[str, Any]:
        uid = str(load.member.uid)
        is_open = load is self.opened
        return {
            "member": load.member,
            "uid": uid,
            "is_open": is_open,
            "open_url": self.address(open="" if is_open else uid, on=""),
            "planned": hours(load.planned),
            "capacity": hours(load.capacity) if load.capacity else "",
            "css": _level(load.planned, load.capacity),
            "is_over": load.planned > load.capacity,
            "cells": [self._day_cell(one, load.member, is_open) for one in load.days],
            "count": load.count,
        }

    def _day_cell(self, load: DayLoad, member: Member, is_open: bool) -> dict[str, Any]:
        listed: Sequence[FollowUp] = ()
        if is_open:
            listed = load.follow_ups[:MOST_SHOWN]
        return {
            "day": load.day.isoformat(),
            "day_words": self.reader.date(load.day),
            "is_today": load.day == self.reader.today,
            "planned": hours(load.planned),
            "capacity": hours(load.capacity) if load.capacity else "",
            "load": load,
            "css": _level(load.planned, load.capacity),
            "bar": build_bar(load, self.scale),
            "url": self._day_url(load, member),
            "count": len(load.follow_ups),
            "after": self._after_words(load, member),
            "after_css": self._after_level(load, member),
            "arriving": self._arriving(load.day, member) if is_open else [],
            "slots": [self._slot(row, member, load.day) for row in listed],
            "more": len(load.follow_ups) - len(listed) if is_open else 0,
        }

    def _after_words(self, load: DayLoad, member: Member) -> str:
        """Return the hours of a day as the plan leaves them; "" if it changes nothing there."""
        after = self.after.get((member.pk, load.day), load)
        if after.planned == load.planned:
            return ""
        return hours(after.planned)

    def _after_level(self, load: DayLoad, member: Member) -> str:
        after = self.after.get((member.pk, load.day), load)
        return _level(after.planned, after.capacity)

    def _arriving(self, day: date, member: Member) -> list[dict[str, str]]:
        """Return what the plan brings to a day of a member."""
        moves = self.plan.moves if self.plan else []
        return [
            {
                "subject": move.follow_up.subject,
                "minutes": hours(move.follow_up.minutes),
                "came_from": self.reader.day(move.follow_up.sort_at),
            }
            for move in moves
            if move.member.pk == member.pk and move.at.astimezone(self.reader.zone).date() == day
        ]

    def _day_url(self, load: DayLoad, member: Member) -> str:
        view = [("who", str(member.uid)), *_due_within(load.day, load.day)]
        return f"{self.list_url}?{urlencode(view)}"

    def _slot(self, follow_up: FollowUp, member: Member, day: date) -> dict[str, Any]:
        """Return a follow-up that can be dragged, with the values that static/js/moving.js sends."""
        slug = self.request.tenant.slug
        row = self.maker.row(follow_up)
        at = follow_up.sort_at.astimezone(self.reader.zone)
        return {
            "subject": follow_up.subject,
            "icon": row.icon,
            "about": row.about,
            "time": self.reader.time(at),
            "minutes": hours(row.minutes),
            "promised": self.reader.near(follow_up.limit_at) if follow_up.limit_at else "",
            "url": reverse("followups:follow_up", args=[slug, follow_up.uid]),
            "menu_url": reverse("followups:rebalance", args=[slug, follow_up.uid]),
            "starts": at.isoformat(),
            "day": day.isoformat(),
            "version": follow_up.version,
            "members": str(member.uid),
            "is_going": self.plan is not None and any(one.follow_up.pk == follow_up.pk for one in self.plan.moves),
        }

    def columns(self, days: Sequence[date]) -> list[dict[str, Any]]:
        """Return the days with the hours of all members, and how full they are."""
        return [self._column(nth, day) for nth, day in enumerate(days)]

    def _column(self, nth: int, day: date) -> dict[str, Any]:
        planned = sum(load.days[nth].planned for load in self.loads)
        capacity = sum(load.days[nth].capacity for load in self.loads)
        full = ""
        if capacity:
            full = _("%(percent)s%% full") % {"percent": round(100 * planned / capacity)}
        return {
            "words": self.reader.date(day),
            "is_today": day == self.reader.today,
            "planned": hours(planned),
            "capacity": hours(capacity),
            "full": full,
        }

    def panel(self) -> dict[str, Any] | None:
        """Return what the opened member has on these days, or on the one chosen; None if no member is opened."""
        load = self.opened
        if load is None:
            return None
        chosen = self.shown.get("on", "")
        days = self._chosen_days(load)
        return {
            "member": load.member,
            "count": load.count,
            "hours": hours_words(load.planned, load.capacity),
            "choices": self._day_choices(load, chosen),
            "days": [self._panel_day(one, load.member) for one in days],
        }

    def _day_choices(self, load: TeamMemberDays, chosen: str) -> list[tuple[str, str, bool]]:
        """Return the days to choose from: URL, words, and whether it is the one that is shown."""
        days = {one.day.isoformat() for one in load.days}
        choices = [(self.address(on=""), _("All days"), chosen not in days)]
        for one in load.days:
            day = one.day.isoformat()
            choices.append((self.address(on=day), self.reader.date(one.day), day == chosen))
        return choices

    def _panel_day(self, load: DayLoad, member: Member) -> dict[str, Any]:
        listed = load.follow_ups[:MOST_IN_PANEL]
        return {
            "words": self.reader.date(load.day),
            "hours": hours_words(load.planned, load.capacity),
            "css": _level(load.planned, load.capacity),
            "is_off": load.is_off,
            "appointments": hours(load.fixed) if load.fixed else "",
            "url": self._day_url(load, member),
            "entries": [self._slot(row, member, load.day) | {"notes": self.notes[row.pk][-1:]} for row in listed],
            "more": len(load.follow_ups) - len(listed),
        }


def hours(minutes: int) -> str:
    """Return minutes as hours: "7h 10m"."""
    return durations.short_duration(minutes * 60, _NO_DAYS)


def hours_words(planned: int, capacity: int) -> str:
    """Return the planned hours of those there are: "7h of 6h"."""
    if not capacity:
        return hours(planned)
    return _("%(planned)s of %(capacity)s") % {"planned": hours(planned), "capacity": hours(capacity)}


def _level(planned: int, capacity: int) -> str:
    """Return the level of a load: too much is late, work on a day off is critical, nearly full is soon."""
    load = DayLoad(date.min, capacity, movable=planned)
    if load.is_off:
        return "crit" if planned else "none"
    if load.is_over:
        return "late"
    if load.is_nearly_full:
        return "soon"
    return "ok"


def _due_within(first: date, last: date) -> list[tuple[str, str]]:
    return [("where", f"due:since:{first}"), ("where", f"due:before:{last + timedelta(days=1)}")]
