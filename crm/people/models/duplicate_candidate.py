"""DuplicateCandidate: two person records that may be the same person, for a member to merge or keep apart."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.people.models.person import Person
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel
from crm.platform.models.base import public_id


class DuplicateCandidate(TenantModel):
    """A pair, older record first, with the reasons. Pairs kept apart stay, so that they are not suggested again."""

    class DuplicateReason(models.TextChoices):
        POINT = "point", _("the same confirmed address or number")
        PHONE = "phone", _("the same number and a similar name")
        EMAIL = "email", _("the same email address and a similar name")
        ADDRESS = "address", _("the same address and a similar name")
        MESSAGE = "message", _("a message came from the same address or number")

    uid = public_id()
    one = TenantForeignKey(Person, models.CASCADE, related_name="+")
    other = TenantForeignKey(Person, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=8, choices=DuplicateReason)
    found_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = TenantForeignKey(Member, models.PROTECT, null=True, related_name="+")

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "duplicate candidates"
        indexes = [
            models.Index(
                fields=["tenant", "-found_at", "-id"], condition=Q(decided_at=None), name="candidate_pair_undecided"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "one", "other"], name="candidate_pair_is_once_a_pair"),
            models.UniqueConstraint(fields=["tenant", "uid"], name="candidate_pair_uid_is_unique"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="candidate_pair_has_the_older_first"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} and {self.other_id}: {self.reason}"

    def part(self, *, by: Member) -> None:
        """Record that these are two people: the pair is not suggested again. Idempotent."""
        undecided = DuplicateCandidate.objects.filter(pk=self.pk, decided_at=None)
        if undecided.update(decided_at=clock.now(), decided_by=by):
            events.record("person.parted", subject=self.one, by=by, data={"other": self.other_id})
