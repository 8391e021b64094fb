"""Placement: log of assignments, with the rule, the member and all candidates. Source of "why with me"."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.jobs.models.assignment.absence import Absence
from crm.jobs.models.assignment.rule import AssignmentRule
from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class Tier(models.TextChoices):
    """Group of candidates the member was chosen from. The first tier with a candidate wins."""

    ACTIVE = "active", _("At work, and seen lately")
    AWAY = "away", _("At work, not seen lately")
    TEAM = "team", _("Anybody of the team")
    FALLBACK = "fallback", _("The fallback team")
    LAST = "last", _("The last resort")
    # By an absence: who covers for the member, and the member when they are back.
    COVER = "cover", _("Cover")
    RETURNED = "returned", _("Back with them")
    # With nobody: the next drain of the queue asks again.
    WAITS = "waits", _("Waits for the first at work")
    NOBODY = "nobody", _("Waits for somebody with room")
    NO_RULE = "no_rule", _("No rule applies")


class PlacementQuerySet(TenantQuerySet["Placement"]):
    def latest_of(self, kind: str, subject_ids: Any) -> "PlacementQuerySet":
        """Filter the latest placement of each of these rows of a kind."""
        mine = self.filter(kind=kind, subject_id__in=subject_ids)
        return mine.order_by("subject_id", "-id").distinct("subject_id")


class Placement(TenantModel):
    """A row assigned to a member, or left waiting, and why. Refers by kind and id: it outlives its subject."""

    app_may = "select, insert, delete"

    at = models.DateTimeField(default=clock.now)
    # The key of an AssignableWork (crm/jobs/assignment/work.py), and the id of its row.
    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    member = TenantForeignKey(Member, models.PROTECT, null=True, related_name="+")
    rule = TenantForeignKey(AssignmentRule, models.PROTECT, null=True, related_name="+")
    # The absence that moved it.
    absence = TenantForeignKey(Absence, models.PROTECT, null=True, related_name="+")
    tier = models.CharField(max_length=8, choices=Tier)
    # Chosen because they know the customer.
    is_sticky = models.BooleanField(default=False)
    # [[member id, verdict, load in hundredths], …], best first (crm/jobs/assignment/ranking.py).
    candidates = models.JSONField(default=list)

    objects: ClassVar[Any] = TenantManager.from_queryset(PlacementQuerySet)()

    class Meta:
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["tenant", "kind", "subject_id", "-id"], name="placement_of_subject"),
            models.Index(
                fields=["tenant", "absence", "id"], condition=Q(absence__isnull=False), name="placement_by_absence"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}: {self.tier}"
