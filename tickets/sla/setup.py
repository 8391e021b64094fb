"""Read the tenant's response times, cached per process, and start a new tenant with S2's matrix."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.jobs.pipelines.setup import Allowance
from crm.platform.organization.configuration import directory, per_tenant
from tickets.models.sla_policy import SlaPolicy, SlaTarget, by_policy
from tickets.sla.policy import Policy, Target, matrix


@dataclass(frozen=True)
class SlaSetup:
    """The policies in use, from the top; and whether one asks who the customer is, which costs a query."""

    policies: tuple[Policy, ...]
    asks_partners: bool


@per_tenant
def sla_setup() -> SlaSetup:
    """Return the response times of the current tenant."""
    policies = tuple(plain for row, plain in policy_rows() if row.archived_at is None)
    return SlaSetup(policies, any(policy.conditions.partners_only for policy in policies))


@per_tenant
def policy_rows() -> list[tuple[SlaPolicy, Policy]]:
    """Return all policies from the top, archived ones too, each with its plain values. Treat them as read-only."""
    targets = by_policy(SlaTarget.objects.all())
    rows = SlaPolicy.objects.order_by("position", "pk")
    return [(row, row.plain(targets.get(row.pk, ()))) for row in rows]


def begin() -> None:
    """Create the policy a tenant starts with: S2's matrix, for all tickets."""
    SlaPolicy.add(_("All conversations"), targets=matrix(), by=None)


def allowance(target: Target, brand_id: int) -> Allowance:
    """Return a target with the calendar its seconds are counted by."""
    return Allowance(target.seconds, directory().calendar_of(brand_id) if target.working_hours else None)
