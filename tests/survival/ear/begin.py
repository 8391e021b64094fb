"""Begins a long run as the product does, in a process of its own: `python -m tests.survival.ear.begin bulk`."""

import io
import sys
from typing import Any

import django

ROWS = 2500


def main() -> None:
    """Leave a run behind that a worker has to carry on; with a number before its name, in that tenant."""
    from crm.platform.models import Member, Tenant
    from crm.platform.tenancy.context import use_tenant

    which = int(sys.argv.pop(1)) if sys.argv[1].isdecimal() else 0
    with use_tenant(Tenant.objects.order_by("pk")[which]):
        BEGINS[sys.argv[1]](Member.objects.get(role="manager"))


def bulk(by: Any) -> None:
    from crm.jobs.bulk.runs import prepare
    from crm.jobs.models import Job
    from crm.platform.work.runs import start

    ids = Job.objects.open().exclude(priority=1).order_by("pk").values_list("pk", flat=True)
    start(prepare("prioritize", list(ids), by=by), by=by, target="1")


def export(by: Any) -> None:
    from django.http import QueryDict

    from crm.web.lists import exports

    source = exports.exportable("leads")
    assert source
    exports.start(source, QueryDict(""), format="csv", by=by)


def import_file(by: Any) -> None:
    from crm.platform.work.runs import do_slice, start
    from leads.importing.runs import receive

    text = "Name,Email\n" + "".join(f"Lead {n},lead{n}@example.com\n" for n in range(ROWS))
    run = receive(io.BytesIO(text.encode()), "leads.csv", by=by, size=len(text))
    while do_slice(run):
        pass
    assert start(run, by=by)


def messages(by: Any) -> None:
    """Queue a mail to each of the names after the peer's port: `begin messages 2525 plain grey`."""
    from comms.models import Channel, Message
    from crm.jobs.models import Job
    from crm.platform.models import Brand

    port, *names = sys.argv[2:]
    job = Job.objects.select_related("person").order_by("pk")[0]
    channel = Channel.objects.filter(address="hello@suncoast.example").first() or Channel.create(
        by=by,
        brand=Brand.objects.get(is_default=True),
        medium="email",
        role="support",
        provider="smtp",
        address="hello@suncoast.example",
        settings={"host": "127.0.0.1", "port": int(port), "security": "none"},
    )
    for name in names:
        given = {"purpose": "transactional", "person": job.person, "job": job, "text": f"For {name}"}
        Message.queue(channel=channel, address=f"{name}@users.example", by=by, **given)


def mailboxes(by: Any) -> None:
    """Set up mailboxes at the peer's port: `begin mailboxes 1143 4`."""
    from comms.models import Channel
    from crm.platform.models import Brand

    port, count = map(int, sys.argv[2:])
    server = {"host": "127.0.0.1", "port": str(port), "security": "none", "username": "us"}
    brand = Brand.objects.get(is_default=True)
    mailbox = {"brand": brand, "medium": "email", "role": "support", "provider": "imap", "settings": server}
    for number in range(count):
        Channel.create(by=by, address=f"box{number}@suncoast.example", secrets={"password": "x"}, **mailbox)


def payment(by: Any) -> None:
    """Bill a job for 100.00 at a brand that is connected to Stripe, and begin to pay it by card."""
    from billing.models import Invoice, LineDraft, ProviderAccount
    from billing.providers.checkouts import payment_ways, start_payment
    from crm.jobs.models import Job

    job = Job.objects.select_related("person", "brand").order_by("pk")[0]
    ProviderAccount.connect(job.brand, "stripe", {"secret_key": "sk_test_1"}, by=by)
    invoice = Invoice.draft(job, "progress", "Work", [LineDraft("Work", 10_000)], by=by)
    invoice.issue(by=by)
    start_payment(invoice, 10_000, payment_ways(invoice)[0], "https://example.com/back")


def refund(by: Any) -> None:
    """Have somebody ask to pay 30.00 back of what was paid, and somebody else approve it."""
    from billing.models import Payment, Refund
    from crm.platform.models import Member

    paid = Payment.objects.get()
    asked = Refund.request(
        paid.allocations.get().invoice, 3_000, "back", "Stain", by=Member.objects.get(role="service"), payment=paid
    )
    asked.approve(by=by)


def rule(by: Any) -> None:
    """Have tickets given to whoever there is."""
    from crm.jobs.models.assignment import AssignmentRule

    AssignmentRule.add("tickets", "All", by=by)


BEGINS = {
    "rule": rule,
    "bulk": bulk,
    "export": export,
    "import": import_file,
    "messages": messages,
    "mailboxes": mailboxes,
    "payment": payment,
    "refund": refund,
}

if __name__ == "__main__":
    django.setup()
    main()
