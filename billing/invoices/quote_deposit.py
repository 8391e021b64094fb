"""The deposit invoice of an accepted quote, and the payment plan of its job."""

from collections.abc import Sequence

from django.utils.translation import override

from billing.invoices.plan_invoices import issue_deposit
from billing.models import Invoice
from crm.platform.models import Event
from quotes.automation import is_agreed
from quotes.models import Quote, QuoteAcceptance
from quotes.models.quote_version import VersionContent
from quotes.paper.look import language_of


def bill_accepted(accepted: Sequence[Event]) -> None:
    """Agree on the plan of each accepted quote, and issue its deposit invoice. Once for each quote.

    Where the contract is reviewed, that is done when it is approved.
    """
    ids = [event.data["acceptance"] for event in accepted if is_agreed(event.data)]
    rows = QuoteAcceptance.objects.filter(pk__in=ids).select_related("quote__job", "version__quote")
    for acceptance in rows.order_by("pk"):
        quote = acceptance.quote
        if acceptance.total <= 0 or quote.job_id is None:
            continue
        # The names of the parts are what the customer reads on their invoices.
        with override(language_of(quote.brand, quote.person)):
            issue_deposit(
                quote.job,
                acceptance.deposit,
                origin=deposit_origin(quote),
                total=acceptance.total,
                currency=quote.currency,
                rates=gross_by_rate(acceptance),
            )


def deposit_origin(quote: Quote) -> str:
    """Return the origin of a quote's deposit invoice."""
    return f"quote:{quote.pk}:deposit"


def find_deposit(quote: Quote) -> Invoice | None:
    """Return the deposit invoice of a quote; None if there is none, or it isn't issued yet."""
    invoice: Invoice | None = Invoice.objects.issued().bills().filter(origin=deposit_origin(quote)).first()
    return invoice


def gross_by_rate(acceptance: QuoteAcceptance) -> dict[int, int]:
    """Return by tax rate how much of the accepted total is at it, tax included."""
    content = VersionContent(acceptance.version)
    sums = content.sums(acceptance.option_id, acceptance.unticked)
    return {one.rate: one.net + one.tax for one in sums.taxes if one.net + one.tax > 0}
