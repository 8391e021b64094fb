"""Parse a typed line such as "call tue 3pm", "bel di 15:00", "in 2 weeks call" into what and when. Pure functions.

Times are the reader's local ones. A day without a time is nine o'clock; a time without a day is the next such time.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from crm.jobs.next_step.kinds import code_of, match_name
from followups.models.kind import FollowUpKind
from followups.quick_entry.ambiguous_days import DAY, drop_agreeing_weekday, means_other_day, names_vague_day
from followups.quick_entry.line_text import LineText, NotUnderstood
from followups.quick_entry.moment import LineMoment
from followups.quick_entry.repetition import Repetition, find_repetition
from followups.quick_entry.repetition_rule import rule_of
from followups.quick_entry.vocabulary import KINDS

LONGEST = 200
# Placeholders for a type's own name, and for words that ask for a repetition; nobody types them.
KEPT = "\ue000"
REPEATED = "\ue001"


@dataclass(frozen=True)
class ParsedLine:
    """The result of parsing. `at` is local to the zone of the `now` that was given."""

    # The code of a type.
    kind: str
    subject: str
    at: datetime
    # The words that ask for a repetition; blank for none. `at` is the first time. `rule`: the same as a recurrence
    # rule, blank where none says it; `subject` has the words, `task` does not.
    repeats: str = ""
    rule: str = ""
    task: str = ""


def parse_line(
    text: str,
    now: datetime,
    *,
    month_first: bool = False,
    own: Mapping[str, str] | None = None,
    hidden: Collection[str] = (),
) -> ParsedLine:
    """Parse one line, as of `now` (aware, in the reader's zone). Raises NotUnderstood with a sentence.

    `own`: the codes of types by names that come before our words; `hidden`: the codes no word leads to.
    """
    parser = _LineParser(" ".join(re.sub(f"[{KEPT}{REPEATED}{DAY}]", "", text).split())[:LONGEST], now, month_first)
    parser.keep(own or {})
    return parser.result(hidden)


def _without_words(subject: str, placeholder: str) -> str:
    return " ".join(subject.replace(placeholder, " ").split()).strip(" ,.;:!-–")


class _LineParser:
    """Removes what it parses from a line; the rest is the subject."""

    def __init__(self, text: str, now: datetime, month_first: bool) -> None:
        self.line = LineText(text)
        self.moment = LineMoment(self.line, now, month_first)
        # The type that was called by its own name, and the name as it was written.
        self.kind = ""
        self.name = ""
        self.repetition: Repetition | None = None

    def keep(self, own: Mapping[str, str]) -> None:
        """Replace a type's own name by a placeholder: it may contain a day, such as "Sunday visit"."""
        if match := match_name(self.line.text, own):
            self.kind = code_of(match, own)
            self.name = match[0]
            self.line.text = f"{self.line.text[: match.start()]}{KEPT}{self.line.text[match.end() :]}"

    def result(self, hidden: Collection[str]) -> ParsedLine:
        if not self.line.text:
            raise NotUnderstood(_("Write what to do and when, such as “call tue 3pm”."))
        self._read_repetition()
        self.moment.read_date()
        if self.moment.instant is None:
            self.moment.read_time()
        self._refuse_leftover()
        self._begin_repetition()
        at = self.moment.when()
        if at <= self.moment.now:
            raise NotUnderstood(_("That moment has passed."))
        if at - self.moment.now > timedelta(days=3660):
            raise NotUnderstood(_("That is more than ten years away."))
        subject = re.sub(r" ([,.;])", r"\1", " ".join(self.line.text.split())).strip(" ,.;:!-–")[:120]
        kinds = (KINDS[word] for word in re.findall(r"[\w'-]+", subject.lower()) if word in KINDS)
        kind = self.kind or str(next((kind for kind in kinds if kind not in hidden), FollowUpKind.TASK))
        repeats = rule = ""
        if self.repetition:
            repeats = self.repetition.words
            rule = rule_of(self.repetition)
        task = _without_words(subject, REPEATED).replace(KEPT, self.name)[:120]
        subject = subject.replace(KEPT, self.name).replace(REPEATED, repeats)[:120] or str(FollowUpKind.TASK.label)
        subject = subject[:1].upper() + subject[1:]
        return ParsedLine(kind, subject, at, repeats, rule, task[:1].upper() + task[1:] or subject)

    def _read_repetition(self) -> None:
        """Replace words that ask for a repetition by a placeholder and the day they name, to be read next."""
        repetition = find_repetition(self.line.text, names_day=self._names_day)
        if repetition:
            self.repetition = repetition
            before = self.line.text[: repetition.start]
            self.line.text = f"{before}{REPEATED} {repetition.day} {self.line.text[repetition.end :]}"

    def _names_day(self, line: str) -> bool:
        other = LineMoment(LineText(line), self.moment.now, self.moment.month_first)
        try:
            other.read_date()
        except NotUnderstood:
            return True
        return other.day is not None or other.instant is not None

    def _begin_repetition(self) -> None:
        """Where no day is named, the first time is one interval from now; a time alone is the next such time."""
        if self.repetition is None or self.moment.day or self.moment.instant:
            return
        unit = self.repetition.unit
        count = self.repetition.count
        if unit in ("minutes", "hours"):
            self.moment.add_time(timedelta(**{unit: count}))
        elif self.moment.time is None or (unit, count) != ("days", 1):
            self.moment.day = self.moment.now.date() + relativedelta(**{unit: count})  # type: ignore[arg-type]

    def _refuse_leftover(self) -> None:
        """Raise NotUnderstood if the rest of the line shows that another day is meant than the one parsed."""
        if self.moment.day:
            self.line.text = drop_agreeing_weekday(self.line.text, self.moment.day)
        is_time_alone = self.moment.time is not None and self.moment.day is None and self.moment.instant is None
        if means_other_day(self.line.text) or (is_time_alone and names_vague_day(self.line.text)):
            raise NotUnderstood(_("That day is not understood. Write it like “fri 3pm”, “12 june” or “end of month”."))
        self.line.text = self.line.text.replace(DAY, " ")
