"""What arrives: how fast a webhook answers and mails are read, search over messages, and a large mail's memory.

The web server, the worker, the database and whoever delivers share the machine's cores, as everything here does.
"""

import base64
import http.client
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from queue import Empty, SimpleQueue
from typing import Any

import django
import psycopg

from bench.cluster import ROOT, Servers
from bench.figures import Figure, percentile
from bench.web import run_inside, serving
from runtime import keys
from runtime.servers import logins

DATABASE, JOBS = "bench_inbound", 2000
MAILS = int(os.environ.get("BENCH_MAILS", "1200"))
MESSAGES = int(os.environ.get("BENCH_MESSAGES", "1000000"))
SENDERS, ROUNDS = 4, 5
LOGIN = "bench:bench"
LARGE = 25_000_000
Acts = dict[str, Callable[..., Iterator[Any]]]


def measure(servers: Servers) -> list[Figure]:
    """On a database of its own: deliver and read, then search, then read a large one."""
    servers.drop(DATABASE)
    servers.prepare(DATABASE)
    servers.manage(DATABASE, "seed_scale", "--jobs", str(JOBS), "--verbosity", "0")
    told = json.loads(run_inside(servers, DATABASE, "bench.messages.inbound", "prepare"))
    figures = _delivered(servers, told["path"], told["senders"])
    _fill(servers)
    found = json.loads(run_inside(servers, DATABASE, "bench.messages.inbound", "search"))
    note = "; ".join(f"“{text}” {ms:.0f} ms" for text, ms in found["slowest"])
    figures.append(
        Figure(f"search over {MESSAGES:,} messages, p95", percentile(found["times"], 0.95), "ms", most=200, note=note)
    )
    grown = json.loads(run_inside(servers, DATABASE, "bench.messages.inbound", "large"))
    figures.append(Figure("memory to read a mail of 25 MB", grown["megabytes"], "MB", most=200))
    servers.drop(DATABASE)
    return figures


def _delivered(servers: Servers, path: str, senders: list[str]) -> list[Figure]:
    bodies: SimpleQueue[bytes] = SimpleQueue()
    for number in range(MAILS):
        bodies.put(_request(number, senders[number % len(senders)]))
    times: list[float] = []
    with serving(servers, DATABASE) as port:
        argv = [sys.executable, "-m", "bench.messages.inbound", "read", str(MAILS)]
        environment = servers.environment(DATABASE, SECRET_KEY=keys.secret_key(servers.folder))
        reader = subprocess.Popen(argv, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert reader.stdout is not None
        reader.stdout.readline()
        begin = time.perf_counter()
        threads = [threading.Thread(target=_deliver, args=(port, path, bodies, times)) for _ in range(SENDERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if reader.wait(timeout=600):
            raise RuntimeError("the reader failed")
        seconds = time.perf_counter() - begin
    return [
        Figure("answer of a webhook, p95", percentile(times, 0.95) * 1000, "ms", most=60, note=f"{MAILS:,} mails"),
        Figure("mails from webhook to read message", MAILS / seconds, "a second", least=60),
    ]


def _deliver(port: int, path: str, bodies: "SimpleQueue[bytes]", times: list[float]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        "Host": f"localhost:{port}",
        "Content-Type": "application/json",
        "Authorization": f"Basic {base64.b64encode(LOGIN.encode()).decode()}",
    }
    while True:
        try:
            body = bodies.get_nowait()
        except Empty:
            return
        begin = time.perf_counter()
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        response.read()
        times.append(time.perf_counter() - begin)
        if response.status != 200:
            raise RuntimeError(f"the webhook answers {response.status}")


def _request(number: int, sender: str) -> bytes:
    """A mail as Postmark delivers it: every second one of a customer there is, with a quote below it."""
    mail = EmailMessage()
    mail["From"] = sender if number % 2 else f"Stranger {number} <stranger{number}@mail.example>"
    mail["To"], mail["Subject"], mail["Message-ID"] = (
        "bench@house.example",
        f"Roof {number}",
        f"<{number}@mail.example>",
    )
    quoted = "".join(f"> line {line} of what was written before\n" for line in range(30))
    mail.set_content(f"Hello,\n\nthe gutter drips again, number {number}.\n\nOn Mon, Nov 2, 2026 you wrote:\n{quoted}")
    mail.add_alternative(f"<p>Hello,</p><p>the gutter drips again, number {number}.</p>", subtype="html")
    told = {"RawEmail": mail.as_string(), "OriginalRecipient": "bench@house.example", "MessageID": str(number)}
    return json.dumps(told | {"FromFull": {}, "ToFull": [], "Headers": [], "Attachments": []}).encode()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    acts: dict[str, Callable[..., Iterator[Any]]] = {
        "prepare": _prepare,
        "read": _read,
        "search": _search,
        "large": _large,
    }
    for line in acts[sys.argv[1]](*sys.argv[2:]):
        print(json.dumps(line), flush=True)


def _tenant() -> Any:
    from crm.platform.models import Tenant

    return Tenant.objects.get(slug="scale-1")


def _prepare() -> Iterator[Any]:
    from django.urls import reverse

    from comms.channels.webhook_address import token_of
    from comms.models import Channel
    from crm.people.models import ContactPoint
    from crm.platform.organization.configuration import directory
    from crm.platform.tenancy.context import use_tenant

    with use_tenant(_tenant()):
        channel = Channel.create(
            by=None,
            brand=directory().default_brand,
            medium="email",
            role="support",
            provider="postmark",
            address="bench@house.example",
            secrets={"webhook_login": LOGIN},
        )
        points = ContactPoint.objects.filter(kind="email").select_related("person").order_by("pk")[:200]
        senders = [f"{point.person.name} <{point.value}>" for point in points]
        yield {"path": reverse("hooks:webhook", args=["postmark", token_of(channel)]), "senders": senders}


def _read(count: str) -> Iterator[Any]:
    """One worker, for as long as it takes until so many are read."""
    from comms.models import Inbound
    from crm.platform.tenancy.context import use_tenant
    from crm.platform.work import due

    tenant = _tenant()
    yield "ready"
    while True:
        if not due.run_due_work():
            with use_tenant(tenant):
                if Inbound.objects.filter(state="read").count() >= int(count):
                    return
            time.sleep(0.01)


# What somebody searches: common words and rare ones, several, the beginning of one, one that is nowhere.
QUERIES = (
    "roof",
    "w1",
    "w17",
    "w499",
    "w4999",
    "w4",
    "roof w17",
    "w17 w499",
    "gutter w3000 w20",
    "nowhere",
    "ro",
    "w123",
)
_FILL = """
    insert into comms_message ({names}) select {values} from (
        select n, words.said || case when n %% 3 = 0 then ' roof' else '' end
            || case when n %% 50 = 0 then ' gutter' else '' end as words
        from generate_series(%s::integer, %s::integer) n, lateral (
            select string_agg('w' || (power(random(), 3) * 5000)::integer, ' ') as said
            from generate_series(1, 40) where n > 0) words
    ) made, (select * from comms_message order by id limit 1) one
"""
CHUNK = 25_000


def _fill(servers: Servers) -> None:
    """Write messages of forty words each, copies of one that was received; as the owner, whom no policy holds up."""
    own = {"uid": "uuidv7()", "message_id": "''", "provider_id": "''", "text": "words", "search_text": "words"}
    own |= {"at": "one.at - n * interval '1 minute'"}
    with psycopg.connect(servers.url(logins.OWNER, DATABASE), autocommit=True) as connection:
        columns = connection.execute(
            "select column_name from information_schema.columns where table_name = 'comms_message' "
            "and is_generated = 'NEVER' and column_name <> 'id'"
        ).fetchall()
        names = ", ".join(f'"{name}"' for (name,) in columns)
        values = ", ".join(own.get(name, f'one."{name}"') for (name,) in columns)
        connection.execute("set statement_timeout = 0")
        for start in range(1, MESSAGES, CHUNK):
            end = min(start + CHUNK - 1, MESSAGES)
            connection.execute(_FILL.format(names=names, values=values).encode(), [start, end])
        connection.execute("vacuum analyze comms_message")


def _search() -> Iterator[Any]:
    from comms.search.messages import search
    from crm.platform.models import Member, Role
    from crm.platform.tenancy.context import use_tenant

    tenant = _tenant()
    times: dict[str, list[float]] = {text: [] for text in QUERIES}
    with use_tenant(tenant):
        people = [Member.objects.filter(role=role).order_by("pk")[0] for role in (Role.REP, Role.MANAGER)]
        for text in QUERIES:
            for member in people:
                search(text, by=member)
                for _ in range(ROUNDS):
                    begin = time.perf_counter()
                    search(text, by=member)
                    times[text].append((time.perf_counter() - begin) * 1000)
    slowest = sorted(((text, percentile(taken, 0.5)) for text, taken in times.items()), key=lambda row: -row[1])[:3]
    yield {"times": [ms for taken in times.values() for ms in taken], "slowest": slowest}


def _large() -> Iterator[Any]:
    from comms.inbound import inbound_processing, inbound_storage
    from comms.models import Inbound
    from crm.platform.tenancy.context import use_tenant

    tenant = _tenant()
    mail = b"From: Large <large@mail.example>\r\nTo: bench@house.example\r\nMessage-ID: <large@mail.example>\r\n"
    mail += b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nSee the file.\r\n--b\r\n'
    mail += b"Content-Type: video/mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    with use_tenant(tenant):
        content = base64.encodebytes(os.urandom(1 << 16)) * (LARGE // 89_000)
        raw = mail + content + b"--b--\r\n"
        inbound, _new = inbound_storage.keep(raw, kind=Inbound.Kind.MAIL, channel=None, provider="bench")
        del content, raw
        inbound_processing.read_one(_small(inbound).pk)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        inbound_processing.read_one(inbound.pk)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        inbound.refresh_from_db()
        assert inbound.state == "read", inbound.reason
    yield {"megabytes": (after - before) / 1024}


def _small(like: Any) -> Any:
    """A mail that has everything loaded that reading loads."""
    from comms.inbound import inbound_storage

    raw = b"From: Small <small@mail.example>\r\nMessage-ID: <small@mail.example>\r\n\r\nHello\r\n"
    return inbound_storage.keep(raw, kind=like.kind, channel=None, provider="bench")[0]


if __name__ == "__main__":
    main()
