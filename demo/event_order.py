"""Number the demo's events by when they happened: some are only found, and recorded, after all the others."""

from django.db import connection

from crm.platform.tenancy.context import required_tenant_id

_MOVED = """
    create temporary table moved on commit drop as
    select ids.id as new, events.id as old
    from (select id, row_number() over (order by id) as place from platform_event where tenant_id = %(tenant)s) as ids
    join (
        select id, row_number() over (order by at, id) as place from platform_event where tenant_id = %(tenant)s
    ) as events using (place)
    where ids.id <> events.id"""
# The sign keeps two from having one number while they change places.
_NUMBERED = """
    update platform_event as event set id = -moved.new from moved
    where event.id = moved.old and event.tenant_id = %(tenant)s;
    update platform_event set id = -id where id < 0 and tenant_id = %(tenant)s;
    update platform_event set transaction = 0 where tenant_id = %(tenant)s;
    update platform_event as event set caused_by = moved.new from moved
    where event.caused_by = moved.old and event.tenant_id = %(tenant)s;
    update platform_undispatched as waiting set event_id = -moved.new from moved
    where waiting.event_id = moved.old and waiting.tenant_id = %(tenant)s;
    update platform_undispatched set event_id = -event_id where event_id < 0 and tenant_id = %(tenant)s;
    drop table moved"""


def number_by_time() -> None:
    """Give newer facts of the tenant in use greater ids; what refers to one follows. As the database's owner."""
    with connection.cursor() as cursor:
        for statement in (_MOVED, _NUMBERED):
            cursor.execute(statement, {"tenant": required_tenant_id()})
