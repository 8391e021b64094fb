"""Subscribes a webhook and has events happen: `python -m tests.survival.ear.subscribe 8080 6` for six of them."""

import sys

import django


def main(port: int, count: int) -> None:
    """Have a webhook at that port called for so many events."""
    from api.models import EventSubscription
    from crm.automation.models import Webhook
    from crm.jobs.models import Job
    from crm.platform.events import events
    from crm.platform.models import Member, Tenant
    from crm.platform.tenancy.context import use_tenant

    tenant = Tenant.objects.order_by("pk")[0]
    with use_tenant(tenant):
        by = Member.objects.get(role="admin")
        webhook, _secret = Webhook.add("Peer", f"http://127.0.0.1:{port}/hook", by=by)
        EventSubscription.subscribe(webhook, ["lead.won"], member=by, by=by)
    with use_tenant(tenant):
        job = Job.objects.order_by("pk")[0]
        for _event in range(count):
            events.record("lead.won", subject=job, by=by, job_id=job.pk)


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]))
