"""Timers of rules: armed when their anchor is set, moved with the anchor, and fired by a tick."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from crm.automation.engine.limits import RuleStart
from crm.automation.engine.starts import start_all
from crm.automation.models import Rule, RuleRun, RuleTimer
from crm.automation.registry.triggers import Anchor, TimeTrigger
from crm.automation.setup import ReadRule, read_rule, working_rules
from crm.kernel import clock
from crm.platform.organization.configuration import directory
from crm.platform.work import due

TIMER = "automation.timer"
ARM = "automation.arm"
# Rows armed in one go when a rule is switched on or edited.
SLICE = 2_000
# Slices one call does before it gives way.
SLICES = 5


# When a rule looks at a row, and the instant it counts from.
Time = tuple[datetime, Anchor]


def fire_at(read: ReadRule, row: Any, anchor: Anchor) -> datetime:
    """Return when a rule fires for a row, counted from its anchor."""
    definition = read.definition
    kind = read.kind
    assert kind is not None
    hours = directory().calendars.get(kind.calendar_id(row) or 0)
    if definition.before:
        at = definition.span.before(anchor.at, hours)
    else:
        at = definition.span.after(anchor.at, hours)
    if definition.at_hour is None:
        return at
    if hours:
        zone = hours.zone
    else:
        zone = directory().zone
    local = at.astimezone(zone)
    fixed = datetime.combine(local.date(), time(definition.at_hour), zone)
    # Never earlier than so long after, never later than so long before.
    if definition.before and fixed > at:
        fixed -= timedelta(days=1)
    elif not definition.before and fixed < at:
        fixed = datetime.combine(local.date() + timedelta(days=1), time(definition.at_hour), zone)
    return fixed


def arm_timers(read: ReadRule, ids: Collection[int]) -> None:
    """Set the timers of one rule for these rows. Rows the rule does not apply to have none."""
    trigger = read.trigger
    kind = read.kind
    if not isinstance(trigger, TimeTrigger) or trigger.rows is None or kind is None:
        return
    if read.problem:
        rows = {}
    else:
        rows = {row.pk: row for row in trigger.rows(read.chosen).filter(pk__in=list(ids))}
    _write_timers(read, rows, next_times(read, rows), ids)


def next_times(read: ReadRule, rows: Mapping[int, Any]) -> dict[int, Time]:
    """Return the next fire time of each row; rows with no anchor, or too late or already fired, are missing.

    Of several instants of a row it is the first it has not fired for.
    """
    trigger = read.trigger
    assert isinstance(trigger, TimeTrigger), "asked of a time alone"
    instants = trigger.instants(rows.values(), read.chosen)
    coming = [(pk, (fire_at(read, rows[pk], anchor), anchor)) for pk, anchor in instants]
    coming = [(pk, time_) for pk, time_ in coming if not _is_past(read, trigger, time_)]
    fired = _already_fired(read, coming)
    wanted: dict[int, Time] = {}
    for pk, time_ in coming:
        if (pk, key_of(read, time_[1])) not in fired and (pk not in wanted or time_ < wanted[pk]):
            wanted[pk] = time_
    return wanted


def _is_past(read: ReadRule, trigger: TimeTrigger, found: Time) -> bool:
    """True if a time is too late to fire: past its grace, or meant to be before an anchor that has passed."""
    at, anchor = found
    now = clock.now()
    if read.rule.skips_present and at < read.rule.mode_at:
        return True
    if read.definition.before and read.definition.span.count and anchor.at < now:
        return True
    return trigger.grace is not None and at < now - trigger.grace


def key_of(read: ReadRule, anchor: Anchor) -> str:
    """Return the key that makes the run of a timer unique."""
    return f"{read.rule.mode}:time:{anchor.value}"


def _already_fired(read: ReadRule, coming: Collection[tuple[int, Time]]) -> set[tuple[int, str]]:
    """Return the rows, each with its anchor's key, for which the rule has already fired."""
    if read.rule.pk is None:
        return set()
    keys = {(pk, key_of(read, anchor)) for pk, (_at, anchor) in coming}
    ids = {pk for pk, _key in keys}
    values = {key for _pk, key in keys}
    runs = RuleRun.objects.filter(rule=read.rule, record_id__in=ids, key__in=values)
    return keys & set(runs.values_list("record_id", "key"))


def _write_timers(read: ReadRule, rows: dict[int, Any], wanted: dict[int, Time], ids: Collection[int]) -> None:
    """Save the timers: create new ones, update moved ones, and delete obsolete ones."""
    gone = [pk for pk in ids if pk not in wanted]
    if gone:
        RuleTimer.objects.filter(rule=read.rule, record_id__in=gone).delete()
    if not wanted:
        return
    assert read.kind is not None
    working = read.definition.span.is_working
    timers = [
        RuleTimer(
            rule=read.rule,
            record_id=pk,
            since=anchor.at,
            value=anchor.value,
            at=at,
            calendar_id=read.kind.calendar_id(rows[pk]) if working else None,
        )
        for pk, (at, anchor) in sorted(wanted.items())
    ]
    RuleTimer.objects.bulk_create(
        timers,
        update_conflicts=True,
        unique_fields=["tenant", "rule", "record_id"],
        update_fields=["since", "value", "at", "calendar"],
    )
    due.schedule_all(TIMER, [(timer.pk, timer.at) for timer in timers])


def fire_timers(ids: Sequence[int]) -> None:
    """Start the rules of due timers. Timers that have moved are rescheduled.

    Of a row with several instants the next one waits from now on.
    """
    now = clock.now()
    rules = working_rules().rules
    timers = list(RuleTimer.objects.filter(pk__in=ids, at__lte=now).order_by("at", "pk"))
    starts = [
        RuleStart(read, timer.record_id, f"{read.rule.mode}:time:{timer.value}", timer.value, timer.at)
        for timer in timers
        if (read := rules.get(timer.rule_id)) is not None
    ]
    RuleTimer.objects.filter(pk__in=[timer.pk for timer in timers]).delete()
    start_all(starts)
    again: dict[int, set[int]] = {}
    for start in starts:
        if isinstance(start.read.trigger, TimeTrigger) and start.read.trigger.anchors is not None:
            again.setdefault(start.read.rule.pk, set()).add(start.record_id)
    for pk, records in again.items():
        arm_timers(rules[pk], records)


def rearm_rule(rule: Rule) -> None:
    """Rearm all timers of a rule, in slices. Removes them if the rule is no longer active."""
    is_timed = isinstance(read_rule(rule).trigger, TimeTrigger)
    if is_timed or RuleTimer.objects.filter(rule=rule).exists():
        Rule.objects.filter(pk=rule.pk).update(cursor=0)
        due.schedule(ARM, rule.pk, clock.now())


def arm_slice(ids: Sequence[int]) -> None:
    """Arm the timers of the next slice of rows for each of these rules."""
    for rule in Rule.objects.filter(pk__in=ids).select_related("version"):
        if rule.cursor is None:
            continue
        for _slice in range(SLICES):
            rule.cursor = _arm_next(rule)
            if rule.cursor is None:
                break
        Rule.objects.filter(pk=rule.pk).update(cursor=rule.cursor)
        if rule.cursor is not None:
            due.schedule(ARM, rule.pk, clock.now() + timedelta(microseconds=1))


def _arm_next(rule: Rule) -> int | None:
    """Arm one slice of rows. Returns its last row, None when all are done."""
    read = read_rule(rule)
    trigger = read.trigger
    if not rule.is_working or not isinstance(trigger, TimeTrigger) or trigger.rows is None:
        old = RuleTimer.objects.filter(rule=rule).order_by("pk").values_list("pk", flat=True)[: 5 * SLICE]
        if RuleTimer.objects.filter(pk__in=list(old)).delete()[0]:
            return 0
        return None
    # Rows that have a time and those that are to have one, in one order, a slice at a time.
    after = rule.cursor or 0
    new = trigger.rows(read.chosen).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:SLICE]
    armed = RuleTimer.objects.filter(rule=rule, record_id__gt=after).order_by("record_id")
    both = sorted({*new, *armed.values_list("record_id", flat=True)[:SLICE]})[:SLICE]
    arm_timers(read, both)
    if both:
        return both[-1]
    return None
