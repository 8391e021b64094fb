"""Archivable: configuration that is taken out of use and never deleted, since what is past still names it."""

from datetime import datetime
from typing import Any, Self

from django.db import models

from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import hold_configuration


class Archivable(ConfigurationModel):
    """A row of configuration with an end of use, and what its verbs share."""

    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def _held(self) -> Self:
        """The row as it is now; nobody else edits the configuration until this transaction ends."""
        hold_configuration()
        found: Self = type(self)._base_manager.select_for_update().get(pk=self.pk)
        return found

    def _set_archived(self, at: datetime | None, kind: str, by: Any) -> None:
        self.archived_at = at
        self.save(update_fields=["archived_at"])
        self._record(kind, by)

    def _record(self, kind: str, by: Any, data: dict[str, Any] | None = None) -> None:
        # The events know the models.
        from crm.platform import events

        events.record(kind, subject=self, by=by, data=data)
