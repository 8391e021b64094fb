"""SequenceStepDraft: a step of a sequence as it was typed, with the steps on the ways of a fork."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.automation.editor.conditions import RuleConditions
from crm.automation.editor.steps import StepDraft, span_of
from crm.automation.jobs.triggers import JOB
from crm.automation.registry.actions import find_action
from crm.kernel.whole_numbers import read_number
from followups.sequences.definition import (
    Otherwise,
    SequenceAct,
    SequenceFork,
    SequenceStep,
    SequenceWait,
    Unanswered,
    count_steps,
)
from followups.sequences.registry import fork_questions
from followups.sequences.setup import MESSAGE, TASK, job_kind

ACT = "do"
WAIT = "wait"
FORK = "fork"
# The lines of a form between and after the two ways of a fork.
NO_WAY = "no"
FORK_END = "end"
# The question of a fork that asks conditions.
CONDITIONS = "conditions"


@dataclass(eq=False)
class SequenceStepDraft:
    """A step as typed. `saved`: its position in the saved version, whose counts stand beside it; None for a new one."""

    kind: str
    # The action with its options, or the length of a wait.
    typed: StepDraft = field(default_factory=StepDraft)
    otherwise: str = Otherwise.SKIP
    holds: bool = True
    unanswered: str = Unanswered.GO_ON
    question: str = CONDITIONS
    conditions: RuleConditions = field(default_factory=lambda: RuleConditions.empty(job_kind()))
    yes: "list[SequenceStepDraft]" = field(default_factory=list)
    no: "list[SequenceStepDraft]" = field(default_factory=list)
    saved: int | None = None
    problem: str = ""

    @property
    def is_message(self) -> bool:
        return self.kind == ACT and self.typed.action == MESSAGE

    @property
    def is_task(self) -> bool:
        return self.kind == ACT and self.typed.action == TASK

    def step(self) -> SequenceStep:
        """Return the step as it is stored; invalid values are kept."""
        if self.kind == WAIT:
            return SequenceWait(span_of(self.typed.count, self.typed.unit, lenient=True))
        if self.kind == FORK:
            is_asked = self.question != CONDITIONS
            return SequenceFork(
                question=self.question if is_asked else "",
                where="" if is_asked else self.conditions.where(),
                yes=tuple(step.step() for step in self.yes),
                no=tuple(step.step() for step in self.no),
            )
        action = find_action(self.typed.action)
        if action:
            options = self.typed.stored_options(action)
        else:
            options = dict(self.typed.options or {})
        return SequenceAct(
            self.typed.action,
            options,
            Otherwise(self.otherwise) if self.is_message else Otherwise.SKIP,
            self.holds or not self.is_task,
            Unanswered(self.unanswered) if self.is_task else Unanswered.GO_ON,
        )

    def judge(self) -> bool:
        """Validate the step and the steps on its ways. Returns True if there is no error."""
        self.problem = self._find_problem()
        ways = [step.judge() for step in (*self.yes, *self.no)]
        return not self.problem and all(ways)

    def _find_problem(self) -> str:
        if self.kind != FORK:
            self.typed = self.typed.with_problem(JOB)
            return self.typed.problem
        if not self.yes and not self.no:
            return _("Add a step to one of its ways, or remove the fork.")
        if self.question != CONDITIONS:
            if self.question in fork_questions():
                return ""
            return _("Choose what the fork asks.")
        if not self.conditions.judge():
            return _("Fix the conditions of the fork.")
        if not self.conditions.rows:
            return _("Add a condition to the fork.")
        return ""


def drafts_of(steps: Sequence[SequenceStep], first: int = 0) -> list[SequenceStepDraft]:
    """Return drafts of stored steps; the first one has position `first`."""
    drafts = []
    position = first
    for step in steps:
        drafts.append(_draft_of(step, position))
        position += count_steps([step])
    return drafts


def _draft_of(step: SequenceStep, position: int) -> SequenceStepDraft:
    if isinstance(step, SequenceWait):
        return SequenceStepDraft(WAIT, StepDraft(count=str(step.span.count), unit=step.span.unit), saved=position)
    if isinstance(step, SequenceFork):
        return SequenceStepDraft(
            FORK,
            question=step.question or CONDITIONS,
            conditions=RuleConditions.from_stored(job_kind(), step.where),
            yes=drafts_of(step.yes, position + 1),
            no=drafts_of(step.no, position + 1 + count_steps(step.yes)),
            saved=position,
        )
    return SequenceStepDraft(
        ACT,
        StepDraft(step.action, step.options),
        otherwise=step.otherwise,
        holds=step.holds,
        unanswered=step.unanswered,
        saved=position,
    )


def line_prefix(at: int) -> str:
    """Return what the names of a line's fields begin with."""
    return f"s{at}-"


def read_steps(form: QueryDict, most: int) -> list[SequenceStepDraft]:
    """Read the steps of a submitted form. Its lines say where the ways of a fork begin and end."""
    steps: list[SequenceStepDraft] = []
    current = steps
    # The open forks, each with the list that goes on after it.
    outer: list[tuple[SequenceStepDraft, list[SequenceStepDraft]]] = []
    for at in range(most):
        kind = form.get(f"s{at}", "")
        if kind in (ACT, WAIT, FORK):
            step = _read_step(form, at, kind)
            current.append(step)
            if kind == FORK:
                outer.append((step, current))
                current = step.yes
        elif kind == NO_WAY and outer:
            current = outer[-1][0].no
        elif kind == FORK_END and outer:
            _fork, current = outer.pop()
        elif not kind:
            break
    return steps


def _read_step(form: QueryDict, at: int, kind: str) -> SequenceStepDraft:
    prefix = line_prefix(at)
    if kind == FORK:
        typed = StepDraft()
    else:
        typed = StepDraft.from_form(form, at)
    step = SequenceStepDraft(kind, typed, saved=read_number(form.get(f"{prefix}saved", "")))
    if kind == FORK:
        step.question = form.get(f"{prefix}question", CONDITIONS)[:60]
        step.conditions = RuleConditions.from_form(job_kind(), sub_form(form, prefix))
    otherwise = form.get(f"{prefix}otherwise", "")
    if otherwise in Otherwise.values:
        step.otherwise = otherwise
    unanswered = form.get(f"{prefix}unanswered", "")
    if unanswered in Unanswered.values:
        step.unanswered = unanswered
        # A box that is not checked is not sent; the choice beside it always is.
        step.holds = f"{prefix}holds" in form
    return step


def sub_form(form: QueryDict, prefix: str) -> QueryDict:
    """Return the fields of a form whose names begin with a prefix, without it."""
    part = QueryDict(mutable=True)
    for name, values in form.lists():
        if name.startswith(prefix):
            part.setlist(name.removeprefix(prefix), values)
    return part


class StepFormLine(NamedTuple):
    """A step at its line of the form, with the list it stands in."""

    at: int
    step: SequenceStepDraft
    siblings: list[SequenceStepDraft]


def step_lines(steps: list[SequenceStepDraft]) -> list[StepFormLine]:
    """Return all steps with their line numbers, in reading order. A fork has a line after each of its ways."""
    return list(_number_lines(steps, 0))


def _number_lines(steps: list[SequenceStepDraft], first: int) -> Iterator[StepFormLine]:
    at = first
    for step in steps:
        yield StepFormLine(at, step, steps)
        if step.kind == FORK:
            yield from _number_lines(step.yes, at + 1)
            yield from _number_lines(step.no, no_line(step, at) + 1)
        at += line_count(step)


def line_count(step: SequenceStepDraft) -> int:
    """Return how many lines of the form a step takes."""
    if step.kind != FORK:
        return 1
    return 3 + sum(line_count(one) for one in (*step.yes, *step.no))


def no_line(fork: SequenceStepDraft, at: int) -> int:
    """Return the line at which the way of no begins, of a fork at a line."""
    return at + 1 + sum(line_count(one) for one in fork.yes)
