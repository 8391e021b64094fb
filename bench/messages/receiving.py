"""`manage.py receive_email` of ordinary mails: strangers, customers with an open lead, and answers on their tickets.

The floor is the same rows inserted one by one by SQL alone, with a commit for each mail.
"""

import json
import mailbox
import resource
import subprocess
import sys
import time
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from bench.cluster import ROOT, Servers
from bench.figures import Figure
from bench.web import run_inside
from runtime.servers import logins

DATABASE, JOBS = "bench_receiving", 2_000
# An answer names the stranger's mail so far back, which is on its ticket by then.
MAILS, BACK = 500, 32
ADDRESS = "bench@house.example"
# What a mail writes.
TABLES = (
    *("comms_inbound", "people_person", "people_contactpoint", "comms_message", "tickets_ticket", "tickets_entry"),
    *("tickets_participant", "tickets_ticketclock", "platform_event", "platform_undispatched"),
)


# One by one, in two transactions each, the mails took 22 times the floor.
MOST = 15.0


def measure(servers: Servers) -> list[Figure]:
    """On a database of its own: receive the mails, then insert what they wrote once more."""
    servers.drop(DATABASE)
    servers.prepare(DATABASE)
    servers.manage(DATABASE, "seed_scale", "--jobs", str(JOBS), "--verbosity", "0")
    senders = json.loads(run_inside(servers, DATABASE, "bench.messages.inbound", "prepare"))["senders"]
    before = _newest(servers)
    seconds, processor = _receive(servers, senders)
    floor = _insert_again(servers, before)
    servers.drop(DATABASE)
    note = f"{MAILS} mails; {processor / MAILS * 1000:.0f} ms of a processor each, besides Postgres"
    return [
        Figure("receive_email, against inserting the same rows", seconds / floor, "times", most=MOST, note=note),
        Figure("mails by receive_email", MAILS / seconds, "a second"),
    ]


def _receive(servers: Servers, senders: list[str]) -> tuple[float, float]:
    """Receive the mails as an mbox; the seconds after the first of them, and those the process computed."""
    folder = servers.folder / "receiving"
    folder.mkdir(exist_ok=True)
    one, rest = folder / "one.mbox", folder / "rest.mbox"
    _write(one, [_mail(MAILS, senders)])
    _write(rest, [_mail(number, senders) for number in range(MAILS)])
    alone, alone_processor = _run(servers, one)
    together, processor = _run(servers, rest)
    return together - alone, processor - alone_processor


def _run(servers: Servers, path: Path) -> tuple[float, float]:
    argv = [sys.executable, str(ROOT / "manage.py"), "receive_email", "--tenant", "scale-1", str(path)]
    begin, used = time.perf_counter(), _used()
    subprocess.run(argv, env=servers.environment(DATABASE), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin, _used() - used


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def _write(path: Path, mails: list[EmailMessage]) -> None:
    path.unlink(missing_ok=True)
    box = mailbox.mbox(path)
    for mail in mails:
        box.add(mail)
    box.close()


def _mail(number: int, senders: list[str]) -> EmailMessage:
    """A stranger's mail, a customer's, or what a stranger of the mails before answers to their own first mail."""
    kind, stranger = number % 3, f"Stranger {number} <stranger{number}@mail.example>"
    mail = EmailMessage()
    mail["To"], mail["Subject"], mail["Message-ID"] = ADDRESS, f"Roof {number}", f"<{number}@mail.example>"
    if kind == 1:
        mail["From"] = senders[number % len(senders)]
    elif kind == 2 and number > BACK:
        first = number - BACK
        mail["From"] = f"Stranger {first} <stranger{first}@mail.example>"
        mail["In-Reply-To"] = f"<{first}@mail.example>"
        del mail["Subject"]
        mail["Subject"] = f"Re: Roof {first}"
    else:
        mail["From"] = stranger
    quoted = "".join(f"> line {line} of what was written before\n" for line in range(30))
    mail.set_content(f"Hello,\n\nthe gutter drips again, number {number}.\n\nOn Mon, Nov 2, 2026 you wrote:\n{quoted}")
    mail.add_alternative(f"<p>Hello,</p><p>the gutter drips again, number {number}.</p>", subtype="html")
    return mail


def _newest(servers: Servers) -> dict[str, Any]:
    with psycopg.connect(servers.url(logins.OWNER, DATABASE)) as connection:
        rows = [
            (table, connection.execute(_of(table, "select coalesce(max({key}), 0) from {table}"))) for table in TABLES
        ]
        return {table: row.fetchone()[0] for table, row in rows}  # type: ignore[index]


def _insert_again(servers: Servers, before: dict[str, Any]) -> float:
    """Insert the rows that came since into tables of the same shape, a mail's in one transaction; the seconds."""
    with psycopg.connect(servers.url(logins.OWNER, DATABASE)) as connection:
        for table in TABLES:
            connection.execute(_of(table, "create table {copy} (like {table} including defaults including indexes)"))
        connection.commit()
        waiting: list[tuple[str, list[Any]]] = []
        for table in TABLES:
            chosen = _of(table, "select {key} from {table} where {key} > %s order by 1")
            waiting.append((table, [key for (key,) in connection.execute(chosen, [before[table]]).fetchall()]))
        begin = time.perf_counter()
        for number in range(MAILS):
            for table, keys in waiting:
                share = keys[len(keys) * number // MAILS : len(keys) * (number + 1) // MAILS]
                for key in share:
                    copied = _of(
                        table, "insert into {copy} overriding system value select * from {table} where {key} = %s"
                    )
                    connection.execute(copied, [key])
            connection.commit()
        return time.perf_counter() - begin


def _of(table: str, statement: str) -> sql.Composed:
    key = "event_id" if table == "platform_undispatched" else "id"
    names = {"table": sql.Identifier(table), "copy": sql.Identifier(f"floor_{table}"), "key": sql.Identifier(key)}
    return sql.SQL(statement).format(**names)
