"""Rules: what an event with fifty of them costs, how fast two processes fire what is due, how long a dry run takes."""

import json
import os
import resource
import subprocess
import sys
import time
from datetime import datetime, timedelta
from typing import Any

import django

from bench.cluster import ROOT, Servers
from bench.figures import Figure, percentile
from bench.web import run_inside
from runtime import keys

DATABASE, TENANT = "bench_rules", "scale-1"
RULES, EVENTS, WORKERS = 50, 200, 2
# Times that a process holds at once: of those due later some are fired first, while the other is still at work.
HELD = 500
HISTORY = 100_000
# Leads of which enough are open, times that are due at once, and times that are pending; of a quick run.
JOBS, TIMERS, PENDING = 300_000, 100_000, 1_000_000
QUICK_JOBS, QUICK_TIMERS, QUICK_PENDING = 30_000, 10_000, 100_000
FEW = 10_000
TICKS = 200


def measure(servers: Servers, *, is_quick: bool = False) -> list[Figure]:
    """On a database of its own, for it changes what it measures."""
    jobs, timers = (QUICK_JOBS, QUICK_TIMERS) if is_quick else (JOBS, TIMERS)
    servers.drop(DATABASE)
    servers.prepare(DATABASE)
    servers.manage(DATABASE, "seed_scale", "--tenants", "1", "--jobs", str(jobs), "--verbosity", "0")
    told = json.loads(run_inside(servers, DATABASE, "bench.rules", "evaluate").splitlines()[-1])
    run_inside(servers, DATABASE, "bench.rules", "prepare", str(timers))
    seconds, busy = _drain(servers)
    fired = json.loads(run_inside(servers, DATABASE, "bench.rules", "count", str(timers)))
    pending = QUICK_PENDING if is_quick else PENDING
    idle = json.loads(run_inside(servers, DATABASE, "bench.rules", "pending", str(pending)).splitlines()[-1])
    servers.drop(DATABASE)
    return [
        Figure(
            f"deciding which of {RULES} rules an event is one for, 5 match",
            told["evaluation"],
            "ms",
            most=10,
            note=f"median of {EVENTS}; {told['queries']} queries",
        ),
        Figure("queries of it, 50 to 5 rules that do not match", told["queries"] - told["few"], "", most=0),
        Figure(
            "all of that event: decided, 50 runs noted, 5 rules fire and tell a member",
            told["whole"],
            "ms",
            note=f"no rule looks: {told['none']:.1f} ms",
        ),
        Figure(f"dry run over {HISTORY:,} events", told["dry"], "s", most=30),
        Figure(
            f"times of rules fired by {WORKERS} processes",
            timers / seconds,
            "a second",
            least=500,
            note=f"{timers:,}, each tells a member; {busy / timers * 1000:.2f} ms of a worker’s processor each",
        ),
        Figure("of these fired twice or not at all", fired["wrong"], "", most=0),
        Figure(
            f"of these fired before one due more than {WORKERS * HELD} places earlier",
            fired["early"],
            "",
            most=0,
            note=f"each process holds {HELD}; the furthest overtook one {fired['furthest']} places earlier",
        ),
        Figure(
            f"tick that fires one time of a rule, {pending:,} to {FEW:,} pending",
            idle["many"] / idle["few"],
            "×",
            most=1.3,
            note=f"{idle['few']:.2f} ms and {idle['many']:.2f} ms, median of {TICKS}",
        ),
    ]


def _drain(servers: Servers) -> tuple[float, float]:
    """Let two processes fire all that is due; return the seconds, and those their processors were busy."""
    environment = servers.environment(DATABASE, SECRET_KEY=keys.secret_key(servers.folder))
    argv = [sys.executable, "-m", "bench.rules", "drain"]
    workers = [
        subprocess.Popen(argv, env=environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(WORKERS)
    ]
    for worker in workers:
        assert worker.stdout is not None
        worker.stdout.readline()
    begin, before = time.perf_counter(), _busy()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    if any(worker.wait(timeout=600) for worker in workers):
        raise RuntimeError("a worker failed")
    return time.perf_counter() - begin, _busy() - before


def _busy() -> float:
    """Return the processor seconds of the processes that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Evaluate, prepare, drain, count or tick, as asked. Runs inside the product."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    {"evaluate": _evaluate, "prepare": _prepare, "drain": _drain_here, "count": _count, "pending": _pending}[
        sys.argv[1]
    ]()


def _tenant() -> Any:
    from crm.platform.models import Tenant

    return Tenant.objects.get(slug=TENANT)


def _add(name: str, trigger: str, where: str, **parts: Any) -> Any:
    from crm.automation.definition import Definition, DoStep
    from crm.automation.models import Mode, Rule

    steps = (DoStep("tell", {"who": "owner", "text": ""}),)
    return Rule.add(name, Definition("job", trigger, where=where, steps=steps, **parts), by=None, mode=Mode.ON)


def _evaluate() -> None:
    """Time what an event costs: deciding alone, and all of it. Five rules match and tell a member."""
    from crm.automation.models import Mode, Rule
    from crm.platform.tenancy.context import use_tenant

    with use_tenant(_tenant()):
        for at in range(RULES):
            _add(
                f"Rule {at}",
                "job.heard",
                f"where=value:min:{at + 1} USD&where=level:not:ended&where=touched:older:{'1' if at < 5 else '3000'}",
            )
    many = _time_events()
    with use_tenant(_tenant()):
        for rule in Rule.objects.order_by("pk")[10:]:
            rule.switch(Mode.OFF, by=None)
    few = _time_events()
    with use_tenant(_tenant()):
        for rule in Rule.objects.all():
            rule.switch(Mode.OFF, by=None)
    none = _time_events()
    told = {
        "evaluation": many[0],
        "whole": many[1],
        "queries": many[2],
        "few": few[2],
        "none": none[1],
        "dry": _dry(),
    }
    print(json.dumps(told))


def _time_events() -> tuple[float, float, int]:
    """Return the median milliseconds of deciding, and of all of it, and the queries of deciding, of an event."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from crm.automation.engine.starts import decide_starts
    from crm.automation.engine.subscriber import find_starts, handle_events
    from crm.jobs.models import Job
    from crm.kernel import clock
    from crm.platform.models import Event
    from crm.platform.tenancy.context import use_tenant

    deciding, taken = [], []
    with use_tenant(_tenant()):
        jobs = Job.objects.open().filter(value__gt=100_000, touched_at__lt=clock.now() - timedelta(days=2))
        ids = list(jobs.order_by("pk").values_list("pk", flat=True)[:EVENTS])
        for pk in ids:
            event = Event.objects.create(kind="job.heard", subject_kind="jobs.job", subject_id=pk, job_id=pk)
            begin = time.perf_counter()
            decide_starts(find_starts([event]))
            decided = time.perf_counter()
            handle_events([event])
            taken.append(time.perf_counter() - decided)
            deciding.append(decided - begin)
        event = Event.objects.create(kind="job.heard", subject_kind="jobs.job", subject_id=ids[0], job_id=ids[0])
        with CaptureQueriesContext(connection) as captured:
            decide_starts(find_starts([event]))
        queries = len(captured)
    return percentile(deciding, 0.5) * 1000, percentile(taken, 0.5) * 1000, queries


def _dry() -> float:
    """Make a history of so many events, and count over it."""
    from django.db import connection

    from crm.automation.definition import Definition
    from crm.automation.models import DryRun, Rule
    from crm.automation.preview import dry_run
    from crm.kernel import clock
    from crm.platform.models import Member
    from crm.platform.tenancy.context import use_tenant
    from crm.platform.work import due

    with use_tenant(_tenant()), connection.cursor() as cursor:
        cursor.execute(
            """insert into platform_event (tenant_id, at, kind, subject_kind, subject_id, job_id, data)
               select %s, %s - interval '20 seconds' * (%s - n), 'job.heard', 'jobs.job',
                      ids[1 + n %% cardinality(ids)], ids[1 + n %% cardinality(ids)], '{}'::jsonb
               from generate_series(1, %s) n, (select array_agg(id) ids from jobs_job) jobs""",
            [_tenant().pk, clock.now(), HISTORY, HISTORY],
        )
    begin = time.perf_counter()
    with use_tenant(_tenant()):
        rule = Rule.objects.order_by("pk").first()
        admin = Member.objects.filter(role="admin").first() or Member.objects.order_by("pk").first()
        run = dry_run.start_dry_run(rule, Definition.from_json(rule.version.definition), by=admin)
    while due.run_due_work():
        pass
    with use_tenant(_tenant()):
        run = DryRun.objects.get(pk=run.pk)
        assert run.status == "done", f"{run.status} {run.problem}"
        assert run.done >= HISTORY, f"only {run.done} were looked at"
    return time.perf_counter() - begin


def _prepare() -> None:
    """Leads that have stood in their step for so long, and a rule that waits for it, switched on."""
    from crm.automation.models import Rule, RuleRun, RuleTimer
    from crm.automation.span import Span, SpanUnit
    from crm.jobs.models import Job
    from crm.kernel import clock
    from crm.platform.tenancy.context import use_tenant
    from crm.platform.work import due

    tenant, timers = _tenant(), int(sys.argv[2])
    _take_time()
    with use_tenant(tenant):
        RuleRun.objects.all().delete()
        open_jobs = Job.objects.open().filter(stage_id__isnull=False).order_by("pk").values_list("pk", flat=True)
        chosen = list(open_jobs[:timers])
        assert len(chosen) == timers, f"only {len(chosen)} leads are open"
        last = Job.objects.filter(pk__lte=chosen[-1])
        Job.objects.filter(pk__gt=chosen[-1]).update(stage_id=None)
        last.update(entered_at=clock.now() - timedelta(days=1))
        _add("Stays", "job.stays", "", options={"step": ""}, span=Span(2, SpanUnit.DAYS))
    while due.run_due_work():
        pass
    now = clock.now()
    with use_tenant(tenant):
        assert RuleTimer.objects.count() == timers, f"{RuleTimer.objects.count()} times are set"
        Rule.objects.update(mode_at=now - timedelta(days=2))
        _spread(now)


# In which order leads are due: of theirs that has nothing to do with where their rows stand.
_ORDER = "row_number() over (order by md5(record_id::text), record_id)"


def _spread(now: datetime) -> None:
    """Have all times come before now, a millisecond apart."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            f"""with ordered as (select id, count(*) over () - {_ORDER} as place from automation_ruletimer)
                update automation_ruletimer as timer set at = %s - interval '1 millisecond' * place
                from ordered where ordered.id = timer.id""",
            [now],
        )
        cursor.execute(
            """update platform_due as due set due_at = timer.at, run_at = timer.at
               from automation_ruletimer as timer where due.kind = 'automation.timer' and due.subject_id = timer.id"""
        )


def _take_time() -> None:
    """Let a statement take as long as it takes: none of the product writes so many rows."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("set statement_timeout to 0")


def _drain_here() -> None:
    from crm.platform.work import due

    print("ready", flush=True)
    sys.stdin.readline()
    while due.run_due_work():
        pass


def _count() -> None:
    from crm.automation.models import RuleRun
    from crm.platform.tenancy.context import use_tenant

    with use_tenant(_tenant()):
        done = RuleRun.objects.filter(state="done").count()
        assert done, f"{list(RuleRun.objects.values_list('state', 'reason')[:3])}"
        print(json.dumps({"wrong": abs(done - int(sys.argv[2])), **_overtaken()}))


def _overtaken() -> dict[str, int]:
    """Count those that fired before one that was due many places earlier, and say how many places it was at most."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            f"""with run as (select id, {_ORDER} as due from automation_rulerun where state = 'done'),
                 ahead as (
                     select due - min(due) over (later rows between unbounded preceding and 1 preceding) as places
                     from run window later as (order by id desc)
                 )
                 select count(*) filter (where places > %s), coalesce(max(places), 0) from ahead""",
            [WORKERS * HELD],
        )
        early, furthest = cursor.fetchone()
    return {"early": early, "furthest": max(furthest, 0)}


def _pending() -> None:
    """Time a tick that fires one time, with few pending and with many, and say the median milliseconds of both."""
    told = {}
    for name, pending in (("few", FEW), ("many", int(sys.argv[2]))):
        _wait_for_a_far_day(pending)
        told[name] = percentile(_timed_ticks(), 0.5) * 1000
    print(json.dumps(told))


def _wait_for_a_far_day(pending: int) -> None:
    """Times of the rule that wait for a far day, until so many wait."""
    from django.db import connection

    from crm.automation.models import Rule
    from crm.kernel import clock
    from crm.platform.tenancy.context import use_tenant

    _take_time()
    with use_tenant(_tenant()), connection.cursor() as cursor:
        far, rule = clock.now() + timedelta(days=30), Rule.objects.get(name="Stays")
        cursor.execute(
            """with made as (
                   insert into automation_ruletimer (tenant_id, rule_id, record_id, since, value, at)
                   select %s, %s, 1000000000 + n, %s, 'far', %s + interval '1 second' * n
                   from generate_series((select count(*) from automation_ruletimer) + 1, %s) n
                   returning tenant_id, id, at)
               insert into platform_due (tenant_id, kind, subject_id, key, due_at, run_at, attempts, last_error)
               select tenant_id, 'automation.timer', id, 'automation.timer:' || id, at, at, 0, '' from made""",
            [_tenant().pk, rule.pk, far, far, pending],
        )


def _timed_ticks() -> list[float]:
    """Let one time after the other come, and return how long the tick took each."""
    from crm.automation.models import RuleRun, RuleTimer
    from crm.jobs.models import Job
    from crm.kernel import clock
    from crm.platform.models import Due
    from crm.platform.tenancy.context import use_tenant
    from crm.platform.work import due

    with use_tenant(_tenant()):
        RuleRun.objects.all().delete()
        jobs = list(
            Job.objects.open().filter(stage_id__isnull=False).order_by("pk").values_list("pk", flat=True)[:TICKS]
        )
    taken = []
    for pk in jobs:
        with use_tenant(_tenant()):
            timer = RuleTimer.objects.filter(record_id__gte=1_000_000_000).order_by("-pk").first()
            now = clock.now()
            RuleTimer.objects.filter(pk=timer.pk).update(record_id=pk, at=now, value=f"now:{pk}")
            Due.objects.filter(key=f"automation.timer:{timer.pk}").update(due_at=now, run_at=now)
        begin = time.perf_counter()
        claimed = due.run_due_work()
        taken.append(time.perf_counter() - begin)
        assert claimed, "a time has come"
        while due.run_due_work():
            pass
    with use_tenant(_tenant()):
        fired = RuleRun.objects.filter(state="done").count()
        assert fired == len(jobs), f"{fired} fired"
    return taken


if __name__ == "__main__":
    main()
