"""Updates: 10,000 due at once are drafted, each once, even where the worker is killed in the middle."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import django

from bench.cluster import ROOT, Servers
from bench.figures import Figure
from bench.web import run_inside
from runtime import keys

DATABASE = "bench_updates"
UPDATES = int(os.environ.get("BENCH_UPDATES", "10000"))
MODULE = "bench.messages.updates"


def measure(servers: Servers) -> list[Figure]:
    """On a database of its own, for it changes what it measures."""
    servers.drop(DATABASE)
    servers.prepare(DATABASE)
    servers.manage(DATABASE, "seed_scale", "--jobs", str(UPDATES), "--verbosity", "0")
    run_inside(servers, DATABASE, MODULE, "plan")
    killed = _worker(servers)
    killed.stdout.readline()  # type: ignore[union-attr]  # its first batch is committed
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    before = json.loads(run_inside(servers, DATABASE, MODULE, "count"))["drafts"]
    begin = time.perf_counter()
    worker = _worker(servers)
    worker.communicate()
    seconds = time.perf_counter() - begin
    told = json.loads(run_inside(servers, DATABASE, MODULE, "count"))
    servers.drop(DATABASE)
    note = f"{told['drafts']:,} drafts, {before:,} of them before the worker was killed"
    return [
        Figure("updates drafted by one worker", (told["drafts"] - before) / seconds, "a second", least=100, note=note),
        Figure("updates lost or drafted twice", told["lost"] + told["doubled"], most=0),
    ]


def _worker(servers: Servers) -> "subprocess.Popen[bytes]":
    environment = servers.environment(DATABASE, SECRET_KEY=keys.secret_key(servers.folder))
    argv = [sys.executable, "-m", MODULE, "work"]
    return subprocess.Popen(argv, env=environment, cwd=ROOT, stdout=subprocess.PIPE)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    {"plan": _plan, "work": _work, "count": _count}[sys.argv[1]]()


def _plan() -> None:
    """Have every job be told of, and all of them be due today."""
    from django.db import connection

    from crm.jobs.models import Job
    from crm.kernel import clock
    from crm.platform.models import Tenant
    from crm.platform.tenancy.context import use_tenant
    from portal.models import UpdatePlan
    from portal.models.update_plan import schedule_drafts

    for tenant in Tenant.objects.order_by("pk"):
        with use_tenant(tenant), connection.cursor() as cursor:
            cursor.execute("set local statement_timeout to 0")
            now = clock.now()
            jobs = list(Job.objects.filter(person__isnull=False))
            UpdatePlan.begin_all(jobs, told_until=now - timedelta(days=14))
            UpdatePlan.objects.update(next_due_at=now + timedelta(hours=1))
            schedule_drafts(UpdatePlan.objects.all())


def _work() -> None:
    """Run what is due; a line for each tick, so that who waits for the first knows."""
    from django.db.models import F

    from crm.platform.models import Due
    from crm.platform.work import due

    # What a killed worker had claimed is leased for two minutes; nobody waits for that here.
    Due.objects.filter(kind="update.draft").update(run_at=F("due_at"))
    while due.run_due_work():
        print("tick", flush=True)


def _count() -> None:
    from django.db.models import Count

    from crm.platform.models import Tenant
    from crm.platform.tenancy.context import use_tenant
    from portal.models import CustomerUpdate, UpdatePlan

    told = {"drafts": 0, "lost": 0, "doubled": 0}
    for tenant in Tenant.objects.order_by("pk"):
        with use_tenant(tenant):
            drafts = CustomerUpdate.objects.count()
            told["drafts"] += drafts
            told["lost"] += max(0, UpdatePlan.objects.running().count() - drafts)
            per_job = CustomerUpdate.objects.values("job").annotate(count=Count("pk"))
            told["doubled"] += per_job.filter(count__gt=1).count()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
