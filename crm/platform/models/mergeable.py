"""Mergeable: named configuration whose rows can be merged, such as two spellings of one source."""

from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.events.event import Actor
from crm.platform.models.archivable import Archivable
from crm.platform.tenancy.tenant_model import TenantForeignKey


class Mergeable(Archivable):
    """A named row that can be merged into another of its kind, and unmerged."""

    # What is said where the two can't be merged.
    choose_two: ClassVar[str | Promise]
    name: "models.CharField[str, str]"
    # What it means since a merge. What has it keeps its id, so that a merge moves nothing and can be taken apart.
    merged_into = TenantForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    merged_into_id: int | None

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        """Whether it is offered."""
        return self.archived_at is None and self.merged_into_id is None

    @transaction.atomic
    def merge(self, other: Self, *, by: Actor | None) -> None:
        """Merge it into the other row, which it then stands for. Idempotent. Raises Refused unless `may_mean`."""
        self._lock_with_configuration()
        if self.merged_into_id == other.pk:
            return
        other.refresh_from_db()
        if not self.may_mean(other):
            raise Refused(str(self.choose_two))
        self.merged_into_id = other.pk
        self.save(update_fields=["merged_into_id"])
        self._record(f"{self.noun}.merged", by, {"name": self.name, "into": other.pk})

    def may_mean(self, other: Self) -> bool:
        """Whether it may be merged into the other: two rows, both offered."""
        return other.pk != self.pk and self.is_live and other.is_live

    @transaction.atomic
    def take_apart(self, *, by: Actor | None) -> None:
        """Unmerge it: rows that refer to it show it again. Idempotent."""
        self._lock_with_configuration()
        if self.merged_into_id is not None:
            self.merged_into_id = None
            self.save(update_fields=["merged_into_id"])
            self._record(f"{self.noun}.taken_apart", by)

    def _refuse_if_needed(self) -> None:
        if self.merged_into_id is not None:
            raise Refused(_("It was merged. Unmerge it first."))

    def _record(self, kind: str, by: Actor | None, data: dict[str, Any] | None = None) -> None:
        super()._record(kind, by, data or {"name": self.name})
