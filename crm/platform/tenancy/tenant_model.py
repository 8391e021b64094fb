"""Base classes of every tenant-owned table: the tenant column, foreign keys inside it, a manager filtered by it.

Policies, grants and composite keys are derived from these classes after `migrate` (row_level_security.py).
"""

from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar

from django.db import models

from crm.platform.tenancy.context import required_tenant_id

_ST = TypeVar("_ST")
_GT = TypeVar("_GT")
_M = TypeVar("_M", bound=models.Model, covariant=True)


class TenantForeignKey(models.ForeignKey[_ST, _GT]):
    """A foreign key to a row of the same tenant.

    Django's own constraint would let tenant A point at tenant B's row, because key checks ignore policies.
    The composite key (tenant_id, x_id) and its index are derived in row_level_security.py instead.
    """

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        kwargs["db_index"] = False
        super().__init__(to, on_delete, **kwargs)


class TenantOneToOneField(models.OneToOneField[_ST, _GT]):
    """TenantForeignKey for a row that has at most one other, e.g. a Lead and its Job."""

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(to, on_delete, **kwargs)


class TenantQuerySet(models.QuerySet[_M]):
    """Rows of the tenant in use."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[_M]:
        rows = list(objs)
        for row in rows:
            row._adopt_tenant()
        return super().bulk_create(rows, *args, **kwargs)


class TenantManager(models.Manager[_M]):
    """Filters by a literal `tenant_id = …`: a second protection, and how the query planner sees a tenant's size."""

    def get_queryset(self) -> models.QuerySet[_M]:
        return super().get_queryset().filter(tenant_id=required_tenant_id())


class TenantModel(models.Model):
    """A row of exactly one tenant."""

    # What the app's login may do with the table; facts drop update and delete.
    app_may: ClassVar[str] = "select, insert, update, delete"
    # The columns that a migration partitioned the table by: Postgres wants them in each unique index.
    partition_columns: ClassVar[tuple[str, ...]] = ()

    tenant = models.ForeignKey("platform.Tenant", models.CASCADE, related_name="+", db_index=False, editable=False)

    objects: ClassVar[Any] = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def _adopt_tenant(self) -> None:
        tenant_id = required_tenant_id()
        if self.tenant_id is None:
            self.tenant_id = tenant_id
        elif self.tenant_id != tenant_id:
            raise ValueError(f"{self._meta.label} belongs to another tenant than the one in use")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._adopt_tenant()
        super().save(*args, **kwargs)

    def lock(self) -> None:
        """Re-read this row with select_for_update: as it is now, and locked until the transaction ends.

        Its key is not locked, so that rows that refer to it can be written by others. Raises DoesNotExist.
        """
        self.refresh_from_db(from_queryset=type(self)._base_manager.select_for_update(no_key=True))

    @classmethod
    def lock_all(cls, rows: models.QuerySet[Any]) -> list[Any]:
        """Read many rows with select_for_update, in the order of their keys, so that two who do it never deadlock."""
        return list(rows.order_by("pk").select_for_update(no_key=True))
