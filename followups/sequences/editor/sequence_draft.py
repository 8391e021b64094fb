"""SequenceDraft: a sequence being edited: read from its form or version, changed by buttons, validated, and saved.

Every button sends the whole form, so that it works without scripts and loses nothing that was typed.
"""

from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.automation.editor.conditions import RuleConditions
from crm.kernel.whole_numbers import read_number
from followups.sequences.definition import MOST_STEPS, SequenceDefinition
from followups.sequences.editor import step_edits
from followups.sequences.editor.sequence_text import definition_sentences, reentry_text
from followups.sequences.editor.step_draft import (
    FORK,
    SequenceStepDraft,
    drafts_of,
    line_prefix,
    read_steps,
    step_lines,
    sub_form,
)
from followups.sequences.models import Reentry, Sequence, SequencePurpose
from followups.sequences.models.sequence import MOST_DAYS
from followups.sequences.registry import STOP_CHOICES, USUAL_STOPS, sequence_signals
from followups.sequences.setup import job_kind

# What the fields of the conditions of staying begin with.
STAYS = "stay-"
# A fork takes two more lines of the form.
MOST_LINES = 3 * MOST_STEPS
# The place of a sequence that goes before all others of its purpose.
FIRST = "first"


@dataclass
class SequenceDraft:
    """A sequence as typed in the editor, valid or not."""

    name: str
    purpose: str
    stays: RuleConditions
    steps: list[SequenceStepDraft] = field(default_factory=list)
    stops: tuple[str, ...] = USUAL_STOPS
    reentry: str = Reentry.ONCE
    days: str = "90"
    # The public id of the sequence it goes behind, or FIRST.
    place: str = ""
    # What is wrong, by the part it is wrong with: name, purpose, reentry, steps.
    problems: dict[str, str] = field(default_factory=dict)
    is_judged: bool = False
    # The id of the field that gets the focus when it is shown again.
    focus: str = ""

    @classmethod
    def new(cls) -> "SequenceDraft":
        """Return an empty draft."""
        return cls("", SequencePurpose.QUOTES, RuleConditions.empty(job_kind()))

    @classmethod
    def of(cls, sequence: Sequence) -> "SequenceDraft":
        """Create a draft from a sequence's present version."""
        assert sequence.version is not None, "a sequence is added with a version"
        definition = sequence.version.parsed
        return cls(
            sequence.name,
            sequence.purpose,
            RuleConditions.from_stored(job_kind(), definition.stays),
            drafts_of(definition.steps),
            definition.stops,
            sequence.reentry,
            str(sequence.reentry_days),
        )

    @classmethod
    def from_form(cls, form: QueryDict) -> "SequenceDraft":
        """Create a draft from a submitted form."""
        return cls(
            form.get("name", "")[:200],
            form.get("purpose", ""),
            RuleConditions.from_form(job_kind(), sub_form(form, STAYS)),
            read_steps(form, MOST_LINES),
            tuple(name for name in known_stops() if name in form.getlist("stop")),
            form.get("reentry", ""),
            form.get("days", "")[:5],
            form.get("place", "")[:40],
        )

    def act(self, do: str) -> None:
        """Perform the action of a button: `step:`, `up:2`, `remove:1`, or of conditions: `stay-add:`, `s3-remove:0`."""
        act, _colon, place = do.partition(":")
        if act in step_edits.ACTS:
            self.focus = step_edits.edit_steps(self.steps, act, place) or self.focus
            return
        prefix, _dash, act = act.rpartition("-")
        conditions = self.conditions_by_prefix.get(f"{prefix}-")
        if conditions is not None:
            focus = conditions.act(act, place)
            if focus:
                self.focus = f"{prefix}-{focus}"
            else:
                self.focus = ""

    @property
    def conditions_by_prefix(self) -> dict[str, RuleConditions]:
        """The conditions of staying and of each fork, by what their fields begin with."""
        forks = {
            line_prefix(line.at): line.step.conditions for line in step_lines(self.steps) if line.step.kind == FORK
        }
        return {STAYS: self.stays, **forks}

    def judge(self) -> bool:
        """Validate each part and note its errors. Returns True if there are none."""
        self.is_judged = True
        self.problems = {place: words for place, words in self._find_problems() if words}
        steps = [step.judge() for step in self.steps]
        return self.stays.judge() and all(steps) and not self.problems

    def _find_problems(self) -> list[tuple[str, str]]:
        lines = step_lines(self.steps)
        wrong = []
        if not self.name.strip():
            wrong.append(("name", _("Enter a name.")))
        if self.purpose not in SequencePurpose.values:
            wrong.append(("purpose", _("Choose what it is for.")))
        if not lines:
            wrong.append(("steps", _("This sequence does nothing yet. Add a step.")))
        elif len(lines) > MOST_STEPS:
            wrong.append(("steps", _("A sequence has at most 30 steps.")))
        is_counted = self.reentry == Reentry.DAYS
        if self.reentry not in Reentry.values:
            wrong.append(("reentry", _("Choose how often a lead may enter.")))
        elif is_counted and not self._days:
            wrong.append(("reentry", _("Enter a number of days.")))
        return wrong

    @property
    def _days(self) -> int:
        return read_number(self.days, most=MOST_DAYS) or 0

    @property
    def reentry_days(self) -> int:
        """The number of days before a lead may enter again; the default if none is valid."""
        return self._days or 90

    def definition(self) -> SequenceDefinition:
        """Return the definition without invalid parts, so that an incomplete draft can be tried."""
        return SequenceDefinition(tuple(step.step() for step in self.steps), self.stays.where(), self.stops)

    def sentences(self) -> list[str]:
        """Return the draft as sentences, to compare it with what is saved."""
        if self.purpose in SequencePurpose.values:
            purpose = self.purpose
        else:
            purpose = ""
        rules = Sequence(reentry=self.reentry or Reentry.ONCE, reentry_days=self.reentry_days)
        if self.reentry not in Reentry.values:
            rules.reentry = Reentry.ONCE
        head = [self.name, str(SequencePurpose(purpose).label) if purpose else "", reentry_text(rules)]
        return [*head, *definition_sentences(self.definition())]

    @property
    def first_problem(self) -> str:
        """The id of the first field with an error, which gets the focus."""
        for place, at in {"name": "sequence-name", "purpose": "purpose", "reentry": "reentry"}.items():
            if place in self.problems:
                return at
        for line in step_lines(self.steps):
            if line.step.problem:
                return f"s{line.at}-first"
        if "steps" in self.problems:
            return "add-step"
        return f"{STAYS}filter-f0"


def known_stops() -> list[str]:
    """Return the names of everything that may end a sequence by choice, in order."""
    return [*(choice.name for choice in STOP_CHOICES), *sequence_signals()]


def saved_sentences(sequence: Sequence) -> list[str]:
    """Return what is saved of a sequence as sentences."""
    return SequenceDraft.of(sequence).sentences()
