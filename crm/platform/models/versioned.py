"""Versioned: a row whose forms carry the version they were made of, so that of two people at once one wins."""

from crm.kernel.refusal import Stale
from crm.platform.models.base import TenantModel


class Versioned(TenantModel):
    """A row that forms act upon."""

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @property
    def form_version(self) -> str:
        """What a form carries of this row; another one says that somebody changed it since."""
        raise NotImplementedError

    def expect(self, version: str | None) -> None:
        """Raise Stale unless this is the version a form was made of; None asks for none. Lock the row first."""
        if version is not None and version != self.form_version:
            raise Stale(self)
