"""ProposedReply: a reply that a language model drafted for a member, until it is put in or thrown away."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from assistant.models.assistant_call import AssistantCall
from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class ReplyTone(models.TextChoices):
    PLAIN = "plain", _("Plain")
    WARM = "warm", _("Warm")
    FORMAL = "formal", _("Formal")


class ReplyLength(models.TextChoices):
    SHORT = "short", _("Short")
    USUAL = "usual", _("Usual length")


class ProposedReplyQuerySet(TenantQuerySet["ProposedReply"]):
    def about(self, record: models.Model) -> "ProposedReplyQuerySet":
        return self.filter(subject_kind=record._meta.label_lower, subject_id=record.pk)


class ProposedReply(TenantModel):
    """A drafted reply to a record's customer, and the template it was made of."""

    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    subject_kind = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    tone = models.CharField(max_length=6, choices=ReplyTone)
    length = models.CharField(max_length=5, choices=ReplyLength)
    language = models.CharField(max_length=8)
    template_version = TenantForeignKey(
        "comms.TemplateVersion", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # The filled template that it is compared with, and the reply.
    template_text = models.TextField(blank=True)
    text = models.TextField()
    made_at = models.DateTimeField(default=clock.now)
    call = TenantForeignKey(AssistantCall, models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = TenantManager.from_queryset(ProposedReplyQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "member", "subject_kind", "subject_id"], name="member_has_one_proposed_reply_a_record"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "subject_kind", "subject_id"], name="proposed_reply_of_record"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id}"
