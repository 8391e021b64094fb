"""What follows when a rule is added, edited or switched: its times are set anew, its next round is planned."""

from typing import Any

from crm.automation.engine import rounds, timers
from crm.automation.models import Rule


def follow(sender: Any, rule: Rule, **_: Any) -> None:
    """Set the times of a changed rule anew, in slices, and plan its next round."""
    Rule.objects.filter(pk=rule.pk).update(cursor=None)
    timers.rearm(rule)
    rounds.plan(rule.pk)
