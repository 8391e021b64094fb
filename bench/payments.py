"""Webhooks of payments: 5,000 in random order, 30 % of them repeats; every invoice is right, and nothing is doubled.

The floor is the same number of payments received without a provider: `receive_payment` alone.
"""

import json
import os
import random
import time
from typing import Any

import django

from bench.cluster import Servers
from bench.figures import Figure
from bench.web import run_inside

DATABASE, TENANT, JOBS = "bench_payments", "scale-1", 5_000
WEBHOOKS, REPEATS = 5_000, 1_500
FLOOR = 500
AMOUNT = 100_00


def measure(servers: Servers) -> list[Figure]:
    """On a database of its own, for it changes what it measures."""
    servers.drop(DATABASE)
    servers.prepare(DATABASE)
    servers.manage(DATABASE, "seed_scale", "--tenants", "1", "--jobs", str(JOBS), "--verbosity", "0")
    result = json.loads(run_inside(servers, DATABASE, "bench.payments").splitlines()[-1])
    servers.drop(DATABASE)
    return [
        Figure(
            f"{WEBHOOKS:,} payment webhooks, {REPEATS / WEBHOOKS:.0%} repeats: invoices that are wrong",
            result["wrong"],
            "",
            most=0,
        ),
        Figure("payments that were received twice", result["doubled"], "", most=0),
        Figure("differences between the ledger and the invoices", result["differences"], "", most=0),
        Figure(
            "webhooks taken and processed by one process",
            WEBHOOKS / result["seconds"],
            "a second",
            note=f"payments received without a provider: {result['floor']:,.0f} a second",
        ),
    ]


def main() -> None:
    os.environ["CRM_DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    from crm.platform.models import Tenant

    print(json.dumps(_measure_here(Tenant.objects.get(slug=TENANT).pk)))


def _measure_here(tenant_id: int) -> dict[str, Any]:
    from billing.ledger.balance import find_differences
    from billing.models import Invoice, Payment, ProviderEvent
    from billing.providers.events import read_event
    from crm.platform.tenancy.context import use_tenant

    with use_tenant(tenant_id):
        webhooks = _build_webhooks(WEBHOOKS - REPEATS)
        floor = _receive_alone()
    random.Random(34).shuffle(webhooks)
    begin = time.perf_counter()
    for nth, webhook in enumerate(webhooks):
        webhook()
        # Workers read while others come in.
        if nth % 50 == 49 or nth == len(webhooks) - 1:
            with use_tenant(tenant_id):
                waiting = list(ProviderEvent.objects.filter(state="new").values_list("pk", flat=True))
            for event_id in waiting:
                read_event(tenant_id, event_id)
    seconds = time.perf_counter() - begin
    with use_tenant(tenant_id):
        online = Invoice.objects.filter(attempts__isnull=False)
        payments = Payment.objects.filter(provider="demo").count()
        return {
            "seconds": seconds,
            "floor": floor,
            "wrong": online.exclude(open=0, paid=AMOUNT).count(),
            "doubled": payments - (WEBHOOKS - REPEATS),
            "differences": len(find_differences()),
        }


def _build_webhooks(count: int) -> list[Any]:
    """Issue so many invoices, play that each is paid, and return the webhooks, with repeats."""
    from billing.models import PaymentAttempt, ProviderAccount
    from billing.providers.checkouts import payment_ways, start_payment
    from billing.providers.views.demo_page import build_webhook
    from crm.jobs.models import Job

    jobs = list(Job.objects.select_related("brand", "person").order_by("pk")[:count])
    for brand in {job.brand for job in jobs}:
        ProviderAccount.connect(brand, "demo", {"key": "bench"}, by=None)
    for job in jobs:
        invoice = _issue(job)
        start_payment(invoice, AMOUNT, payment_ways(invoice)[0], "https://example.com/")
    PaymentAttempt.objects.update(played="paid")
    attempts = PaymentAttempt.objects.select_related("account").order_by("pk")
    webhooks = [build_webhook(attempt) for attempt in attempts]
    return webhooks + random.Random(1).sample(webhooks, REPEATS)


def _issue(job: Any) -> Any:
    from billing.models import Invoice, LineDraft

    invoice = Invoice.draft(job, "progress", "Work", [LineDraft("Work", AMOUNT, tax_rate=0)], by=None)
    invoice.issue(by=None)
    return invoice


def _receive_alone() -> float:
    """Receive payments of further invoices without a provider; return how many a second."""
    from billing.payments.receiving import receive_payment
    from crm.jobs.models import Job

    invoices = [_issue(job) for job in Job.objects.select_related("brand", "person").order_by("-pk")[:FLOOR]]
    begin = time.perf_counter()
    for nth, invoice in enumerate(invoices):
        receive_payment("floor", str(nth), amount=AMOUNT, currency=invoice.currency, method="bank", invoices=[invoice])
    return FLOOR / (time.perf_counter() - begin)


if __name__ == "__main__":
    main()
