"""ProposalRating: whether a summary or draft was useful to a member, and if not, why. It holds no text."""

from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class RatingReason(models.TextChoices):
    """Why a proposal is not useful; blank for a useful one."""

    NONE = ""
    UNTRUE = "untrue", _("Not true")
    INCOMPLETE = "incomplete", _("Something is missing")
    TONE = "tone", _("Wrong tone")
    UNCLEAR = "unclear", _("Hard to read")


class ProposalRatingQuerySet(TenantQuerySet["ProposalRating"]):
    def about(self, record: models.Model) -> "ProposalRatingQuerySet":
        return self.filter(subject_kind=record._meta.label_lower, subject_id=record.pk)


class ProposalRating(TenantModel):
    """A member's newest rating of a helper's proposal about a record."""

    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    helper = models.CharField(max_length=20)
    subject_kind = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    # The state of the record that the proposal was made of; another one can be rated again.
    state = models.CharField(max_length=200, blank=True)
    by_model = models.BooleanField(default=False)
    is_useful = models.BooleanField()
    reason = models.CharField(max_length=10, choices=RatingReason, blank=True, default=RatingReason.NONE)
    at = models.DateTimeField(default=clock.now)

    objects: ClassVar[Any] = TenantManager.from_queryset(ProposalRatingQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "member", "helper", "subject_kind", "subject_id"],
                name="member_rates_a_proposal_once",
            ),
            models.CheckConstraint(
                condition=Q(is_useful=True, reason="") | Q(is_useful=False) & ~Q(reason=""),
                name="proposal_that_is_not_useful_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "at"], name="proposal_rating_by_time")]

    def __str__(self) -> str:
        return f"{self.helper} of {self.subject_kind} {self.subject_id}: {self.reason or self.is_useful}"

    @classmethod
    @transaction.atomic
    def rate(
        cls, record: models.Model, helper: str, *, reason: str, state: str, by_model: bool, member: Member
    ) -> None:
        """Record a member's rating; a later one replaces it. A blank reason says that the proposal was useful."""
        cls.objects.update_or_create(
            member=member,
            helper=helper,
            subject_kind=record._meta.label_lower,
            subject_id=record.pk,
            defaults={
                "state": state[:200],
                "by_model": by_model,
                "is_useful": not reason,
                "reason": RatingReason(reason),
                "at": clock.now(),
            },
        )
