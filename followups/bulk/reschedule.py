"""Reschedule: the bulk action that moves follow-ups to one time, by working days, or spreads them over working days."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.jobs.models import Priority
from crm.kernel import clock
from crm.platform.models import Member
from crm.web.reader import Reader
from followups.bulk.acts import Changes, FollowUpAct
from followups.bulk.spread import SpreadItem, SpreadRefusal, spread_items
from followups.bulk.verdicts import DayEffect, FollowUpRefusal, FollowUpVerdict
from followups.bulk.work_days import WorkDay, hours_of, list_work_days, nth_work_day
from followups.models import FollowUp
from followups.models.due_time import mark_missed, set_due_times
from followups.time_choices import parse_form_time

MOST_DAYS = 30
WAYS = [
    ("spread", gettext_lazy("Spread over the next working days")),
    ("by", gettext_lazy("Move by working days")),
    ("at", gettext_lazy("Move to one time")),
]


def _text_input(kind: str) -> forms.TextInput:
    return forms.TextInput(attrs={"type": kind, "class": "input"})


class RescheduleForm(forms.Form):
    """How to move, and how far. `day` and `clock` are read in the member's time zone."""

    how = forms.ChoiceField(label=gettext_lazy("How"), choices=WAYS, widget=forms.Select(attrs={"class": "select"}))
    days = forms.IntegerField(
        label=gettext_lazy("Working days"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=5,
        required=False,
        widget=forms.NumberInput(attrs={"class": "input"}),
    )
    hours = forms.DecimalField(
        label=gettext_lazy("Hours of follow-ups a day, at most"),
        min_value=0,
        max_value=24,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput(attrs={"class": "input"}),
        help_text=gettext_lazy("Blank: as long as each member works that day."),
    )
    day = forms.CharField(label=gettext_lazy("Day"), required=False, widget=_text_input("date"))
    clock = forms.CharField(label=gettext_lazy("Time of day"), required=False, widget=_text_input("time"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("how") == "at" and not values.get("day"):
            self.add_error("day", _("Choose a day and time in the future."))
        if values.get("how") in ("by", "spread") and not values.get("days") and "days" not in self.errors:
            self.add_error("days", _("Say how many working days."))
        if values.get("hours") is not None:
            values["hours"] = float(values["hours"])
        return values


class Reschedule(FollowUpAct):
    """Move follow-ups to other times; never after the time that was promised."""

    name = "reschedule"
    title = gettext_lazy("Reschedule follow-ups")
    done = gettext_lazy("Rescheduled")
    form = RescheduleForm
    event_kind = "followup.rescheduled"

    def __init__(self, values: Any, by: Member) -> None:
        super().__init__(values, by)
        self.reader = Reader.of(by, clock.now())
        self.work_days: dict[int | None, list[WorkDay]] = {}
        self.moved_days: dict[tuple[int | None, date], date] = {}
        self.counts: dict[date, int] = defaultdict(int)

    def judge_row(self, row: FollowUp) -> FollowUpVerdict:
        return self.judge_rows([row])[0]

    def judge_rows(self, rows: Sequence[FollowUp]) -> list[FollowUpVerdict]:
        if self.values["how"] == "spread":
            return self._spread_rows(rows)
        if self.values["how"] == "by":
            return [self._judge_move(row) for row in rows]
        at = parse_form_time(self.values["day"], self.values.get("clock", ""), self.reader.zone)
        return [self._judge(row, at) for row in rows]

    def _judge(self, row: FollowUp, at: datetime | None) -> FollowUpVerdict:
        if not row.is_open:
            return FollowUpVerdict(FollowUpRefusal.CLOSED)
        if at is None or at <= self.reader.now:
            return FollowUpVerdict(FollowUpRefusal.PAST)
        if row.due_at == at:
            return FollowUpVerdict(FollowUpRefusal.ALREADY)
        if row.limit_at and at > row.limit_at:
            return FollowUpVerdict(FollowUpRefusal.LIMIT)
        return FollowUpVerdict(label=self.reader.long_day(at), at=at)

    def _judge_move(self, row: FollowUp) -> FollowUpVerdict:
        """Judge a move by working days: from its day, or from today if that has passed."""
        if row.is_open and row.due_at is None:
            return FollowUpVerdict(FollowUpRefusal.UNDATED)
        due_at = row.due_at or self.reader.now
        start = due_at
        if due_at < self.reader.now:
            local = due_at.astimezone(self.reader.zone)
            start = datetime.combine(self.reader.today, local.time(), self.reader.zone)
        return self._judge(row, self._add_days(start, row.assignee_id))

    def _add_days(self, start: datetime, member_id: int | None) -> datetime:
        """`add_work_days`, reading the calendar once for each member and day."""
        zone = hours_of(member_id).zone
        local = start.astimezone(zone)
        key = (member_id, local.date())
        if key not in self.moved_days:
            self.moved_days[key] = nth_work_day(local.date(), self.values["days"], member_id)
        return datetime.combine(self.moved_days[key], local.time(), zone)

    def _spread_rows(self, rows: Sequence[FollowUp]) -> list[FollowUpVerdict]:
        items = [
            SpreadItem(
                row.pk,
                row.assignee_id,
                row.minutes,
                (row.priority or Priority.NORMAL, row.sort_at, row.pk),
                row.limit_at,
            )
            for row in rows
            if row.is_open
        ]
        most = None
        if self.values.get("hours"):
            most = round(self.values["hours"] * 60)
        self.work_days = list_work_days(
            {item.member_id for item in items},
            self.reader.now,
            self.values["days"],
            besides={item.pk for item in items},
            most=most,
        )
        times = spread_items(items, self.work_days)
        return [self._judge_spread(row, times.get(row.pk)) for row in rows]

    def _judge_spread(self, row: FollowUp, at: datetime | SpreadRefusal | None) -> FollowUpVerdict:
        if isinstance(at, SpreadRefusal):
            return FollowUpVerdict(FollowUpRefusal(at))
        verdict = self._judge(row, at)
        if verdict.at:
            self.counts[verdict.at.astimezone(self.reader.zone).date()] += 1
        return verdict

    def day_effects(self) -> list[DayEffect]:
        """Sum up the days of all members: how many are added, and the minutes planned of those they work."""
        sums: dict[date, list[int]] = defaultdict(lambda: [0, 0])
        for own in self.work_days.values():
            for work_day in own:
                sums[work_day.day][0] += work_day.planned + work_day.added
                sums[work_day.day][1] += work_day.capacity_minutes
        return [
            DayEffect(self.reader.date(day), self.counts[day], minutes, capacity)
            for day, (minutes, capacity) in sorted(sums.items())
        ]

    def apply_changes(self, changes: Changes, beside: Sequence[FollowUp], *, by: Member) -> None:
        mark_missed([row for row, _at in changes])
        set_due_times(changes, by=by)

    def preview_sentence(self, count: int, label: str) -> str:
        words = ngettext("%(count)s moves to %(name)s.", "%(count)s move to %(name)s.", count)
        return words % {"count": count, "name": label}
