"""Give out a queue of 10,000 to 50 members by four workers at once: none twice, none left, as even as it can be."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from typing import Any

import django

from bench.cluster import ROOT, Servers
from bench.figures import Figure
from bench.web import run_inside
from runtime import keys

DATABASE, JOBS, TENANT = "bench_assignment", 30_000, "scale-1"
QUEUE, MEMBERS, WORKERS, KIND = 10_000, 50, 4, "leads"


def measure(servers: Servers) -> list[Figure]:
    """On a database of its own, for it changes what it measures."""
    servers.drop(DATABASE)
    servers.prepare(DATABASE)
    servers.manage(DATABASE, "seed_scale", "--tenants", "1", "--jobs", str(JOBS), "--verbosity", "0")
    run_inside(servers, DATABASE, "bench.assignment", "prepare")
    environment = servers.environment(DATABASE, SECRET_KEY=keys.secret_key(servers.folder))
    argv = [sys.executable, "-m", "bench.assignment", "drain"]
    workers = [
        subprocess.Popen(argv, env=environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(WORKERS)
    ]
    for worker in workers:
        assert worker.stdout is not None
        worker.stdout.readline()
    begin = time.perf_counter()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    if any(worker.wait(timeout=600) for worker in workers):
        raise RuntimeError("a worker failed")
    seconds = time.perf_counter() - begin
    told = json.loads(run_inside(servers, DATABASE, "bench.assignment", "count"))
    servers.drop(DATABASE)
    shared = f"{QUEUE:,} to {MEMBERS} members by {WORKERS} workers"
    return [
        Figure(f"{shared}: placed", QUEUE / seconds, "a second", note=f"{seconds:.1f} s"),
        Figure(f"{shared}: placed twice", told["twice"], "", most=0),
        Figure(f"{shared}: left", told["left"], "", most=0),
        Figure(f"{shared}: most less fewest", told["spread"], "", most=1),
    ]


def main() -> None:
    """Prepare, drain or count, as asked. Runs inside the product."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    {"prepare": _prepare, "drain": _drain, "count": _count}[sys.argv[1]]()


def _prepare() -> None:
    """Fifty members of a team with a rule; ten thousand open leads of nobody, and no other that is open."""
    from crm.jobs.models import Job, Side
    from crm.jobs.models.assignment import AssignmentRule
    from crm.platform.models import Member, Role, Team, TeamMember, User
    from crm.platform.tenancy.context import use_tenant

    with use_tenant(_tenant()):
        manager = Member.objects.order_by("pk")[0]
        team = Team.create("Bench", by=None)
        for at in range(MEMBERS):
            user = User.objects.create(email=f"bench{at}@{TENANT}.example", name=f"Bench {at}", password="")
            TeamMember.objects.create(team=team, member=Member.objects.create(user=user, name=user.name, role=Role.REP))
        ids = list(Job.objects.open().order_by("pk").values_list("pk", flat=True)[:QUEUE])
        assert len(ids) == QUEUE, f"only {len(ids)} leads are open"
        Job.objects.open().update(member=manager)
        # All wait on us, and so weigh the same: then even is the same number.
        Job.objects.filter(pk__in=ids).update(member=None, side=Side.US)
        AssignmentRule.add(KIND, "Bench", team=team, by=None)


def _drain() -> None:
    """Say that it is ready, wait for the word, and drain, a batch in each transaction."""
    from crm.jobs.assignment import engine
    from crm.platform.tenancy.context import use_tenant

    tenant = _tenant()
    with use_tenant(tenant):
        engine.work_of(KIND)
    print("ready", flush=True)
    sys.stdin.readline()
    while True:
        with use_tenant(tenant):
            if not engine.drain(KIND, most=1):
                return


def _count() -> None:
    from crm.jobs.models import Job
    from crm.jobs.models.assignment import Placement
    from crm.platform.models import Team, TeamMember
    from crm.platform.tenancy.context import use_tenant

    with use_tenant(_tenant()):
        team = Team.objects.get(name="Bench")
        members = list(TeamMember.objects.filter(team=team).values_list("member_id", flat=True))
        given = Counter(Job.objects.open().filter(member_id__in=members).values_list("member_id", flat=True))
        placed = Counter(
            Placement.objects.filter(kind=KIND, member_id__isnull=False).values_list("subject_id", flat=True)
        )
        told = {
            "twice": sum(count - 1 for count in placed.values()),
            "left": Job.objects.open().filter(member=None).count(),
            "spread": max(given[pk] for pk in members) - min(given[pk] for pk in members),
        }
    print(json.dumps(told))


def _tenant() -> Any:
    from crm.platform.models import Tenant

    return Tenant.objects.get(slug=TENANT)


if __name__ == "__main__":
    main()
