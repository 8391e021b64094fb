"""NumberBlock: the numbers of jobs and of tickets, per tenant, taken without waiting for others who take some."""

from typing import Any, ClassVar

from django.db import connection, models

from crm.platform.tenancy.context import required_tenant_id
from crm.platform.tenancy.tenant_model import TenantManager, TenantModel, TenantQuerySet

# So many numbers are in a spare block.
SPARE = 500
FIRST = 1001


class NumberBlockQuerySet(TenantQuerySet["NumberBlock"]):
    def allocate_numbers(self, kind: str, count: int = 1) -> int:
        """Reserve `count` numbers and return the first; gaps are fine.

        The block they are of is locked until the transaction ends. Who finds it locked takes from a spare one; who
        finds none that is free waits, and leaves a spare one for the next.
        """
        values: dict[str, Any] = {
            "tenant": required_tenant_id(),
            "kind": kind,
            "count": count,
            "spare": SPARE,
            "first": FIRST,
        }
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, values)
            if row := cursor.fetchone():
                return int(row[0])
            cursor.execute(_BEGIN_OR_WAIT, values)
            first, is_new = cursor.fetchone()
            if not is_new:
                cursor.execute(_LEAVE_SPARE, values | {"next": first + count})
            return int(first)


# The endless block if it is free, else a spare one with room.
_TAKE = """
    update platform_numberblock set next = next + %(count)s where id = (
        select id from platform_numberblock
        where tenant_id = %(tenant)s and kind = %(kind)s and (until is null or next + %(count)s <= until)
        order by until nulls first limit 1 for update skip locked
    ) returning next - %(count)s"""
_BEGIN_OR_WAIT = """
    insert into platform_numberblock as block (tenant_id, kind, next)
    values (%(tenant)s, %(kind)s, %(first)s + %(count)s)
    on conflict (tenant_id, kind, until) do update set next = block.next + %(count)s + %(spare)s
    returning coalesce(old.next, %(first)s), old.next is null"""
_LEAVE_SPARE = """
    with used_up as (
        select id from platform_numberblock where tenant_id = %(tenant)s and kind = %(kind)s and next = until
        for update skip locked
    ), forgotten as (
        delete from platform_numberblock where id in (select id from used_up)
    )
    insert into platform_numberblock (tenant_id, kind, next, until)
    values (%(tenant)s, %(kind)s, %(next)s, %(next)s + %(spare)s)"""


class NumberBlock(TenantModel):
    """The next free number of a kind of row, and of a spare block the number it ends before."""

    kind = models.CharField(max_length=16)
    next = models.BigIntegerField()
    until = models.BigIntegerField(null=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(NumberBlockQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "kind", "until"], nulls_distinct=False, name="number_block_is_once_in_a_tenant"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.next}"
