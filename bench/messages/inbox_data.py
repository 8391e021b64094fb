"""200,000 tickets and 1,000,000 messages in one tenant: copies of one ticket and its first mail, made in the database.

As the superuser and without triggers, whom no policy and no key holds up: the rows are right, and are only counted.
"""

import os

import psycopg
from psycopg.conninfo import make_conninfo

from bench.cluster import Servers

Connection = psycopg.Connection[tuple[object, ...]]
TICKETS = int(os.environ.get("BENCH_TICKETS", "200000"))
MESSAGES = 5 * TICKETS
# One of so many tickets is open; and one of so many of those is nobody's.
OPEN, NOBODYS = 8, 20
CHUNK = 20_000
# How many messages the tickets have whose pages are measured, by their numbers.
LONG = {900_001: 5, 900_002: 50, 900_003: 500}

# The tenant's jobs, by number from 0; whose they are, and of whom.
_JOBS = """
    create temp table job as
    select row_number() over (order by job.id) - 1 as nth, job.id, job.person_id, job.member_id, person.name
    from jobs_job job join people_person person on person.id = job.person_id
    where job.tenant_id = (select tenant_id from tickets_ticket limit 1) and job.member_id is not null
"""
# The nth ticket: its number, its job, whether it is open, and how many minutes its clock runs ahead of the copied one.
_TICKETS = """
    insert into tickets_ticket ({names}) select {values}
    from (select n, n %% {open} = 0 as open, (n %% 2 = 0 and n %% 3 <> 0) as ours,
                 n %% ({open} * {nobodys}) = 0 as nobodys, ((n * 7919) %% 8640 - 4320) * interval '1 minute' as ahead
          from generate_series(%s::integer, %s::integer) n) made
    join job on job.nth = made.n %% (select count(*) from job)
    cross join (select * from tickets_ticket order by id limit 1) one
"""
_TICKET = {
    "id": "one.id + n",
    "uid": "uuidv7()",
    "number": "100000 + n",
    "subject": "'Roof ' || n",
    "person_id": "job.person_id",
    "customer_name": "job.name",
    "job_id": "case when not (open and nobodys) then job.id end",
    "member_id": "case when not (open and nobodys) then job.member_id end",
    "status": "case when not open then 'closed' when ours then 'open' else 'pending' end",
    "side": "case when ours then 'us' else 'customer' end",
    "priority": "2 + n %% 3",
    "created_at": "now() - n * interval '2 minutes'",
    "status_since": "now() - n * interval '2 minutes'",
    "last_message_at": "now() - n * interval '2 minutes' + interval '4 hours'",
    "waiting_since": "case when open and ours then one.waiting_since end",
    "unread_count": "case when open and ours then 1 + n %% 3 else 0 end",
    "solved_at": "case when not open then now() - n * interval '2 minutes' + interval '1 day' end",
    "closed_at": "case when not open then now() - n * interval '2 minutes' + interval '5 days' end",
    "warn_at": "case when open then one.warn_at + ahead end",
    "due_at": "case when open then one.due_at + ahead end",
    "far_at": "case when open then one.far_at + ahead end",
    "level": "case when not open then 6 when one.far_at + ahead < now() then 1 when one.due_at + ahead < now() then 2 "
    "when one.warn_at + ahead < now() then 3 else 4 end",
    "sort_at": "case when open then one.due_at + ahead else timestamptz '2000-01-01' - (now() - n * interval "
    "'2 minutes' - timestamptz '2000-01-01') end",
}
# The mth message is the ticket's number m / 5, on which an entry puts it.
_MESSAGES = """
    insert into comms_message ({names}) select {values}
    from (select m, (m - 1) / 5 + 1 as n, (m - 1) %% 5 as turn from generate_series(%s::integer, %s::integer) m) made
    join job on job.nth = made.n %% (select count(*) from job)
    cross join (select * from comms_message order by id limit 1) one
"""
_MESSAGE = {
    "id": "one.id + m",
    "uid": "uuidv7()",
    "person_id": "job.person_id",
    "job_id": "job.id",
    "contact_point_id": "null",
    "inbound_id": "null",
    "direction": "case turn %% 2 when 0 then 'in' else 'out' end",
    "state": "case turn %% 2 when 0 then 'received' else 'sent' end",
    "author_id": "case turn %% 2 when 0 then null else job.member_id end",
    "address": "'p' || job.person_id || '@mail.example'",
    "address_name": "job.name",
    "at": "now() - n * interval '2 minutes' + turn * interval '1 hour'",
    "subject": "'Roof ' || n",
    "message_id": "''",
    "provider_id": "''",
    "text": "repeat('The gutter drips again, and the ceiling of the kitchen has a stain. ', 3) || m",
    "search_text": "'roof w' || (power(random(), 3) * 5000)::integer || ' w' || (power(random(), 3) * 5000)::integer",
}
_ENTRIES = """
    insert into tickets_entry (tenant_id, uid, ticket_id, kind, at, message_id, body, matched_by, evidence, audience)
    select message.tenant_id, uuidv7(), (select min(id) from tickets_ticket) + (m - 1) / 5 + 1, 'message', message.at,
           message.id, '', 'new', '{}', 'all'
    from (select m, (select min(id) from comms_message) + m as id
          from generate_series(%s::integer, %s::integer) m) made join comms_message message using (id)
"""


def fill(servers: Servers, database: str) -> None:
    """Write them, unless they are there."""
    with psycopg.connect(make_conninfo(servers.cluster.admin_url, dbname=database), autocommit=True) as connection:
        found = connection.execute("select count(*) from tickets_ticket").fetchone()
        if found and found[0] >= TICKETS:
            return
        with connection.transaction():
            _fill(connection)
        for table in ("tickets_ticket", "comms_message", "tickets_entry"):
            connection.execute(f"vacuum analyze {table}".encode())


def _fill(connection: Connection) -> None:
    connection.execute("set local session_replication_role = replica; set local statement_timeout = 0")
    connection.execute(_JOBS.encode())
    tickets, messages = (
        _statement(connection, table, own, sql)
        for table, own, sql in (("tickets_ticket", _TICKET, _TICKETS), ("comms_message", _MESSAGE, _MESSAGES))
    )
    for sql, count in ((tickets, TICKETS), (messages, MESSAGES), (_ENTRIES, MESSAGES)):
        for start in range(1, count + 1, CHUNK):
            connection.execute(sql.encode(), [start, min(start + CHUNK - 1, count)])
    _lengthen(connection)


def _statement(connection: Connection, table: str, own: dict[str, str], sql: str) -> str:
    """Write the statement that copies the first row of a table, but for the columns that are a copy's own."""
    columns = connection.execute(
        "select column_name from information_schema.columns where table_name = %s and is_generated = 'NEVER'", [table]
    ).fetchall()
    names = ", ".join(f'"{name}"' for (name,) in columns)
    values = ", ".join(own.get(str(name), f'one."{name}"') for (name,) in columns)
    return sql.format(names=names, values=values, open=OPEN, nobodys=NOBODYS)


def _lengthen(connection: Connection) -> None:
    """Give three open tickets of one member as many messages as LONG says: those of closed ones."""
    open_ones = connection.execute(
        "select id from tickets_ticket where level < 6 and member_id is not null and merged_into_id is null "
        "and number > 100000 order by member_id, id limit 3"
    ).fetchall()
    start = 0
    for (pk,), (number, count) in zip(open_ones, LONG.items(), strict=True):
        connection.execute("update tickets_ticket set number = %s where id = %s", [number, pk])
        connection.execute("delete from tickets_entry where ticket_id = %s", [pk])
        connection.execute(
            "update tickets_entry set ticket_id = %s where id in (select entry.id from tickets_entry entry "
            "join tickets_ticket ticket on ticket.id = entry.ticket_id and ticket.level = 6 "
            "order by entry.id offset %s limit %s)",
            [pk, start, count],
        )
        start += count
