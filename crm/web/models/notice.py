"""Notice: a notification to one member. NoticePreference: its delivery. NoticeMute: a record without notices."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id


class NoticeWay(models.TextChoices):
    """Delivery of a kind of notice to a member. All values but OFF also show it on the page of notices."""

    OFF = "off", _("Not at all")
    APP = "app", _("Here")
    MAIL = "mail", _("Here, and by email at once")
    AWAY = "away", _("Here, and by email when I am away")
    TEXT = "text", _("Here, and by text message when I am away")
    HOURLY = "hourly", _("Here, and by email once an hour")
    DAILY = "daily", _("Here, and by email once a day")


class NoticeQuerySet(TenantQuerySet["Notice"]):
    def to(self, member: Member) -> Self:
        return self.filter(member_id=member.pk)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def about(self, subject: models.Model) -> Self:
        return self.filter(subject_kind=subject._meta.label_lower, subject_id=subject.pk)

    def mark_read(self) -> int:
        """Mark notices as read, and cancel their pending mail."""
        return self.unread().update(read_at=clock.now(), mail_at=None)


class Notice(TenantModel):
    """A notification to a member, by kind and ids; it holds no personal data of customers."""

    uid = public_id()
    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    # What it is about, by kind and id as of an event; blank and null: many things, or none.
    subject_kind = models.CharField(max_length=64, blank=True)
    subject_id = models.BigIntegerField(null=True)
    # Who did it; null: nobody of ours.
    by = TenantForeignKey(Member, models.CASCADE, null=True, related_name="+")
    # What its words need: ids, codes and numbers.
    data = models.JSONField(default=dict)
    # What it was made of, such as an event: the same again makes no second one.
    key = models.CharField(max_length=80)
    at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)
    # When it is to be mailed; null: not, or not any more.
    mail_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(NoticeQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="notice_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "member", "kind", "key"], name="notice_is_given_once"),
        ]
        indexes = [
            models.Index(fields=["tenant", "member", "-at", "-id"], name="notice_newest"),
            models.Index(fields=["tenant", "member"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(
                fields=["tenant", "member", "mail_at"], condition=Q(mail_at__isnull=False), name="notice_to_mail"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.member_id}"


class NoticePreference(TenantModel):
    """A member's choice of delivery by notice kind; kinds not listed use their default."""

    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    # A Way by the name of a kind.
    ways = models.JSONField(default=dict)
    # Mail in the organization's working hours only; what comes up outside of them waits for the next opening.
    working_hours_only = models.BooleanField(default=False)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "member"], name="member_has_one_notice_preference")]

    def __str__(self) -> str:
        return f"of {self.member_id}"


class NoticeMute(TenantModel):
    """A record about which a member wants no notices, except those that name the member."""

    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    subject_kind = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "subject_kind", "subject_id", "member"], name="member_mutes_a_record_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id}"
