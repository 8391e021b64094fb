"""NumberBlock: the counter of job numbers (and, later, ticket numbers) per tenant."""

from typing import Any, ClassVar

from django.db import connection, models

from crm.platform.models.base import TenantManager, TenantModel, TenantQuerySet
from crm.platform.tenancy.context import required_tenant_id


class NumberBlockQuerySet(TenantQuerySet["NumberBlock"]):
    def allocate(self, kind: str, count: int = 1) -> int:
        """Reserve `count` numbers and return the first. Locks the counter until the transaction ends; gaps are fine."""
        with connection.cursor() as cursor:
            cursor.execute(
                """insert into platform_numberblock as block (tenant_id, kind, next) values (%s, %s, %s)
                   on conflict (tenant_id, kind) do update set next = block.next + %s returning next - %s""",
                [required_tenant_id(), kind, 1001 + count, count, count],
            )
            row = cursor.fetchone()
            assert row is not None
            return int(row[0])


class NumberBlock(TenantModel):
    """The next free number of a kind of row."""

    kind = models.CharField(max_length=16)
    next = models.BigIntegerField()

    objects: ClassVar[Any] = TenantManager.from_queryset(NumberBlockQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "kind"], name="number_block_is_once_in_a_tenant")]

    def __str__(self) -> str:
        return f"{self.kind} {self.next}"
