"""TemplateVersion: one text of a template, in one language on one medium; a message keeps its version."""

from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.models.medium import Medium
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantQuerySet
from crm.platform.models.base import ConfigurationModel, public_id
from crm.platform.models.changed_fields import set_fields
from crm.platform.models.tenant import lock_configuration


class TemplateVersionQuerySet(TenantQuerySet["TemplateVersion"]):
    def of(self, template: Any, medium: str, language: str) -> Self:
        """Filter the versions of one text, newest first."""
        return self.filter(template=template, medium=medium, language=language).order_by("-number")

    def newest(self) -> Self:
        """Filter the newest version of each text."""
        text = ("template_id", "medium", "language")
        return self.order_by(*text, "-number").distinct(*text)


class TemplateVersion(ConfigurationModel):
    """A text in a language on a medium. Approved versions never change: an edit is a new version."""

    class WhatsApp(models.TextChoices):
        """The state of Meta's approval."""

        DRAFT = "draft", gettext_lazy("Not submitted")
        SUBMITTED = "submitted", gettext_lazy("Submitted")
        APPROVED = "approved", gettext_lazy("Approved by WhatsApp")
        REJECTED = "rejected", gettext_lazy("Rejected by WhatsApp")
        PAUSED = "paused", gettext_lazy("Paused by WhatsApp")

    class WhatsAppCategory(models.TextChoices):
        """The category Meta bills and reviews it as."""

        UTILITY = "utility", gettext_lazy("Utility")
        MARKETING = "marketing", gettext_lazy("Marketing")
        AUTHENTICATION = "authentication", gettext_lazy("Authentication")

    class WhatsAppHeading(models.TextChoices):
        """The kind of file a WhatsApp template begins with."""

        IMAGE = "image", gettext_lazy("A picture")
        VIDEO = "video", gettext_lazy("A video")
        DOCUMENT = "document", gettext_lazy("A document")

    uid = public_id()
    template = TenantForeignKey("comms.Template", models.CASCADE, related_name="versions")
    medium = models.CharField(max_length=8, choices=Medium)
    language = models.CharField(max_length=8)
    number = models.PositiveIntegerField()
    # In the shape of comms/rendering/content.py.
    content = models.JSONField(default=dict)
    author = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # Of WhatsApp alone; set by hand, or by the provider where it says.
    whatsapp_state = models.CharField(max_length=9, choices=WhatsApp, default=WhatsApp.DRAFT)
    whatsapp_category = models.CharField(max_length=14, choices=WhatsAppCategory, default=WhatsAppCategory.UTILITY)
    # What the provider knows it by: Meta's name and language code ("en_US"), Twilio's content SID (HX…), Bird's
    # project:version. Blank: the template's key, and its language. And why Meta refused it.
    whatsapp_name = models.CharField(max_length=120, blank=True)
    whatsapp_language = models.CharField(max_length=12, blank=True, db_default="", default="")
    # What its provider wants beside the values: {"names": {"body": ["first_name", …], "header": […]}} where its
    # placeholders have names, {"heading": "image" | "video" | "document"} where it begins with a file.
    whatsapp_shape = models.JSONField(default=dict, blank=True, db_default=models.Value({}, models.JSONField()))
    whatsapp_reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(TemplateVersionQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="template_version_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "template", "medium", "language", "number"], name="template_version_has_its_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.medium} {self.language} {self.number}"

    @property
    def is_approved(self) -> bool:
        return self.approved_at is not None

    @property
    def is_more_than_words(self) -> bool:
        """True if it has a layout, buttons or an approval that plain text would lose."""
        return self.medium == Medium.EMAIL or self.is_approved_by_whatsapp

    @property
    def is_approved_by_whatsapp(self) -> bool:
        """True if WhatsApp accepts it outside the 24-hour window."""
        return self.medium == Medium.WHATSAPP and self.whatsapp_state == self.WhatsApp.APPROVED

    @property
    def heading(self) -> str:
        """The kind of file its WhatsApp version begins with: image, video or document; blank for none."""
        return str(self.whatsapp_shape.get("heading", ""))

    @property
    def facts(self) -> dict[str, Any]:
        """The data of its events."""
        return {"medium": self.medium, "language": self.language, "number": self.number}

    def is_draft_of(self, member: Member | None) -> bool:
        """True if it is this author's unapproved draft, which no message uses."""
        untouched = self.approved_at is None and self.whatsapp_state == self.WhatsApp.DRAFT
        return untouched and member is not None and self.author_id == member.pk

    @transaction.atomic
    def approve(self, *, by: Member | None) -> None:
        """Approve it for sending. Idempotent. Raises Refused for a replaced version."""
        lock_configuration()
        self.lock()
        if self.is_approved:
            return
        if self._newer_versions().filter(approved_at__isnull=False).exists():
            raise Refused(_("A newer version is approved already. Restore this one as a new version instead."))
        self.approved_at = clock.now()
        self.approved_by = by
        self.save(update_fields=["approved_at", "approved_by"])
        events.record("template.approved", subject=self.template, by=by, data=self.facts)

    @transaction.atomic
    def mark(
        self,
        state: str,
        *,
        category: str,
        name: str,
        reason: str,
        by: Member | None,
        language: str | None = None,
        shape: dict[str, Any] | None = None,
    ) -> None:
        """Set the state of WhatsApp's approval. Idempotent. Raises Refused for another medium.

        `language`: the code it was approved in, such as "en_US"; `shape`: as `whatsapp_shape`. None keeps either.
        """
        lock_configuration()
        self.lock()
        if self.medium != Medium.WHATSAPP:
            raise Refused(_("Only WhatsApp can approve this."))
        state = self.WhatsApp(state)
        category = self.WhatsAppCategory(category)
        values = {
            "whatsapp_state": state,
            "whatsapp_category": category,
            "whatsapp_name": name.strip()[:120],
            "whatsapp_language": self.whatsapp_language if language is None else language.strip()[:12],
            "whatsapp_shape": self.whatsapp_shape if shape is None else shape,
            "whatsapp_reason": reason.strip()[:300] if state in (self.WhatsApp.REJECTED, self.WhatsApp.PAUSED) else "",
        }
        changed = set_fields(self, values)
        if changed:
            self.save(update_fields=changed)
            events.record("template.marked", subject=self.template, by=by, data={**self.facts, "state": str(state)})

    def _newer_versions(self) -> TemplateVersionQuerySet:
        versions: TemplateVersionQuerySet = type(self).objects.of(self.template_id, self.medium, self.language)
        return versions.filter(number__gt=self.number)
