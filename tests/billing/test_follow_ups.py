"""Follow-ups about an invoice: planned from its page and by the reminders of late invoices, and shown there."""

from collections.abc import Callable
from datetime import timedelta

from billing.dunning.ladder_steps import plan_call
from billing.models import Invoice
from followups.models import FollowUp
from tests.billing.conftest import NOON
from tests.cast import House
from tests.followups.conftest import Browser
from tests.queries import data_queries


def test_it_is_planned_in_the_same_form_and_stands_on_the_page(
    house: House, sam: Browser, bill: Callable[..., Invoice]
) -> None:
    invoice = bill(10_000)
    assert f"followups/about/?invoice={invoice.uid}" in sam.get(f"invoices/{invoice.uid}/")
    assert invoice.number in sam.get(f"followups/new/?invoice={invoice.uid}", htmx=True)
    sam.post("followups/new/", {"invoice": str(invoice.uid), "text": "call tomorrow 3pm"})
    row = FollowUp.objects.about(invoice).get()
    assert (row.job, row.person) == (invoice.job, invoice.person)
    assert f"invoices/{invoice.uid}/" in sam.get(f"followups/{row.uid}/")


def test_the_call_about_a_late_invoice_stands_on_its_page(
    house: House, sam: Browser, bill: Callable[..., Invoice]
) -> None:
    invoice = bill(10_000)
    plan_call(invoice, "Call about %(number)s: %(open)s is open")
    assert f"Call about {invoice.number}" in sam.get(f"followups/about/?invoice={invoice.uid}", htmx=True)


def test_a_list_reads_the_invoices_of_many_with_one_statement(
    house: House, rita: Browser, bill: Callable[..., Invoice]
) -> None:
    counts = []
    for nth in range(3):
        at = NOON + timedelta(hours=nth + 1)
        FollowUp.plan(kind="call", subject="Call", due_at=at, by=house.rita, assignee=house.rita, about=bill(10_000))
        rita.get("followups/")
        with data_queries() as asked:
            rita.get("followups/")
        counts.append(len(asked))
    assert counts[0] == counts[2]
