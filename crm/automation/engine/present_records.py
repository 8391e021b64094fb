"""Start a rule, in slices, for records that already match when it is turned on, as their event is in the past."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from crm.automation.engine.judgement import conditions_query
from crm.automation.engine.limits import RuleStart
from crm.automation.engine.starts import start_all
from crm.automation.models import Mode, Rule
from crm.automation.registry.triggers import EventTrigger
from crm.automation.setup import ReadRule, chosen_values, read_rule
from crm.kernel import clock
from crm.platform.work import due

PRESENT = "automation.present"
SLICE = 500


def present_rows(read: ReadRule) -> Any:
    """Return the matching records that are already in the state the rule's event leads to, as a queryset.

    None for a rule that is not started by an event, or by one that leaves nothing to find.
    """
    trigger = read.trigger
    if not isinstance(trigger, EventTrigger) or trigger.present is None:
        return None
    options = trigger.options(read.definition.options)
    if options.problem():
        return None
    return trigger.present(chosen_values(options)).filter(conditions_query(read.groups))


def start_present(rule: Rule) -> None:
    """Schedule starting the rule for the records that match now."""
    Rule.objects.filter(pk=rule.pk).update(cursor=0)
    due.schedule(PRESENT, rule.pk, clock.now())


def start_slice(ids: Sequence[int]) -> None:
    """Start these rules for their next slice of records."""
    for rule in Rule.objects.filter(pk__in=ids, cursor__isnull=False).select_related("version").order_by("pk"):
        last_id = _start_after(read_rule(rule), rule.cursor or 0)
        Rule.objects.filter(pk=rule.pk).update(cursor=last_id)
        if last_id is not None:
            due.schedule(PRESENT, rule.pk, clock.now() + timedelta(microseconds=1))


def _start_after(read: ReadRule, after: int) -> int | None:
    """Start a rule for the next slice of records. Returns the last record, None at the end."""
    rows = None
    if read.rule.is_working and read.rule.mode == Mode.ON and not read.problem:
        rows = present_rows(read)
    if rows is None:
        return None
    ids = list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:SLICE])
    # One run a record each time it is turned on, however often a slice is repeated.
    key = f"{read.rule.mode}:present:{read.rule.mode_at.isoformat()}"
    start_all([RuleStart(read, pk, key, key, clock.now()) for pk in ids])
    if len(ids) == SLICE:
        return ids[-1]
    return None
