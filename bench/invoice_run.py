"""A run that bills 10,000 jobs: seconds for as many invoices drafted, issued and entered in the ledger, in slices.

The floor is the same number of invoices written by one INSERT … SELECT, with its indexes, checks and keys.
"""

import json
import os
import time
from typing import Any

import django

from bench.cluster import Servers
from bench.figures import Figure
from bench.web import run_inside

DATABASE, TENANT = "bench_invoices", "scale-1"
INVOICES = int(os.environ.get("BENCH_INVOICES", "10000"))
# More jobs than invoices, for jobs without a plan are refused; and the seconds that are promised for 10,000.
JOBS, REFUSED = INVOICES * 2, 100
PROMISED = 60.0
# What follows the run in the background is measured on so many.
SAMPLE, FOLLOWED = 250, "credit used, message queued, reminders scheduled"


def measure(servers: Servers) -> list[Figure]:
    """On a database of its own, for it changes what it measures."""
    servers.drop(DATABASE)
    servers.prepare(DATABASE)
    servers.manage(DATABASE, "seed_scale", "--tenants", "1", "--jobs", str(JOBS), "--verbosity", "0")
    result = json.loads(run_inside(servers, DATABASE, "bench.invoice_run").splitlines()[-1])
    servers.drop(DATABASE)
    rate = INVOICES / result["issued"]
    note = f"{rate:,.0f} a second, {result['issued'] / result['floor']:.1f} × floor"
    return [
        Figure(f"{INVOICES:,} invoices by one INSERT (floor)", result["floor"], "s"),
        Figure(f"{INVOICES:,} invoices previewed", result["previewed"], "s", note=f"{result['refused']} refused"),
        Figure(
            f"{INVOICES:,} invoices created by a run",
            result["issued"],
            "s",
            most=PROMISED * INVOICES / 10_000,
            note=note,
        ),
        Figure("numbers missing or given twice", result["gaps"], "", most=0),
        Figure("differences between the ledger and the invoices", result["differences"], "", most=0),
        Figure("issued invoices followed by their subscriber", SAMPLE / result["followed"], "a second", note=FOLLOWED),
    ]


def main() -> None:
    """Print what was measured as JSON. Runs inside the product."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    from crm.platform.models import Member, Tenant, User
    from crm.platform.tenancy.context import use_tenant

    tenant = Tenant.objects.get(slug=TENANT)
    with use_tenant(tenant):
        boss = Member.objects.get(user=User.objects.get(email=f"manager@{TENANT}.example"))
        ids = _agree_plans()
        floor = _insert_rows(ids[:INVOICES])
    print(json.dumps({"floor": floor, **_measure_run(tenant, boss, ids)}))


def _agree_plans() -> list[int]:
    """Agree on a plan with two parts for so many jobs; return their ids, with some that have none."""
    from billing.models import PaymentPart, PaymentPlan
    from crm.jobs.models import Job
    from crm.platform.database.bulk_write import insert_all

    jobs = list(Job.objects.filter(person__isnull=False).order_by("pk")[: INVOICES + REFUSED])
    plan = {"agreed": 1_000_000, "rates": {"70000": 1_000_000}}
    insert_all(PaymentPlan, [{"job_id": job.pk, "currency": job.currency, **plan} for job in jobs[REFUSED:]])
    parts = [("Work has begun", 600_000, "begun"), ("Done", 400_000, "done")]
    PaymentPart.objects.bulk_create(
        PaymentPart(plan_id=job.pk, position=position, name=name, ppm=share, amount=share, starts=starts)
        for job in jobs[REFUSED:]
        for position, (name, share, starts) in enumerate(parts)
    )
    return [job.pk for job in jobs]


def _insert_rows(job_ids: list[int]) -> float:
    """Insert as many drafts by one statement, and roll back; return the seconds."""
    from django.db import connection, transaction

    sql = """
        insert into billing_invoice (tenant_id, version, job_id, person_id, brand_id, kind, state, number, title, note,
            origin, currency, tax_mode, rounding, net, tax, total, taxes, paid, open, is_goodwill, seller, buyer,
            due_days, created_at, sort_at, dispute_words)
        select tenant_id, 1, id, person_id, brand_id, 'final', 'draft', '', 'Done', '', 'floor:' || id, currency,
            'included', 'total', 100, 0, 100, '[]', 0, 100, false, '{}', '{}', 14, now(), now(), ''
        from jobs_job where id = any(%s)"""
    begin = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [job_ids])
        cursor.execute("set constraints all immediate")
        seconds = time.perf_counter() - begin
        transaction.set_rollback(True)
    return seconds


def _measure_run(tenant: Any, boss: Any, ids: list[int]) -> dict[str, Any]:
    """Preview and begin the run as the request does, then slice by slice, each in a transaction of its own."""
    from billing.invoice_runs.kind import InvoiceRunKind, prepare_run, start_run
    from billing.invoice_runs.preview import preview_run
    from billing.invoices.issue_effects import follow_issued
    from billing.ledger.balance import find_differences
    from billing.models import Invoice
    from crm.platform.models import Event
    from crm.platform.tenancy.context import use_tenant
    from crm.platform.work import runs

    with use_tenant(tenant):
        run = prepare_run("bill", ids, by=boss)
    begin = time.perf_counter()
    with use_tenant(tenant):
        previewed = preview_run(run)
    previewed_at = time.perf_counter()
    with use_tenant(tenant):
        start_run(run, previewed)
        run.refresh_from_db()
    while run.is_working:
        with use_tenant(tenant):
            runs.work(InvoiceRunKind(), [run.pk])
            run.refresh_from_db()
    issued_at = time.perf_counter()
    with use_tenant(tenant):
        follow_issued(list(Event.objects.filter(kind="invoice.issued").order_by("pk")[:SAMPLE]))
    followed_at = time.perf_counter()
    with use_tenant(tenant):
        differences = len(find_differences())
        gaps = _count_gaps()
        missing = INVOICES - Invoice.objects.unpaid().count()
    return {
        "previewed": previewed_at - begin,
        "issued": issued_at - begin,
        "followed": followed_at - issued_at,
        "refused": sum(previewed.refusals.values()),
        "gaps": gaps + abs(missing),
        "differences": differences,
    }


def _count_gaps() -> int:
    """Return how many numbers are missing or double in the series of each brand and year."""
    from django.db.models import Count, Max

    from billing.models import Invoice

    series = Invoice.objects.issued().order_by().values("brand_id", "year")
    rows = series.annotate(last=Max("sequence"), numbers=Count("sequence", distinct=True), rows=Count("pk"))
    return sum(abs(row["last"] - row["numbers"]) + row["rows"] - row["numbers"] for row in rows)


if __name__ == "__main__":
    main()
