"""SlaPolicy: response times for some tickets. SlaTarget: one time, by promise and priority."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils.translation import gettext as _

from comms.models import Medium
from crm.jobs.models import Priority, Tag
from crm.jobs.models.tag import tags
from crm.jobs.pipelines.setup import Allowance
from crm.kernel.refusal import Refused
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.archivable import Archivable
from crm.platform.models.base import ConfigurationModel, public_id
from crm.platform.models.changed_fields import set_fields
from crm.platform.models.tenant import configuration_changed, lock_configuration
from crm.platform.organization.configuration import cached_per_tenant, directory
from crm.platform.organization.named_rows import renumber, unused_name
from tickets.models.metric import Metric
from tickets.models.sla_terms import NUDGE, Conditions, Policy, Target, Targets, default_matrix

# More would be a list nobody reads down.
MOST = 50


class SlaPolicy(Archivable):
    """Response times of some tickets. Policies are checked in order; the first match applies."""

    noun = "sla_policy"

    uid = public_id()
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    # Conditions; null or empty: any.
    brand = TenantForeignKey("platform.Brand", models.PROTECT, null=True, blank=True, related_name="+")
    channel = models.CharField(max_length=8, choices=Medium, blank=True)
    priorities = ArrayField(models.PositiveSmallIntegerField(choices=Priority), default=list, blank=True)
    team = TenantForeignKey("platform.Team", models.PROTECT, null=True, blank=True, related_name="+")
    partners_only = models.BooleanField(default=False)
    tag = TenantForeignKey(Tag, models.PROTECT, null=True, blank=True, related_name="+")
    # A ticket that it is about is at least so urgent; null: as urgent as it is.
    raises_to = models.PositiveSmallIntegerField(choices=Priority, null=True, blank=True)
    # Seconds, day and night, after which a silent customer is asked again.
    nudge_seconds = models.PositiveIntegerField(default=NUDGE * 3600)

    FIELDS = (
        *("name", "brand_id", "channel", "priorities", "team_id", "partners_only", "tag_id"),
        *("raises_to", "nudge_seconds"),
    )

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="sla_policy_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "name"], name="sla_policy_name_is_unique"),
            models.CheckConstraint(condition=models.Q(nudge_seconds__gt=0), name="sla_policy_nudges_after_some_time"),
        ]

    def __str__(self) -> str:
        return self.name

    def plain(self, targets: Iterable["SlaTarget"]) -> Policy:
        """Return it as plain values (tickets/models/sla_terms.py), with its targets."""
        ranks = frozenset(self.priorities)
        tag_id = None
        if self.tag_id:
            tag_id = tags().root(self.tag_id)
        return Policy(
            self.name,
            Conditions(self.brand_id, self.channel, ranks, self.team_id, self.partners_only, tag_id),
            {(target.metric, target.priority): Target(target.seconds, target.working_hours) for target in targets},
            self.nudge_seconds,
            self.raises_to,
        )

    @classmethod
    @transaction.atomic
    def add(cls, name: str, *, targets: Targets, by: Member | None, **fields: Any) -> "SlaPolicy":
        """Add a policy above the others. Raises Refused for a taken name, or above fifty policies."""
        lock_configuration()
        others = list(cls.objects.order_by("position", "pk"))
        if sum(policy.archived_at is None for policy in others) >= MOST:
            raise Refused(_("50 policies at most."))
        policy: SlaPolicy = cls.objects.create(name=unused_name(cls, name, others), position=0, **fields)
        policy.refresh_from_db(fields=["uid"])
        policy._set_targets(targets)
        renumber([policy, *others], None, None)
        policy._record("sla_policy.added", by)
        return policy

    @transaction.atomic
    def edit(self, *, by: Member | None, targets: Targets | None = None, **fields: Any) -> bool:
        """Change FIELDS of it and its targets; returns whether something changed. Raises Refused for a taken name."""
        self._lock_with_configuration()
        if "name" in fields:
            fields["name"] = unused_name(SlaPolicy, fields["name"], SlaPolicy.objects.exclude(pk=self.pk))
        changed = set_fields(self, fields)
        if changed:
            self.save(update_fields=changed)
        if targets is not None and self._set_targets(targets):
            changed.append("targets")
        if changed:
            self._record("sla_policy.edited", by, {"fields": changed})
        return bool(changed)

    @transaction.atomic
    def move(self, *, before: "SlaPolicy | None", by: Member | None) -> None:
        """Move it before another, or to the end."""
        self._lock_with_configuration()
        if renumber(SlaPolicy.objects.order_by("position", "pk"), self, before):
            self._record("sla_policy.moved", by, {"before": before.pk if before else None})

    def _set_targets(self, targets: Targets) -> bool:
        """Replace its targets; return whether they differ. Raises ValueError for a time of 0."""
        if any(target.seconds <= 0 for target in targets.values()):
            raise ValueError("a promise allows some time")
        rows = {(row.metric, row.priority): row for row in SlaTarget.objects.filter(policy=self)}
        if {key: row.plain for key, row in rows.items()} == dict(targets):
            return False
        SlaTarget.objects.filter(policy=self).delete()
        made = [
            SlaTarget(policy=self, metric=key[0], priority=key[1], **target._asdict())
            for key, target in targets.items()
        ]
        SlaTarget.objects.bulk_create(made)
        configuration_changed()
        return True


class SlaTarget(ConfigurationModel):
    """Time allowed for a promise at one priority."""

    policy = TenantForeignKey(SlaPolicy, models.CASCADE, related_name="targets")
    metric = models.CharField(max_length=12, choices=Metric)
    priority = models.PositiveSmallIntegerField(choices=Priority)
    seconds = models.PositiveIntegerField()
    # Count the brand's working hours; else calendar hours.
    working_hours = models.BooleanField(default=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "policy", "metric", "priority"], name="sla_target_is_once_for_its_case"
            ),
            models.CheckConstraint(condition=models.Q(seconds__gt=0), name="sla_target_allows_some_time"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.priority}: {self.seconds}"

    @property
    def plain(self) -> Target:
        return Target(self.seconds, self.working_hours)


def by_policy(targets: Iterable[SlaTarget]) -> Mapping[int, list[SlaTarget]]:
    """Group targets by their policy."""
    targets_by_policy: dict[int, list[SlaTarget]] = {}
    for target in targets:
        targets_by_policy.setdefault(target.policy_id, []).append(target)
    return targets_by_policy


@dataclass(frozen=True)
class SlaSetup:
    """The active policies in order, and whether any depends on the customer, which costs a query."""

    policies: tuple[Policy, ...]
    asks_partners: bool


@cached_per_tenant
def sla_setup() -> SlaSetup:
    """Return the response times of the current tenant."""
    policies = tuple(plain for row, plain in policy_rows() if row.archived_at is None)
    return SlaSetup(policies, any(policy.conditions.partners_only for policy in policies))


@cached_per_tenant
def policy_rows() -> list[tuple[SlaPolicy, Policy]]:
    """Return all policies in order, with archived ones and their plain values. Treat as read-only."""
    targets = by_policy(SlaTarget.objects.all())
    rows = SlaPolicy.objects.order_by("position", "pk")
    return [(row, row.plain(targets.get(row.pk, ()))) for row in rows]


def create_default_policy() -> None:
    """Create the policy a tenant starts with: the default matrix, for all tickets."""
    SlaPolicy.add(_("All conversations"), targets=default_matrix(), by=None)


def target_allowance(target: Target, brand_id: int) -> Allowance:
    """Return a target with the calendar its seconds are counted by."""
    return Allowance(target.seconds, directory().calendar_of(brand_id) if target.working_hours else None)
