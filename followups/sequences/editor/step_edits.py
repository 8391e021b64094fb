"""Edit the steps of a sequence's draft by the buttons of its form. Each edit returns the id of the field to focus."""

from crm.automation.editor.conditions import parse_drag
from crm.automation.editor.steps import StepDraft
from crm.automation.jobs.triggers import JOB
from crm.automation.registry.actions import actions_of
from crm.kernel.whole_numbers import read_number
from followups.sequences.definition import MOST_NESTED, MOST_STEPS
from followups.sequences.editor.step_draft import (
    ACT,
    FORK,
    WAIT,
    SequenceStepDraft,
    StepFormLine,
    step_lines,
)
from followups.sequences.setup import MESSAGE

ADDED = {"step": ACT, "wait": WAIT, "fork": FORK}
ACTS = (*ADDED, "remove", "up", "down", "move")
# What the lists on the ways of a fork are called by, after its line.
YES = "y"
NO = "n"


def edit_steps(steps: list[SequenceStepDraft], act: str, place: str) -> str:
    """Perform one of `ACTS`; "" if impossible. `place`: a line, or for what is added the list ("", "4y", "4n").

    `move` is a drag: which line, into which list, before which line.
    """
    if act in ADDED:
        siblings = _find_list(steps, place)
        if siblings is None or len(step_lines(steps)) >= MOST_STEPS:
            return ""
        if act == "fork" and _depth(place, steps) >= MOST_NESTED:
            return ""
        step = SequenceStepDraft(ADDED[act], _first_action() if act == "step" else StepDraft())
        siblings.append(step)
        return first_field_id(steps, step)
    if act == "move":
        return _drop_step(steps, place)
    line = _find_line(steps, read_number(place))
    if line is None:
        return ""
    if act == "remove":
        return _remove_step(steps, line)
    return _swap_steps(steps, line, act)


def first_field_id(steps: list[SequenceStepDraft], step: SequenceStepDraft) -> str:
    """Return the id of a step's first field."""
    return next((f"s{line.at}-first" for line in step_lines(steps) if line.step is step), "")


def _first_action() -> StepDraft:
    """Return a message, or the first action whose defaults are valid if there is no template yet."""
    actions = sorted(actions_of(JOB), key=lambda action: action.name != MESSAGE)
    valid = (action for action in actions if not action.options(action.options().stored_values()).problem())
    return StepDraft(next(valid, actions[0]).name)


def _find_line(steps: list[SequenceStepDraft], at: int | None) -> StepFormLine | None:
    return next((line for line in step_lines(steps) if line.at == at), None)


def _find_list(steps: list[SequenceStepDraft], place: str) -> list[SequenceStepDraft] | None:
    if not place:
        return steps
    line = _find_line(steps, read_number(place[:-1]))
    if line is None or line.step.kind != FORK or place[-1] not in (YES, NO):
        return None
    if place[-1] == YES:
        return line.step.yes
    return line.step.no


def _depth(place: str, steps: list[SequenceStepDraft]) -> int:
    """Return how many forks a list stands in."""
    depth = 0
    siblings = _find_list(steps, place)
    while siblings is not steps and siblings is not None:
        depth += 1
        fork = next(line for line in step_lines(steps) if siblings is line.step.yes or siblings is line.step.no)
        siblings = fork.siblings
    return depth


def _remove_step(steps: list[SequenceStepDraft], line: StepFormLine) -> str:
    index = line.siblings.index(line.step)
    del line.siblings[index]
    if line.siblings:
        return first_field_id(steps, line.siblings[min(index, len(line.siblings) - 1)])
    return "add-step"


def _swap_steps(steps: list[SequenceStepDraft], line: StepFormLine, act: str) -> str:
    index = line.siblings.index(line.step)
    to = index + (1 if act == "down" else -1)
    if not 0 <= to < len(line.siblings):
        return ""
    line.siblings.insert(to, line.siblings.pop(index))
    moved = next(one for one in step_lines(steps) if one.step is line.step)
    is_end = to in (0, len(line.siblings) - 1)
    if is_end:
        return f"s{moved.at}-first"
    return f"s{moved.at}-{act}"


def _drop_step(steps: list[SequenceStepDraft], place: str) -> str:
    at, block, before = parse_drag(place)
    line = _find_line(steps, at)
    siblings = _find_list(steps, block)
    if line is None or siblings is None or _is_inside(line.step, siblings):
        return ""
    if _depth(block, steps) + _nesting(line.step) > MOST_NESTED:
        return ""
    next_line = _find_line(steps, before)
    line.siblings.remove(line.step)
    if next_line is None or next_line.step not in siblings:
        siblings.append(line.step)
    else:
        siblings.insert(siblings.index(next_line.step), line.step)
    return first_field_id(steps, line.step)


def _is_inside(step: SequenceStepDraft, siblings: list[SequenceStepDraft]) -> bool:
    """True if a list is one of a fork's own ways, or of a fork on them."""
    if step.kind != FORK:
        return False
    return any(way is siblings or any(_is_inside(one, siblings) for one in way) for way in (step.yes, step.no))


def _nesting(step: SequenceStepDraft) -> int:
    """Return how many forks deep a step is itself."""
    if step.kind != FORK:
        return 0
    return 1 + max((_nesting(one) for one in (*step.yes, *step.no)), default=0)
