"""ConfigurationImport: a configuration file that was uploaded, and what it replaced, so that it can be undone."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.configuration.document import dump_document
from crm.platform.configuration.transfer import TransferResult, import_configuration, read_configuration
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id
from crm.platform.models.tenant import lock_configuration

# As long as other changes (crm/platform/models/change.py).
UNDO_POSSIBLE = timedelta(days=1)
# Older uploads are deleted.
KEPT = timedelta(days=90)


class ConfigurationImport(TenantModel):
    """An uploaded configuration: first a preview, then applied, perhaps undone."""

    uid = public_id()
    at = models.DateTimeField(default=clock.now)
    by = TenantForeignKey(Member, models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    # Whether what its sections lack is archived, and what can't be imported left out.
    prunes = models.BooleanField(default=False)
    is_partial = models.BooleanField(default=False)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    # The sections it changed, as they were before, as YAML.
    before = models.TextField(blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="configuration_import_uid_is_unique")]
        indexes = [models.Index(fields=["tenant", "at", "id"], name="configuration_import_by_day")]

    def __str__(self) -> str:
        return f"configuration of {self.at:%Y-%m-%d}"

    @property
    def can_be_undone(self) -> bool:
        """True for a day after it was applied."""
        is_recent = self.applied_at is not None and clock.now() < self.applied_at + UNDO_POSSIBLE
        return is_recent and self.undone_at is None

    @classmethod
    @transaction.atomic
    def upload(cls, text: str, *, prunes: bool, by: Member) -> "ConfigurationImport":
        """Store an uploaded file for its preview; old ones are deleted."""
        cls.objects.filter(at__lt=clock.now() - KEPT).delete()
        row: ConfigurationImport = cls.objects.create(text=text, prunes=prunes, by=by)
        row.refresh_from_db(fields=["uid"])
        return row

    def preview(self, *, by: Member) -> TransferResult:
        """Return what it would change. Raises Refused for a file that is no configuration."""
        return import_configuration(self.text, by=by, prune=self.prunes, dry_run=True)

    @transaction.atomic
    def apply(self, *, by: Member, partly: bool = False) -> TransferResult:
        """Import the file. Once: a second time changes nothing. Nothing is changed where a problem is left."""
        lock_configuration()
        self.lock()
        if self.applied_at is not None:
            raise Refused(_("This file was applied already."))
        before = read_configuration()
        result = import_configuration(self.text, by=by, prune=self.prunes, partly=partly)
        if result.is_applied:
            changed = {section.name for section in result.sections if section.changes_something}
            self.before = dump_document({name: value for name, value in before.items() if name in changed})
            self.applied_at = clock.now()
            self.is_partial = partly
            self.save(update_fields=["before", "applied_at", "is_partial"])
            data: dict[str, Any] = {"sections": sorted(changed), "left_out": len(result.problems)}
            events.record("configuration.imported", subject=self, by=by, data=data)
        return result

    @transaction.atomic
    def undo(self, *, by: Member) -> TransferResult:
        """Import the sections as they were; what it added is archived. Raises Refused after a day."""
        lock_configuration()
        self.lock()
        if not self.can_be_undone:
            raise Refused(_("This can no longer be undone."))
        result = import_configuration(self.before, by=by, prune=True)
        if result.is_applied:
            self.undone_at = clock.now()
            self.save(update_fields=["undone_at"])
            events.record("configuration.import_undone", subject=self, by=by, data={})
        return result
