"""Round triggers: at an hour on given weekdays, a rule is evaluated for all matching records, in slices."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from crm.automation.engine import timers
from crm.automation.engine.judgement import conditions_query
from crm.automation.engine.limits import RuleStart
from crm.automation.engine.starts import start_all
from crm.automation.models import Rule
from crm.automation.registry.triggers import RoundTrigger
from crm.automation.setup import ReadRule, working_rules
from crm.kernel import clock
from crm.platform.organization.configuration import directory
from crm.platform.work import due

ROUND = "automation.round"
SLICE = 500
# The hour of a round that names none.
HOUR = 8


def next_round(read: ReadRule, after: datetime) -> datetime | None:
    """Return when the next round begins, in the organization's time zone; None if no weekday is selected."""
    days = read.definition.weekdays
    hour = read.definition.at_hour
    if hour is None:
        hour = HOUR
    zone = directory().zone
    first = after.astimezone(zone).date()
    for day in (first + timedelta(days=ahead) for ahead in range(8)):
        at = datetime.combine(day, time(hour), zone)
        if day.weekday() in days and at > after:
            return at
    return None


def plan_round(rule_id: int) -> None:
    """Schedule the next round of a rule; cancel it if the rule is not active."""
    read = working_rules().rules.get(rule_id)
    at = None
    if read and isinstance(read.trigger, RoundTrigger):
        at = next_round(read, clock.now())
    if at:
        due.schedule(ROUND, rule_id, at)
    else:
        due.cancel(ROUND, [rule_id])


def run_rounds(ids: Sequence[int]) -> None:
    """Process the next slices of these rules' rounds. The last slice schedules the next round."""
    for rule in Rule.objects.filter(pk__in=ids).order_by("pk"):
        read = working_rules().rules.get(rule.pk)
        if read:
            rule.cursor = _start_next_slice(read, rule.cursor or 0)
        else:
            rule.cursor = None
        Rule.objects.filter(pk=rule.pk).update(cursor=rule.cursor)
        if rule.cursor is None:
            plan_round(rule.pk)
        else:
            due.schedule(ROUND, rule.pk, clock.now() + timedelta(microseconds=1))


def _start_next_slice(read: ReadRule, after: int) -> int | None:
    """Start the rule for the next slice of matching records. Returns the last record, None at the end."""
    trigger = read.trigger
    if read.problem or not isinstance(trigger, RoundTrigger) or trigger.rows is None:
        return None
    now = clock.now()
    today: date = now.astimezone(directory().zone).date()
    rows = trigger.rows().filter(conditions_query(read.groups), pk__gt=after).order_by("pk")
    ids = list(rows.values_list("pk", flat=True)[:SLICE])
    key = f"{read.rule.mode}:day:{today.isoformat()}"
    start_all([RuleStart(read, pk, key, today.isoformat(), now) for pk in ids])
    if len(ids) == SLICE:
        return ids[-1]
    return None


def follow_rule_change(sender: Any, rule: Rule, **_: Any) -> None:
    """Rearm all timers of a changed rule, in slices, and schedule its next round."""
    Rule.objects.filter(pk=rule.pk).update(cursor=None)
    timers.rearm_rule(rule)
    plan_round(rule.pk)
