"""Versioned: optimistic locking, a row whose forms carry its version so that the second of two editors is refused.

CountedVersion: the version is a number that counts the row's changes.
"""

from django.db import models

from crm.kernel.refusal import Stale
from crm.platform.tenancy.tenant_model import TenantModel


class Versioned(TenantModel):
    """A row with a version its forms carry."""

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @property
    def form_version(self) -> str:
        """The version a form carries; another one means that somebody changed the row since."""
        raise NotImplementedError

    def expect_version(self, version: str | None) -> None:
        """Raise Stale unless this is the row's version; None skips the check. Lock the row first."""
        if version is not None and version != self.form_version:
            raise Stale(self)


class CountedVersion(Versioned):
    """A row that counts its changes; the number is the version its forms carry."""

    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @property
    def form_version(self) -> str:
        return str(self.version)

    def _save(self, *fields: str) -> None:
        """Save these fields, and count the change."""
        self.version += 1
        self.save(update_fields=[*fields, "version"])
