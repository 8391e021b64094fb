"""Describe policies in sentences: conditions and targets."""

from django.utils.translation import gettext as _

from comms.models import Medium
from crm.jobs.models import Priority
from crm.jobs.models.tag import tags
from crm.kernel import durations
from crm.platform.organization.configuration import directory
from tickets.models.metric import Metric
from tickets.models.sla_terms import Conditions, Policy, Target

# Longer than any target: written in hours, for a working day has other lengths for other brands.
_HOURS = 10**9


def target_text(target: Target | None) -> str:
    """Return a target as a form shows it: "1h 30m", "48h"."""
    if target:
        return durations.exact_duration(target.seconds, _HOURS)
    return ""


def conditions_words(conditions: Conditions) -> str:
    """Return the conditions: "Suncoast Roofing · Email · Urgent, High", or that it holds for all tickets."""
    organization = directory()
    ranks = [str(rank.label) for rank in Priority if rank in conditions.priorities]
    parts = [
        organization.brands[conditions.brand_id].name if conditions.brand_id else "",
        str(Medium(conditions.channel).label) if conditions.channel else "",
        ", ".join(ranks),
        organization.teams[conditions.team_id].name if conditions.team_id else "",
        _("of partners") if conditions.partners_only else "",
        tags().all[conditions.tag_id].name if conditions.tag_id else "",
    ]
    return " · ".join(filter(None, parts)) or _("All conversations")


def policy_promises(policy: Policy) -> list[str]:
    """Return a sentence for each promise: "First reply: Urgent 1h, High 4h, Normal 24h, Low 48h of working time"."""
    raised = []
    if policy.raises_to:
        raised = [_("At least %(priority)s") % {"priority": Priority(policy.raises_to).label}]
    return [*raised, *(text for metric in Metric if (text := _promise_words(policy, metric)))]


def _promise_words(policy: Policy, metric: Metric) -> str:
    ranks = sorted(policy.conditions.priorities) or list(Priority)
    promises = [(rank, target) for rank in ranks if (target := policy.targets.get((metric.value, rank)))]
    if not promises:
        return ""
    times = ", ".join(f"{Priority(rank).label} {target_text(target)}" for rank, target in promises)
    values = {"promise": metric.label, "times": times}
    if all(target.working_hours for _rank, target in promises):
        return _("%(promise)s: %(times)s in working time") % values
    return _("%(promise)s: %(times)s in calendar time") % values
