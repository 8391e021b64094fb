"""Edit the steps of a rule's draft by the buttons of its form. Each edit returns the id of the field to focus."""

from crm.automation.definition import MOST_STEPS
from crm.automation.editor.conditions import parse_drag
from crm.automation.editor.steps import StepDraft
from crm.automation.registry.actions import actions_of
from crm.kernel.whole_numbers import read_number

ACTS = ("step", "wait", "remove-step", "up", "down", "move")


def edit_steps(steps: list[StepDraft], act: str, place: str, record: str) -> str:
    """Perform one of `ACTS` on the step at an index; "" if impossible. `move` is a drag: which step, before which."""
    number = read_number(place)
    if number is None:
        at = -1
    else:
        at = number
    if act in ("step", "wait"):
        return _add_step(steps, _first_step(record) if act == "step" else StepDraft())
    if act == "remove-step":
        return _remove_step(steps, at)
    if act == "move":
        moved, _list, before = parse_drag(place)
        return _move_step(steps, moved, before)
    return _swap_steps(steps, at, at + (1 if act == "down" else -1), act)


def _first_step(record: str) -> StepDraft:
    """Return a step with the first action whose defaults are valid; an action that needs a template is skipped."""
    actions = actions_of(record)
    valid = (action for action in actions if not action.options(action.options().stored_values()).problem())
    return StepDraft(next(valid, actions[0]).name)


def _add_step(steps: list[StepDraft], step: StepDraft) -> str:
    if len(steps) >= MOST_STEPS:
        return ""
    steps.append(step)
    return f"s{len(steps) - 1}-first"


def _remove_step(steps: list[StepDraft], at: int) -> str:
    if not 0 <= at < len(steps):
        return ""
    del steps[at]
    if steps:
        return f"s{min(at, len(steps) - 1)}-first"
    return "add-step"


def _swap_steps(steps: list[StepDraft], at: int, to: int, act: str) -> str:
    if not (0 <= at < len(steps) and 0 <= to < len(steps)):
        return ""
    steps.insert(to, steps.pop(at))
    is_end = to in (0, len(steps) - 1)
    if is_end:
        return f"s{to}-first"
    return f"s{to}-{act}"


def _move_step(steps: list[StepDraft], at: int | None, before: int | None) -> str:
    if at is None or at >= len(steps):
        return ""
    if before is None:
        to = len(steps)
    else:
        to = min(before, len(steps))
    step = steps.pop(at)
    to -= to > at
    steps.insert(to, step)
    return f"s{to}-first"
