"""Archivable: configuration that is archived instead of deleted. HasDefault: configuration with one default row."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils.functional import Promise

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.events.event import Actor
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import lock_configuration


class Archivable(ConfigurationModel):
    """A row of configuration that can be archived and restored."""

    # What the events of it begin with: "brand.archived".
    noun: ClassVar[str]
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @transaction.atomic
    def archive(self, *, by: Actor | None) -> None:
        """Archive it: it can't be chosen any more, references to it stay. Idempotent. Raises Refused if needed."""
        self._lock_with_configuration()
        if self.archived_at is None:
            self._refuse_if_needed()
            self._set_archived(clock.now(), f"{self.noun}.archived", by)

    @transaction.atomic
    def restore(self, *, by: Actor | None) -> None:
        """Restore it, so that it can be chosen again. Idempotent."""
        self._lock_with_configuration()
        if self.archived_at is not None:
            self._set_archived(None, f"{self.noun}.restored", by)

    def _refuse_if_needed(self) -> None:
        """Raise Refused with the reason why it may not be archived."""

    def _set_archived(self, at: datetime | None, kind: str, by: Actor | None) -> None:
        self.archived_at = at
        self.save(update_fields=["archived_at"])
        self._record(kind, by)

    def _lock_with_configuration(self) -> None:
        """Lock the tenant's configuration and reload the row; other edits wait until this transaction ends."""
        lock_configuration()
        self.refresh_from_db()

    def _record(self, kind: str, by: Actor | None, data: dict[str, Any] | None = None) -> None:
        events.record(kind, subject=self, by=by, data=data)


class HasDefault(Archivable):
    """Configuration with one default row, used where none is named; the default is never archived."""

    # What is said of an archived one.
    archived_is_no_default: ClassVar[str | Promise]
    is_default = models.BooleanField(default=False)

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @transaction.atomic
    def make_default(self, *, by: Actor | None) -> None:
        """Make it the default. Idempotent. Raises Refused for an archived one."""
        self._lock_with_configuration()
        if self.archived_at:
            raise Refused(str(self.archived_is_no_default))
        if self.is_default:
            return
        for before in type(self)._base_manager.filter(is_default=True):
            before.is_default = False
            before.save(update_fields=["is_default"])
        self.is_default = True
        self.save(update_fields=["is_default"])
        self._record(f"{self.noun}.made_default", by)
