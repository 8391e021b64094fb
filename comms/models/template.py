"""Template: a prepared message for one brand or all, and its purpose. Its texts are its versions."""

import re
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.models.medium import Medium, Purpose
from comms.models.template_version import TemplateVersion
from crm.kernel.refusal import Refused
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantQuerySet
from crm.platform.models.archivable import Archivable
from crm.platform.models.base import public_id
from crm.platform.models.changed_fields import set_fields
from crm.platform.models.tenant import lock_configuration

# Media a text can be kept ready for.
WRITTEN = (Medium.EMAIL, Medium.SMS, Medium.WHATSAPP)
_KEY = re.compile(r"[^a-z0-9]+")


class TemplateQuerySet(TenantQuerySet["Template"]):
    def in_use(self) -> Self:
        """Filter out archived templates."""
        return self.filter(archived_at__isnull=True)


class Template(Archivable):
    """A prepared message. A brand's own template takes precedence over the shared one of the same key."""

    noun = "template"

    class Category(models.TextChoices):
        """The category it is listed under."""

        ORDER = "order", gettext_lazy("Order status")
        APPOINTMENT = "appointment", gettext_lazy("Appointments and urgent texts")
        ENGAGEMENT = "engagement", gettext_lazy("Customer engagement")
        PARTNER = "partner", gettext_lazy("Partners")
        OWN = "own", gettext_lazy("Everything else")

    uid = public_id()
    # What triggers and the product name it by; it never changes.
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=80)
    category = models.CharField(max_length=12, choices=Category, default=Category.OWN)
    # Decides consent and caps (docs/rules.md#k4, docs/rules.md#send-gate): said here, never by whoever sends.
    purpose = models.CharField(max_length=14, choices=Purpose, default=Purpose.SERVICE)
    # Null: all brands.
    brand = TenantForeignKey("platform.Brand", models.PROTECT, null=True, blank=True, related_name="+")
    # The media it is written for, in the order of Medium.
    media = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[Any] = TenantManager.from_queryset(TemplateQuerySet)()

    class Meta:
        base_manager_name = "objects"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="template_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "key", "brand"], nulls_distinct=False, name="template_key_is_once_a_brand"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    @transaction.atomic
    def create(cls, *, by: Member | None, key: str = "", **fields: Any) -> "Template":
        """Create a template without texts. Raises Refused for a taken or empty name, or no medium."""
        lock_configuration()
        template = cls(**fields)
        template._clean_fields()
        template.key = key or template._unused_key()
        template.position = cls.objects.filter(category=template.category).count()
        template.save()
        template.refresh_from_db(fields=["uid"])
        template._record("template.created", by, {"name": template.name})
        return template

    @transaction.atomic
    def edit(self, *, by: Member | None, **fields: Any) -> None:
        """Change name, category, purpose, brand or media. Idempotent."""
        self._lock_with_configuration()
        changed = set_fields(self, fields)
        self._clean_fields()
        if changed:
            self.save(update_fields=changed)
            self._record("template.edited", by, {"name": self.name, "fields": changed})

    @transaction.atomic
    def write(self, medium: str, language: str, content: dict[str, Any], *, by: Member | None) -> "TemplateVersion":
        """Save a text as a new version, or update the author's draft. Idempotent for the newest text.

        The content was checked (comms/rendering/content.py). Raises Refused for an archived template.
        """
        self._lock_with_configuration()
        if self.archived_at:
            raise Refused(_("It is archived. Restore it first."))
        newest = TemplateVersion.objects.of(self, medium, language).first()
        if newest and newest.content == content:
            return newest
        if newest and newest.is_draft_of(by):
            newest.content = content
            newest.save(update_fields=["content"])
        else:
            number = 1
            if newest:
                number = newest.number + 1
            newest = TemplateVersion(template=self, medium=medium, language=language, number=number, content=content)
            newest.author = by
            newest.save()
            newest.refresh_from_db(fields=["uid"])
        self._record("template.written", by, newest.facts)
        return newest

    def _clean_fields(self) -> None:
        self.name = " ".join(self.name.replace("\0", "").split())
        self.media = [medium.value for medium in WRITTEN if medium in self.media]
        if not self.name:
            raise Refused(_("Enter a name."))
        if not self.media:
            raise Refused(_("Choose how it is sent: by email, as a text or by WhatsApp."))
        others = type(self).objects.in_use().exclude(pk=self.pk).filter(brand=self.brand, name__iexact=self.name)
        if others.exists():
            raise Refused(_("“%(name)s” already exists.") % {"name": self.name})

    def _unused_key(self) -> str:
        base = _KEY.sub("_", self.name.casefold()[:80]).strip("_")[:50] or "template"
        taken = set(type(self).objects.filter(key__startswith=base).values_list("key", flat=True))
        return next(key for at in range(len(taken) + 1) if (key := f"{base}_{at + 1}" if at else base) not in taken)
