"""SuggestionAnswer: a suggestion that a member was shown, and the answer. FollowUpPattern: what members repeat."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet

# How long a kind of suggestion stays away from a record after “Not now”, and an accepted one if nothing came of it.
NOT_NOW = timedelta(days=7)
ACCEPTED_REST = timedelta(days=1)


class SuggestionKind(models.TextChoices):
    """The kinds of suggestions, in the order in which they are shown: the first that applies."""

    PROMISE = "promise", _("A promise without a follow-up")
    QUOTE = "quote", _("A quote without a follow-up")
    DATE = "date", _("A follow-up without a date")
    NEXT_STEP = "next_step", _("No next step")
    MERGE = "merge", _("The same customer twice")
    STARTER = "starter", _("A customer without contact")
    PATTERN = "pattern", _("A step that could be a trigger")


@dataclass(frozen=True)
class SuggestionTopic:
    """The record of a suggestion, by its model's label and id."""

    kind: str
    pk: int

    @classmethod
    def of(cls, record: models.Model) -> "SuggestionTopic":
        return cls(record._meta.label_lower, record.pk)


class SuggestionAnswerQuerySet(TenantQuerySet["SuggestionAnswer"]):
    def about(self, *topics: SuggestionTopic) -> "SuggestionAnswerQuerySet":
        """Filter those about one of these records."""
        condition = Q(pk__in=[])
        for topic in topics:
            condition |= Q(subject_kind=topic.kind, subject_id=topic.pk)
        return self.filter(condition)


class SuggestionAnswer(TenantModel):
    """A suggestion as a member saw it. `key`: the state of the record it rests on; blank `answer`: none yet."""

    class SuggestionReaction(models.TextChoices):
        NONE = ""
        ACCEPTED = "accepted", _("accepted")
        NOT_NOW = "not_now", _("not now")
        NEVER = "never", _("never")

    member: Any = TenantForeignKey(Member, models.CASCADE, related_name="+")
    subject_kind = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=SuggestionKind)
    key = models.CharField(max_length=64)
    shown_at = models.DateTimeField(default=clock.now)
    answer = models.CharField(max_length=8, choices=SuggestionReaction, blank=True, default=SuggestionReaction.NONE)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(SuggestionAnswerQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "member", "subject_kind", "subject_id", "kind", "key"],
                name="suggestion_is_shown_once_a_member",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | ~Q(answer="") & Q(answered_at__isnull=False),
                name="suggestion_is_answered_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "shown_at"], name="suggestion_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject_kind} {self.subject_id}: {self.answer}"

    def hides(self, kind: str, key: str, now: datetime) -> bool:
        """True if this answer keeps a suggestion about the same record away."""
        if self.kind != kind or self.answered_at is None:
            return False
        if self.answer == self.SuggestionReaction.ACCEPTED:
            return self.key == key and now - self.answered_at < ACCEPTED_REST
        return self.answer == self.SuggestionReaction.NEVER or now - self.answered_at < NOT_NOW

    @classmethod
    def note_shown(cls, topic: SuggestionTopic, kind: str, key: str, member: Member) -> None:
        """Record that a member was shown a suggestion. Idempotent."""
        row = cls(member=member, subject_kind=topic.kind, subject_id=topic.pk, kind=kind, key=key)
        cls.objects.bulk_create([row], ignore_conflicts=True)

    @classmethod
    def give(cls, topic: SuggestionTopic, kind: str, key: str, answer: str, *, by: Member) -> None:
        """Record a member's answer; a later one replaces it. Raises ValueError for an unknown answer."""
        if answer not in cls.SuggestionReaction.values or not answer:
            raise ValueError(f"no answer {answer!r}")
        cls.objects.update_or_create(
            member=by,
            subject_kind=topic.kind,
            subject_id=topic.pk,
            kind=SuggestionKind(kind),
            key=key,
            defaults={"answer": answer, "answered_at": clock.now()},
        )


class FollowUpPattern(TenantModel):
    """A follow-up that members plan again and again after leads reach a step, and that no trigger plans."""

    stage: Any = TenantForeignKey("jobs.Stage", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    subject = models.CharField(max_length=120)
    # How often in the last 30 days, by how many members, and how many days later it is mostly due.
    times = models.PositiveIntegerField()
    members = models.PositiveIntegerField()
    days = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "stage", "kind", "subject"], name="follow_up_pattern_is_one"),
        ]

    def __str__(self) -> str:
        return f"{self.times} times {self.subject}"
