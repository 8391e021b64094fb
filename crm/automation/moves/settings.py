"""Settings of a step: the rules that move leads into it automatically."""

from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from crm.automation.definition import DoStep
from crm.automation.models import Mode, Rule, RunState
from crm.automation.registry.moves import MOVE, StageMove, stage_moves
from crm.automation.setup import read_rule
from crm.jobs.models import Stage
from crm.kernel.refusal import Refused
from crm.platform.models import Member

# What can be chosen: whether it is off, proposes, or moves by itself.
MODES = (Mode.OFF, Mode.PROPOSE, Mode.ON)


class MoveRow(NamedTuple):
    """A possible cause of a move, and its rule if there is one."""

    key: str
    label: str
    mode: str
    rule: Rule | None
    open: int
    is_common: bool


def move_rows(stage: Stage) -> list[MoveRow]:
    """Return the possible causes of moves into a step, with their mode and number of open proposals."""
    prefix = f"step.{stage.pk}."
    counted = Count("runs", filter=Q(runs__state=RunState.PROPOSED))
    rules = Rule.objects.filter(archived_at__isnull=True, preset__startswith=prefix).annotate(open=counted)
    made = {rule.preset.removeprefix(prefix): rule for rule in rules}
    return [_move_row(one, made.get(key)) for key, one in stage_moves().items()]


def _move_row(one: StageMove, rule: Rule | None) -> MoveRow:
    if rule:
        mode = rule.mode
    else:
        mode = Mode.OFF
    return MoveRow(one.key, str(one.label), str(mode), rule, getattr(rule, "open", 0), one.is_common)


def other_rules(stage: Stage) -> list[Rule]:
    """Return the tenant's other triggers that move leads into a step."""
    rules = Rule.objects.filter(archived_at__isnull=True).exclude(preset__startswith=f"step.{stage.pk}.")
    return [rule for rule in rules.select_related("version").order_by("name", "pk") if _moves_into(rule, stage)]


def _moves_into(rule: Rule, stage: Stage) -> bool:
    steps = read_rule(rule).definition.steps
    wanted = str(stage.pk)
    return any(
        isinstance(step, DoStep) and step.action == MOVE and step.options.get("step") == wanted for step in steps
    )


@transaction.atomic
def set_move(stage: Stage, key: str, mode: Mode, *, by: Member) -> bool:
    """Set whether a cause moves leads into a step, proposes it, or does nothing. Returns True if that changed."""
    one = stage_moves().get(key)
    if one is None or mode not in MODES:
        raise Refused(_("Choose an option from the list."))
    if stage.archived_at:
        raise Refused(_("That step no longer exists. Choose another."))
    rule = Rule.objects.filter(archived_at__isnull=True, preset=one.preset(stage.pk)).first()
    if rule is not None:
        is_new = rule.mode != mode
        rule.switch(mode, by=by)
        return is_new
    if mode == Mode.OFF:
        return False
    words = _("%(cause)s → %(step)s") % {"cause": str(one.label), "step": stage.name}
    name = Rule.free_name(words[:1].upper() + words[1:])
    Rule.add(name, one.definition(stage.pk), by=by, preset=one.preset(stage.pk), mode=mode)
    return True
