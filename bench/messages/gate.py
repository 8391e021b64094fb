"""The gate: decisions a second of one process, in batches and one at a time. Runs inside the product."""

import json
import os
import sys
import time
from typing import Any

import django

from bench.cluster import Servers
from bench.figures import Figure
from bench.web import run_inside

DATABASE, JOBS = "bench_gate", 6_000
MESSAGES, BATCH, ALONE = 2_000, 50, 200


def measure(servers: Servers, database: str) -> list[Figure]:
    """On a seeded database; what it writes is taken back."""
    found = json.loads(run_inside(servers, database, "bench.messages.gate", "scale-1"))
    return [
        Figure("gate, decisions in batches of 50", found["batches"], "a second", least=500, note=found["note"]),
        Figure("gate, decisions one at a time", found["alone"], "a second"),
    ]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    from django.db import transaction

    from crm.platform.models import Tenant
    from crm.platform.tenancy.context import use_tenant

    with use_tenant(Tenant.objects.get(slug=sys.argv[1])):
        print(json.dumps(_measured()))
        transaction.set_rollback(True)


def _measured() -> dict[str, Any]:
    from comms.gate import decide_all
    from comms.models import Decision

    messages = _messages()
    decide_all(messages[:BATCH])
    begin = time.perf_counter()
    for at in range(0, len(messages), BATCH):
        decide_all(messages[at : at + BATCH])
    batches = len(messages) / (time.perf_counter() - begin)
    begin = time.perf_counter()
    for message in messages[:ALONE]:
        decide_all([message])
    alone = ALONE / (time.perf_counter() - begin)
    outcomes = sorted(set(Decision.objects.values_list("outcome", flat=True)))
    return {"batches": batches, "alone": alone, "note": f"{MESSAGES:,} texts, {BATCH} a batch: {', '.join(outcomes)}"}


def _messages() -> list[Any]:
    """Texts to the customers of as many jobs, each with something sent to them before."""
    from comms.models import Channel, Message
    from crm.jobs.models import Job
    from crm.people.models import ContactPoint
    from crm.platform.models import Brand

    brand = Brand.objects.order_by("pk")[0]
    channel = Channel.objects.create(
        brand=brand, medium="sms", role="support", provider="embedded", address="+18135550100"
    )
    points = {point.person_id: point.value for point in ContactPoint.objects.filter(kind="phone").order_by("-pk")}
    jobs = [job for job in Job.objects.open().select_related("member").order_by("pk") if job.person_id in points]
    given = {"brand": brand, "channel": channel, "medium": "sms", "direction": "out", "text": "We come at nine."}
    rows = [
        Message(
            **given, person_id=job.person_id, job=job, author=job.member, address=points[job.person_id], state=state
        )
        for job in jobs[:MESSAGES]
        for state in ("sent", "queued")
    ]
    Message.objects.bulk_create(rows)
    return [row for row in rows if row.state == "queued"]


if __name__ == "__main__":
    main()
