"""SequenceStepView: a step as the editor's template renders it, with its fields, text and counts."""

from dataclasses import dataclass, field
from typing import Any

from crm.automation.editor.conditions import ROW_ID, RuleConditions, focused_row
from crm.automation.editor.options import OptionField, option_fields
from crm.automation.editor.steps import step_options
from crm.automation.jobs.triggers import JOB
from crm.automation.registry.actions import RuleAction, actions_of
from crm.automation.span import SpanUnit
from followups.sequences.definition import MOST_NESTED, MOST_STEPS, Otherwise, SequenceAct, Unanswered
from followups.sequences.editor.sequence_draft import SequenceDraft
from followups.sequences.editor.sequence_text import StepText, step_text
from followups.sequences.editor.step_counts import SequenceCounts, StepCount, WayCount
from followups.sequences.editor.step_draft import (
    FORK,
    WAIT,
    SequenceStepDraft,
    line_count,
    line_prefix,
    no_line,
    step_lines,
)
from followups.sequences.editor.template_preview import TemplatePreview, preview_template
from followups.sequences.models import StepResult
from followups.sequences.registry import ForkQuestion, fork_questions

# What the choices of an act that a sequence adds to its action are called by.
UNITS = SpanUnit.choices
OTHERWISE = Otherwise.choices
UNANSWERED = Unanswered.choices


@dataclass(frozen=True)
class ConditionsView:
    """Conditions as their template renders them. `prefix`: what the names of their fields begin with."""

    builder: RuleConditions
    prefix: str
    # The element that htmx draws anew after a change.
    part: str
    focus: int = -1

    @property
    def add_id(self) -> str:
        return f"{self.prefix}filter-add"


@dataclass(frozen=True)
class WayView:
    """One way of a fork: its steps, the list they stand in, and how many went it."""

    label: str
    block: str
    steps: "list[SequenceStepView]"
    count: WayCount
    may_fork: bool


@dataclass(frozen=True)
class SequenceStepView:
    """A step as its template renders it. `number`: its number among the acts and forks of its list."""

    at: int
    draft: SequenceStepDraft
    text: StepText
    number: int
    is_first: bool
    is_last: bool
    is_open: bool
    focus: str
    count: StepCount | None = None
    actions: list[RuleAction] = field(default_factory=list)
    is_unknown: bool = False
    fields: list[OptionField] = field(default_factory=list)
    preview: TemplatePreview | None = None
    questions: list[ForkQuestion] = field(default_factory=list)
    conditions: ConditionsView | None = None
    ways: list[WayView] = field(default_factory=list)
    # The lines of the form before the way of no, and behind the fork.
    no_at: int = 0
    end_at: int = 0

    @property
    def first_id(self) -> str:
        return f"s{self.at}-first"

    @property
    def mail_id(self) -> str:
        return f"s{self.at}-mail"

    @property
    def up_id(self) -> str:
        return f"s{self.at}-up"

    @property
    def down_id(self) -> str:
        return f"s{self.at}-down"

    @property
    def is_wait(self) -> bool:
        return self.draft.kind == WAIT

    @property
    def is_fork(self) -> bool:
        return self.draft.kind == FORK

    @property
    def problem(self) -> str:
        """Error of the step as a whole; blank if a field has an error, which is shown at the field."""
        if any(one.problem for one in self.fields):
            return ""
        return self.draft.problem


class SequenceStepViews:
    """Builds the views of a draft's steps."""

    def __init__(self, draft: SequenceDraft, counts: SequenceCounts | None, slug: str) -> None:
        self.draft = draft
        self.slug = slug
        self.counts = counts or SequenceCounts()
        self.lines = {id(line.step): line.at for line in step_lines(draft.steps)}
        self.actions = actions_of(JOB)

    @property
    def is_full(self) -> bool:
        """True if no step may be added."""
        return len(self.lines) >= MOST_STEPS

    def views(self) -> list[SequenceStepView]:
        """Return the views of the steps outside forks; those of a fork's ways are within its own."""
        return self._views_of(self.draft.steps, 0)

    def _views_of(self, steps: list[SequenceStepDraft], depth: int) -> list[SequenceStepView]:
        views = []
        number = 0
        for index, step in enumerate(steps):
            number += step.kind != WAIT
            views.append(self._view(step, number, (index == 0, index == len(steps) - 1), depth))
        return views

    def _view(self, step: SequenceStepDraft, number: int, ends: tuple[bool, bool], depth: int) -> SequenceStepView:
        at = self.lines[id(step)]
        prefix = line_prefix(at)
        focus = self.draft.focus
        parts: dict[str, Any] = {
            "at": at,
            "draft": step,
            "text": step_text(step.step()),
            "number": number,
            "is_first": ends[0],
            "is_last": ends[1],
            "is_open": focus.startswith(prefix) or bool(step.problem),
            "focus": focus,
            "count": self.counts.at(step.saved),
        }
        if step.kind == FORK:
            return SequenceStepView(
                **parts,
                questions=list(fork_questions().values()),
                conditions=conditions_view(step.conditions, prefix, f"#step-{at}", focus),
                ways=self._ways(step, at, depth),
                no_at=no_line(step, at),
                end_at=at + line_count(step) - 1,
            )
        if step.kind == WAIT:
            return SequenceStepView(**parts)
        action = next((one for one in self.actions if one.name == step.typed.action), None)
        fields = []
        if action:
            options = step_options(action, step.typed, at, self.draft.is_judged)
            fields = option_fields(options, str(action.label), judged=self.draft.is_judged)
        preview = None
        if step.is_message:
            preview = preview_step(step, self.slug)
        return SequenceStepView(
            **parts, actions=self.actions, is_unknown=action is None, fields=fields, preview=preview
        )

    def _ways(self, step: SequenceStepDraft, at: int, depth: int) -> list[WayView]:
        may_fork = depth + 1 < MOST_NESTED
        ways = []
        for result, block, steps in ((StepResult.YES, "y", step.yes), (StepResult.NO, "n", step.no)):
            count = self.counts.ways.get((-1 if step.saved is None else step.saved, str(result)), WayCount())
            views = self._views_of(steps, depth + 1)
            ways.append(WayView(str(result.label), f"{at}{block}", views, count, may_fork))
        return ways


def preview_step(step: SequenceStepDraft, slug: str) -> TemplatePreview | None:
    """Return the text that a message step sends; None without an approved one."""
    act = step.step()
    assert isinstance(act, SequenceAct), "a message is an act"
    return preview_template(act.options.get("template", ""), act.options.get("first", ""), slug)


def conditions_view(builder: RuleConditions, prefix: str, part: str, focus: str) -> ConditionsView:
    """Return conditions for their template, with the index of the row that gets the focus."""
    at = -1
    if focus.startswith(f"{prefix}{ROW_ID}"):
        at = focused_row(focus.removeprefix(prefix))
    return ConditionsView(builder, prefix, part, at)
