"""The deposit arrives before the quote is accepted, while it is, afterwards, twice, or never."""

from datetime import timedelta

import pytest

from billing.models import Invoice, Payment
from billing.payments.receiving import receive_payment
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.tasks import dispatch_events
from quotes.models import Quote
from service.models import HandOff
from tests.billing.conftest import NOON
from tests.billing.test_dunning import deliver
from tests.cast import House, load_cast
from tests.quotes.offers import choice_of, signature_of, write_quote
from tests.together import together


@pytest.fixture
def sent(house: House) -> Quote:
    """$1,700 with a deposit of $510."""
    quote = write_quote(house)
    quote.send(by=house.rita)
    return quote


def accept(quote: Quote, house: House) -> None:
    Quote.objects.get(pk=quote.pk).accept(choice_of(quote), signature_of(house.cora))


def receive(house: House) -> None:
    """The provider reports the payment of the job's deposit, always under the same id."""
    job = Job.objects.get(pk=house.job.pk)
    receive_payment("stripe", "pi_1", amount=51_000, currency="USD", method="card", job=job)


@pytest.mark.parametrize(
    "order",
    [
        ("receive", "receive", "accept", "deliver"),
        ("receive", "accept", "receive", "deliver"),
        ("accept", "receive", "deliver", "receive"),
        ("accept", "deliver", "receive", "receive"),
        ("accept", "deliver", "receive", "deliver", "receive"),
    ],
)
def test_in_any_order_it_is_paid_once(house: House, job: Job, sent: Quote, order: tuple[str, ...]) -> None:
    acts = {"receive": lambda: receive(house), "accept": lambda: accept(sent, house), "deliver": deliver}
    for name in order:
        acts[name]()
    deliver()
    require_paid_once(job)


def require_paid_once(job: Job) -> None:
    invoice, payment = Invoice.objects.get(), Payment.objects.get()
    assert (invoice.total, invoice.open, payment.used, payment.free) == (51_000, 0, 51_000, 0)
    assert HandOff.objects.filter(job=job).count() == 1


def test_if_it_never_comes_the_job_waits_and_the_customer_is_reminded(house: House, job: Job, sent: Quote) -> None:
    accept(sent, house)
    deliver()
    with clock.at(NOON + timedelta(days=18)):
        deliver()
    invoice = Invoice.objects.get()
    job.refresh_from_db()
    assert (invoice.open, job.is_sold, invoice.dunning.exists()) == (51_000, False, True)


def test_accepted_and_received_at_once_it_is_paid_once(transactional_db: None) -> None:
    """Two real transactions: neither sees the other's, and the deposit is used all the same."""
    house = load_cast().house
    with use_tenant(house.tenant):
        sent = write_quote(house)
        sent.send(by=house.rita)

    def accept_and_bill() -> None:
        with use_tenant(house.tenant):
            accept(sent, house)
        dispatch_events()

    def receive_it() -> None:
        with use_tenant(house.tenant):
            receive(house)

    together(accept_and_bill, receive_it, receive_it)
    deliver()
    with use_tenant(house.tenant):
        require_paid_once(house.job)
