"""What the triggers that are on did in the last week: they fired now and then, and one failed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from crm.automation.models import Mode, Rule, RuleRun, RunState
from tickets.models import Ticket

# So many runs of each trigger that is on, and how many hours apart.
RUNS, APART = 3, 37
FAILURE = "TimeoutError"


def create_rule_runs(now: datetime) -> None:
    """Create them inside the tenant, after its triggers and conversations."""
    tickets = list(Ticket.objects.filter(job__isnull=False, merged_into=None).order_by("-number")[:60])
    active = Rule.objects.filter(mode=Mode.ON, archived_at=None).select_related("version").order_by("pk")
    rules = [rule for rule in active if rule.version and rule.version.definition["record"] == "ticket"]
    rows = [run for number, rule in enumerate(rules) for run in _runs_of(rule, number, tickets, now)]
    if rows:
        last = max(rows, key=lambda run: run.at)
        last.state, last.reason = RunState.FAILED, FAILURE
        last.log = [last.log[0] | {"state": "failed", "words": FAILURE}]
    RuleRun.objects.bulk_create(sorted(rows, key=lambda run: run.at))


def _runs_of(rule: Rule, number: int, tickets: Sequence[Ticket], now: datetime) -> list[RuleRun]:
    assert rule.version is not None, "a trigger that is on has a version"
    steps = rule.version.definition["steps"]
    rows = []
    for nth in range(min(RUNS, len(tickets))):
        ticket = tickets[(11 * number + 5 * nth) % len(tickets)]
        at = max(now - timedelta(hours=3 + 5 * number + APART * nth), ticket.created_at)
        rows.append(
            RuleRun(
                rule=rule,
                version=rule.version,
                record="ticket",
                record_id=ticket.pk,
                job_id=ticket.job_id,
                key=f"demo:{number}:{nth}",
                at=at,
                state=RunState.DONE,
                log=[_entry(step, at) for step, _do in enumerate(steps)],
                step=len(steps),
            )
        )
    return rows


def _entry(step: int, at: datetime) -> dict[str, Any]:
    return {"step": step, "at": at.isoformat(timespec="seconds"), "state": "done", "data": {}, "words": ""}
