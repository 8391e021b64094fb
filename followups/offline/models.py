"""OfflineAct: a change that a member made on a device without a network."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id
from followups.models import FollowUp


class OfflineActState(models.TextChoices):
    """What has become of a change."""

    APPLIED = "applied", _("Sent")
    REFUSED = "refused", _("Not possible")
    CONFLICT = "conflict", _("Two versions")
    DECIDED = "decided", _("Decided")


class OfflineActQuerySet(TenantQuerySet["OfflineAct"]):
    def conflicts(self) -> Self:
        """Filter those that wait for a decision between two versions."""
        return self.filter(state=OfflineActState.CONFLICT)

    def visible_to(self, member: Member) -> Self:
        """Filter the member's own, and those whose conflict the member was asked to decide."""
        return self.filter(Q(member_id=member.pk) | Q(asked_id=member.pk))


class OfflineAct(TenantModel):
    """A change that a device sends with a key. It is applied once, however often it arrives."""

    member_id: int
    follow_up_id: int | None
    asked_id: int | None

    uid = public_id()
    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    # Made by the device; the same change has the same key each time it is sent.
    key = models.UUIDField()
    act = models.CharField(max_length=12)
    # Null: it plans one about nothing, or its follow-up isn't visible.
    follow_up = TenantForeignKey(FollowUp, models.CASCADE, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    received_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=8, choices=OfflineActState, default=OfflineActState.APPLIED)
    # The sentence that the device was answered.
    text = models.CharField(max_length=400, blank=True)
    # While two versions wait for a decision: the fields of the form, and the follow-up as the device showed it.
    fields = models.JSONField(default=dict)
    base = models.JSONField(default=dict)
    # The follow-up as this change left it: what the device's next change is based on.
    result = models.JSONField(default=dict)
    # Who was asked to decide instead, and who has.
    asked = TenantForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_by = TenantForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = TenantManager.from_queryset(OfflineActQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="offline_act_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "member", "key"], name="offline_act_is_applied_once"),
            models.CheckConstraint(
                condition=Q(state="conflict", follow_up__isnull=False) | Q(state__in=("applied", "refused", "decided")),
                name="offline_act_conflict_has_a_follow_up",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "member", "id"], condition=Q(state="conflict"), name="offline_act_undecided"
            ),
            models.Index(
                fields=["tenant", "asked", "id"],
                condition=Q(state="conflict", asked__isnull=False),
                name="offline_act_asked",
            ),
            models.Index(fields=["tenant", "follow_up", "member", "-id"], name="offline_act_of_follow_up"),
            models.Index(fields=["tenant", "received_at"], name="offline_act_received"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.key}"

    @property
    def is_undecided(self) -> bool:
        return self.state == OfflineActState.CONFLICT

    def settle(self, state: OfflineActState, text: str, *, by: Member | None = None) -> None:
        """Save its final state and answer, and delete what was typed."""
        self.state = state
        self.text = text[:400]
        self.fields = {}
        self.decided_by = by
        self.save(update_fields=["state", "text", "fields", "base", "result", "follow_up", "decided_by"])

    def keep_for_decision(self) -> None:
        """Keep it unapplied: somebody changed the follow-up since the device showed it."""
        self.state = OfflineActState.CONFLICT
        self.save(update_fields=["state", "text", "fields", "base", "follow_up"])
