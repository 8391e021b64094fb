"""Versioned: optimistic locking, a row whose forms carry its version so that the second of two editors is refused."""

from crm.kernel.refusal import Stale
from crm.platform.models.base import TenantModel


class Versioned(TenantModel):
    """A row with a version its forms carry."""

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @property
    def form_version(self) -> str:
        """The version a form carries; another one means that somebody changed the row since."""
        raise NotImplementedError

    def expect(self, version: str | None) -> None:
        """Raise Stale unless this is the row's version; None skips the check. Lock the row first."""
        if version is not None and version != self.form_version:
            raise Stale(self)
