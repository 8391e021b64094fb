"""Two versions of a follow-up: what a member changed without a network, and what a colleague changed meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from followups.calls.outcomes import OUTCOMES
from followups.models import FollowUp, FollowUpOutcome, FollowUpStatus
from followups.offline.acts import sent_outcome, sent_time
from followups.offline.commitments import MemberDay, TimeCheck
from followups.offline.models import OfflineAct
from followups.offline.retention import NOTE
from followups.offline.seen_state import SeenState

MINE, THEIRS = "mine", "theirs"
# The choices of the page: what becomes of the follow-up, and whose it is.
ACT, WHO = "act", "who"


@dataclass(frozen=True)
class VersionRow:
    """A field of the follow-up in both versions. Where they exclude each other, `choice` names the radios."""

    label: str
    was: str
    mine: str = ""
    theirs: str = ""
    choice: str = ""
    # What is kept without asking.
    merged: str = ""


@dataclass(frozen=True)
class Versions:
    """Both versions of a follow-up, for the page on which one of them is chosen."""

    act: OfflineAct
    follow_up: FollowUp
    reader: Reader

    @property
    def base(self) -> SeenState:
        return SeenState(**self.act.base)

    @property
    def rows(self) -> list[VersionRow]:
        """Return the fields that either version changed."""
        rows = [self._act_row(), self._who_row(), self._note_row(), self._then_row()]
        return [row for row in rows if row]

    @property
    def clashes(self) -> int:
        return sum(bool(row.choice) for row in self.rows)

    @property
    def moved_to(self) -> datetime | None:
        """The time to which the change moves the follow-up; None if it doesn't move it."""
        return sent_time(self.act, replace(self.reader, now=self.act.made_at), self.base.due_at)

    def outcome(self, choices: Mapping[str, str]) -> str:
        """Say what these choices lead to. Without a choice, the colleague's version stays."""
        is_mine = self._takes_mine(choices)
        if is_mine and self.moved_to is None:
            return self._my_words()
        when = self._state_words()
        if is_mine:
            when = self._my_words()
        who = self._assignee(choices)
        if who and (is_mine or self.follow_up.is_open):
            return _("%(when)s, with %(name)s") % {"when": when, "name": who.name}
        return when

    def check_time(self, choices: Mapping[str, str], viewer: Member) -> TimeCheck | None:
        """Say whether the assignee is free at the time these choices lead to; None if it isn't to come."""
        at = None
        if self._takes_mine(choices):
            at = self.moved_to
        elif self.follow_up.is_open:
            at = self.follow_up.due_at
        who = self._assignee(choices)
        if at is None or at <= self.reader.now or who is None:
            return None
        return MemberDay(who, at, self.follow_up, viewer, self.reader).check()

    def _takes_mine(self, choices: Mapping[str, str]) -> bool:
        choice = choices.get(ACT) or (THEIRS if self.asks_act else MINE)
        return choice == MINE

    def _assignee(self, choices: Mapping[str, str]) -> Member | None:
        """Return who has the follow-up after these choices."""
        if choices.get(WHO) == MINE and self.base.assignee:
            return self.base.assignee
        member: Member | None = directory().members.get(self.follow_up.assignee_id or 0)
        return member

    @property
    def _can_keep_time(self) -> bool:
        """True if only the assignee differs: the new time fits both versions."""
        return self.follow_up.is_open and self.follow_up.due_at == self.base.due_at

    @property
    def asks_act(self) -> bool:
        return not (self.moved_to and self._can_keep_time)

    @property
    def asks_who(self) -> bool:
        base = self.base.assignee
        return bool(self.moved_to and self.follow_up.is_open and base and base.pk != self.follow_up.assignee_id)

    def _act_row(self) -> VersionRow:
        if self.moved_to and self.follow_up.is_open:
            label = _("When")
        else:
            label = _("What becomes of it")
        was = self._moment(self.base.due_at)
        if not self.asks_act:
            merged = _("Only you changed it: %(what)s") % {"what": self._my_words()}
            return VersionRow(label, was, merged=merged)
        return VersionRow(label, was, self._my_words(), self._their_words(), ACT)

    def _who_row(self) -> VersionRow | None:
        base = self.base.assignee
        if not self.asks_who or base is None:
            return None
        return VersionRow(_("Who"), base.name, base.name, self._name(self.follow_up.assignee_id), WHO)

    def _note_row(self) -> VersionRow | None:
        note = self.act.fields.get(NOTE, "")
        if not note:
            return None
        return VersionRow(_("Note"), "–", merged=_("Kept in both cases: “%(note)s”") % {"note": note})

    def _then_row(self) -> VersionRow | None:
        line = self.act.fields.get("then", "")
        if not line:
            return None
        return VersionRow(_("And then?"), "–", merged=_("Planned if yours stays: “%(line)s”") % {"line": line})

    def _my_words(self) -> str:
        if self.moved_to:
            return self._moment(self.moved_to)
        if self.act.act == "end_call":
            label = OUTCOMES[self.act.fields["outcome"]].label
        else:
            label = FollowUpOutcome(sent_outcome(self.act)).label
        return _("Done: %(outcome)s") % {"outcome": label}

    def _their_words(self) -> str:
        words = self._state_words()
        base = self.base.assignee
        if self.follow_up.is_open and self.follow_up.assignee_id != (base.pk if base else None):
            name = self._name(self.follow_up.assignee_id) or _("nobody")
            return _("%(when)s, with %(name)s") % {"when": words, "name": name}
        return words

    def _state_words(self) -> str:
        row = self.follow_up
        if row.status == FollowUpStatus.COMPLETED:
            return _("Done: %(outcome)s") % {"outcome": FollowUpOutcome(row.outcome).label}
        if not row.is_open:
            return str(FollowUpStatus(row.status).label)
        return self._moment(row.due_at)

    def _moment(self, at: datetime | None) -> str:
        return self.reader.moment(at) if at else _("no date")

    def _name(self, member_id: int | None) -> str:
        member: Member | None = directory().members.get(member_id or 0)
        return member.name if member else ""
