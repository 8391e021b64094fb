"""The bulk actions on follow-ups: status, assign, prioritize. The preview applies the same rules as the action."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.jobs.models import Priority
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import NOBODY
from followups.bulk.verdicts import DayEffect, FollowUpRefusal, FollowUpVerdict
from followups.models import FollowUp, FollowUpOutcome, FollowUpStatus
from followups.models.completion import cancel_all, complete_all, reopen_all, start_all

SELECT = partial(forms.Select, attrs={"class": "select"})

Changes = Sequence[tuple[FollowUp, datetime | None]]


class FollowUpAct(ABC):
    """A bulk action with the values of its form."""

    name: ClassVar[str]
    title: ClassVar[str | Promise]
    # What was done, in the sentence after it.
    done: ClassVar[str | Promise]
    form: ClassVar[type[forms.Form]]

    def __init__(self, values: Mapping[str, Any], by: Member) -> None:
        self.values = values
        self.by = by

    @property
    @abstractmethod
    def event_kind(self) -> str:
        """The kind of each follow-up's event, and of the saved undo."""

    @abstractmethod
    def judge_row(self, row: FollowUp) -> FollowUpVerdict:
        """Return what the action would do to a follow-up."""

    def judge_rows(self, rows: Sequence[FollowUp]) -> list[FollowUpVerdict]:
        """Return what the action would do to each of many."""
        return [self.judge_row(row) for row in rows]

    @abstractmethod
    def apply_changes(self, changes: Changes, beside: Sequence[FollowUp], *, by: Member) -> None:
        """Apply the action to locked follow-ups that change, each with its new time if it gets one."""

    def lock_beside(self, rows: Sequence[FollowUp]) -> list[FollowUp]:
        """Lock and return other follow-ups that change together with these."""
        return []

    @abstractmethod
    def preview_sentence(self, count: int, label: str) -> str:
        """Return a sentence on how many would change, and to what."""

    def day_effects(self) -> list[DayEffect]:
        """Return the days that the action fills, after `verdicts`."""
        return []

    def result_sentence(self, count: int) -> str:
        """Return a sentence on how many were changed."""
        words = ngettext("%(done)s: %(count)s follow-up.", "%(done)s: %(count)s follow-ups.", count)
        return words % {"done": self.done, "count": count}


def _status_choices() -> list[Any]:
    outcomes = [(f"complete:{value}", label) for value, label in FollowUpOutcome.choices]
    return [
        ("", _("Choose")),
        ("start", FollowUpStatus.IN_PROGRESS.label),
        (FollowUpStatus.COMPLETED.label, outcomes),
        ("cancel", FollowUpStatus.CANCELLED.label),
        ("reopen", _("Planned again")),
    ]


class StatusForm(forms.Form):
    to = forms.ChoiceField(label=gettext_lazy("Status"), choices=_status_choices, widget=SELECT())
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=4000, widget=forms.TextInput(attrs={"class": "input"})
    )


class SetStatus(FollowUpAct):
    """Start, complete with one outcome, cancel or reopen follow-ups."""

    name = "status"
    title = gettext_lazy("Change the status")
    done = gettext_lazy("Status changed")
    form = StatusForm
    kinds: ClassVar[dict[str, str]] = {
        "start": "followup.started",
        "complete": "followup.completed",
        "cancel": "followup.cancelled",
        "reopen": "followup.reopened",
    }

    @property
    def status_verb(self) -> str:
        return str(self.values["to"]).partition(":")[0]

    @property
    def event_kind(self) -> str:
        return self.kinds[self.status_verb]

    def judge_row(self, row: FollowUp) -> FollowUpVerdict:
        if self.status_verb == "reopen":
            if row.is_open:
                return FollowUpVerdict(FollowUpRefusal.OPEN)
        elif not row.is_open:
            return FollowUpVerdict(FollowUpRefusal.CLOSED)
        elif self.status_verb == "start" and row.status == FollowUpStatus.IN_PROGRESS:
            return FollowUpVerdict(FollowUpRefusal.ALREADY)
        return FollowUpVerdict(label=self._label())

    def _label(self) -> str:
        verb, _colon, outcome = str(self.values["to"]).partition(":")
        if verb == "complete":
            return f"{FollowUpStatus.COMPLETED.label} · {FollowUpOutcome(outcome).label}"
        labels = {"start": FollowUpStatus.IN_PROGRESS.label, "cancel": FollowUpStatus.CANCELLED.label}
        return str(labels.get(verb, FollowUpStatus.PENDING.label))

    def lock_beside(self, rows: Sequence[FollowUp]) -> list[FollowUp]:
        if self.status_verb == "reopen":
            return FollowUp.lock_following(rows)
        return []

    def apply_changes(self, changes: Changes, beside: Sequence[FollowUp], *, by: Member) -> None:
        rows = [row for row, _at in changes]
        if self.status_verb == "start":
            start_all(rows, by=by)
        elif self.status_verb == "cancel":
            cancel_all(rows, by=by)
        elif self.status_verb == "reopen":
            reopen_all(rows, beside, by=by)
        else:
            outcome = FollowUpOutcome(str(self.values["to"]).partition(":")[2])
            complete_all(rows, outcome, by=by, note=self.values.get("note", ""))

    def preview_sentence(self, count: int, label: str) -> str:
        words = ngettext("%(count)s becomes “%(name)s”.", "%(count)s become “%(name)s”.", count)
        return words % {"count": count, "name": label}


def _member_choices() -> list[tuple[str, str]]:
    members = [(str(row.uid), row.name) for row in directory().members.values() if row.active]
    return [("", _("Choose")), *members, (NOBODY, _("nobody"))]


class AssignForm(forms.Form):
    to = forms.ChoiceField(label=gettext_lazy("To whom"), choices=_member_choices, widget=SELECT())


class AssignFollowUps(FollowUpAct):
    """Assign follow-ups to a colleague, or unassign them."""

    name = "assign"
    title = gettext_lazy("Assign follow-ups")
    done = gettext_lazy("Assigned")
    form = AssignForm
    event_kind = "followup.assigned"

    @property
    def new_member(self) -> Member | None:
        uid = self.values["to"]
        return next((row for row in directory().members.values() if str(row.uid) == uid), None)

    def judge_rows(self, rows: Sequence[FollowUp]) -> list[FollowUpVerdict]:
        member = self.new_member
        return [self._judge(row, member) for row in rows]

    def judge_row(self, row: FollowUp) -> FollowUpVerdict:
        return self._judge(row, self.new_member)

    @staticmethod
    def _judge(row: FollowUp, member: Member | None) -> FollowUpVerdict:
        if not row.is_open:
            return FollowUpVerdict(FollowUpRefusal.CLOSED)
        if row.assignee_id == (member.pk if member else None):
            return FollowUpVerdict(FollowUpRefusal.ALREADY)
        return FollowUpVerdict(label=member.name if member else "")

    def apply_changes(self, changes: Changes, beside: Sequence[FollowUp], *, by: Member) -> None:
        member = self.new_member
        FollowUp.assign_all([(row, member.pk if member else None) for row, _at in changes], by=by)

    def preview_sentence(self, count: int, label: str) -> str:
        if not label:
            return ngettext("%(count)s becomes unassigned.", "%(count)s become unassigned.", count) % {"count": count}
        words = ngettext("%(count)s goes to %(name)s.", "%(count)s go to %(name)s.", count)
        return words % {"count": count, "name": label}


class PriorityForm(forms.Form):
    to = forms.TypedChoiceField(
        label=gettext_lazy("Priority"),
        choices=lambda: [("", _("Choose")), *Priority.choices],
        coerce=int,
        widget=SELECT(),
    )


class PrioritizeFollowUps(FollowUpAct):
    """Set the priority of follow-ups."""

    name = "prioritize"
    title = gettext_lazy("Set the priority")
    done = gettext_lazy("Priority set")
    form = PriorityForm
    event_kind = "followup.prioritized"

    def judge_row(self, row: FollowUp) -> FollowUpVerdict:
        if not row.is_open:
            return FollowUpVerdict(FollowUpRefusal.CLOSED)
        if row.priority == self.values["to"]:
            return FollowUpVerdict(FollowUpRefusal.ALREADY)
        return FollowUpVerdict(label=str(Priority(self.values["to"]).label))

    def apply_changes(self, changes: Changes, beside: Sequence[FollowUp], *, by: Member) -> None:
        FollowUp.prioritize_all([(row, self.values["to"]) for row, _at in changes], by=by)

    def preview_sentence(self, count: int, label: str) -> str:
        words = ngettext("%(count)s becomes “%(name)s”.", "%(count)s become “%(name)s”.", count)
        return words % {"count": count, "name": label}
