"""Preset policy: partners first; and raising priorities to those of policies."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from crm.jobs.models import Priority
from crm.platform.models import Event, Member
from tickets.models import SlaPolicy, Ticket
from tickets.models.sla_policy import sla_setup
from tickets.models.sla_terms import default_matrix

# By these a conversation may come under another policy.
EVENTS = ("ticket.created", "ticket.person_changed", "ticket.role_changed", "ticket.team_changed")


def has_partners() -> bool:
    """True if an active policy is about partners."""
    return sla_setup().asks_partners


def add_partners(*, by: Member | None) -> SlaPolicy:
    """Add a policy for partners on top: priority high or above, default times. Raises Refused for a taken name."""
    return SlaPolicy.add(
        str(_("Partners")), targets=default_matrix(), by=by, partners_only=True, raises_to=Priority.HIGH.value
    )


def raise_priorities(changes: Sequence[Event]) -> None:
    """Raise the priority of tickets to at least that of their SLA policy. Idempotent."""
    if not any(policy.raises_to for policy in sla_setup().policies):
        return
    changed = {event.subject_id for event in changes}
    for ticket in Ticket.lock_all(Ticket.objects.open().filter(pk__in=changed, merged_into=None)):
        policy = ticket.promises.policy
        if policy.raises_to and ticket.priority > policy.raises_to:
            ticket.prioritize(policy.raises_to, by=None, cause=policy.name)
