"""IntakeDoor: a channel for new leads: a form, an endpoint, the posts of a service, the mail of a portal."""

import json
import secrets
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.models import Pipeline, Source
from crm.kernel.refusal import Refused
from crm.platform.models import Brand, Member, TenantForeignKey, TenantManager, TenantQuerySet
from crm.platform.models.archivable import Archivable
from crm.platform.models.base import public_id
from crm.platform.models.changed_fields import set_fields
from crm.platform.organization.configuration import cached_per_tenant
from crm.platform.organization.named_rows import unused_name
from crm.platform.tenancy.secrets import decrypt, encrypt


def new_key() -> str:
    """Generate the random part of a door's token."""
    return secrets.token_hex(12)


class IntakeDoorQuerySet(TenantQuerySet["IntakeDoor"]):
    def in_use(self) -> Self:
        """Filter doors that are not archived."""
        return self.filter(archived_at__isnull=True)


class IntakeDoor(Archivable):
    """A channel for leads of one brand. An archived one accepts nothing; its submissions stay."""

    noun = "intake_door"

    class DoorKind(models.TextChoices):
        FORM = "form", gettext_lazy("Form of our own")
        JSON = "json", gettext_lazy("JSON endpoint")
        META = "meta", gettext_lazy("Meta lead ads")
        GOOGLE = "google", gettext_lazy("Google lead form")
        TOOL = "tool", gettext_lazy("Form tool (Typeform, JotForm, Zapier …)")
        MAIL = "mail", gettext_lazy("Lead email of a portal")
        LOG = "log", gettext_lazy("Calls and chats")

    # What each kind asks for and must not show: the names of its secrets.
    SECRETS: ClassVar[dict[str, tuple[str, ...]]] = {"meta": ("app_secret", "access_token"), "tool": ("secret",)}

    uid = public_id()
    kind = models.CharField(max_length=6, choices=DoorKind)
    name = models.CharField(max_length=80)
    brand = TenantForeignKey(Brand, models.PROTECT, related_name="+")
    pipeline = TenantForeignKey(Pipeline, models.PROTECT, null=True, blank=True, related_name="+")
    # What its leads come from, where they do not say themselves.
    source = TenantForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")
    # Part of its token: a new one makes the old token, and the address it is part of, useless.
    key = models.CharField(max_length=32, default=new_key, editable=False)
    # Which field of what it brings is which of ours: {"Your phone?": "phone"}; "" for one that is left out.
    mapping = models.JSONField(default=dict, blank=True)
    # Of a form: what is agreed to, every wording it ever had; the last is shown, its place is its version.
    wordings = models.JSONField(default=list, blank=True)
    # Of lead mail: who sends it, an address or "@portal.example", and the address of ours it comes to ("" any).
    mail_from = models.CharField(max_length=254, blank=True)
    mail_to = models.CharField(max_length=254, blank=True)
    # Of a form tool: the header in which it sends its secret or signature ("" one of the usual ones).
    proof_header = models.CharField(max_length=60, blank=True)
    sealed_secrets = models.TextField(blank=True, editable=False)

    objects: ClassVar[Any] = TenantManager.from_queryset(IntakeDoorQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="intake_door_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "name"], name="intake_door_name_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def wording(self) -> str:
        """The present consent wording; blank if no consent is asked for."""
        if self.wordings:
            return self.wordings[-1]
        return ""

    @property
    def version(self) -> int:
        """The version of that wording, from 1; 0 for none."""
        return len(self.wordings)

    def wording_of(self, version: int) -> str:
        """Return the wording of a version; blank for an unknown version."""
        if 0 < version <= len(self.wordings):
            return self.wordings[version - 1]
        return ""

    @property
    def secrets(self) -> dict[str, str]:
        """The service's credentials, decrypted. Raises InvalidToken if the encryption key is missing."""
        if self.sealed_secrets:
            return json.loads(decrypt(self.sealed_secrets))
        return {}

    def seal(self, given: dict[str, str]) -> None:
        """Encrypt and set the secrets. The caller saves the row."""
        if given:
            self.sealed_secrets = encrypt(json.dumps(given, sort_keys=True))
        else:
            self.sealed_secrets = ""

    @classmethod
    @transaction.atomic
    def add(cls, name: str, kind: str, brand: Brand, *, by: Member | None, **fields: Any) -> "IntakeDoor":
        """Add a door. Raises Refused for a name that is taken or a brand that takes no new work."""
        if kind not in cls.DoorKind.values:
            raise Refused(_("Choose what kind it is."))
        if brand.archived_at:
            raise Refused(_("That brand is archived."))
        name = unused_name(cls, name, cls.objects.all())
        door: IntakeDoor = cls.objects.create(name=name, kind=kind, brand=brand, **fields)
        door.refresh_from_db(fields=["uid"])
        door._record("intake_door.added", by)
        return door

    @transaction.atomic
    def edit(
        self,
        *,
        by: Member | None,
        wording: str | None = None,
        given: Mapping[str, str | None] | None = None,
        **fields: Any,
    ) -> None:
        """Edit the door. A changed consent wording becomes a new version. Idempotent.

        `given`: secrets, of which a blank one stays, and None is taken away.

        Raises Refused for a name that is taken.
        """
        self._lock_with_configuration()
        if "name" in fields:
            others = type(self).objects.exclude(pk=self.pk)
            fields["name"] = unused_name(type(self), fields["name"], others)
        changed = set_fields(self, fields)
        if wording is not None and wording != self.wording:
            self.wordings = [*self.wordings, wording]
            changed.append("wordings")
        secrets = self.secrets | {name: value for name, value in (given or {}).items() if value != ""}
        fresh = {name: value for name, value in secrets.items() if value is not None}
        if fresh != self.secrets:
            self.seal(fresh)
            changed.append("sealed_secrets")
        if changed:
            self.save(update_fields=changed)
            self._record("intake_door.edited", by, {"fields": changed})

    @transaction.atomic
    def map_fields(self, mapping: dict[str, str], *, by: Member | None) -> None:
        """Map the labels of its submissions to our fields. Idempotent."""
        self._lock_with_configuration()
        if mapping != self.mapping:
            self.mapping = mapping
            self.save(update_fields=["mapping"])
            self._record("intake_door.mapped", by, {"fields": len(mapping)})

    @transaction.atomic
    def rotate(self, *, by: Member | None) -> None:
        """Rotate its token; requests with the old one are refused."""
        self._lock_with_configuration()
        self.key = new_key()
        self.save(update_fields=["key"])
        self._record("intake_door.rotated", by)


@cached_per_tenant
def doors() -> dict[int, IntakeDoor]:
    """Return the tenant's doors by id, ordered by name, with archived ones. Treat them as read-only."""
    return {door.pk: door for door in IntakeDoor.objects.order_by("name", "pk")}
