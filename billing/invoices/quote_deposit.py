"""The deposit invoice of an accepted quote, and the payment plan of its job."""

from collections.abc import Sequence

from django.utils.translation import override

from billing.invoices.plan_invoices import issue_deposit
from billing.models import Invoice
from billing.models.payment_plan import tax_key
from crm.platform.models import Event
from quotes.automation import is_agreed
from quotes.models import Quote, QuoteAcceptance
from quotes.models.quote_version import VersionContent
from quotes.paper.look import language_of
from quotes.taxes.treatment import TaxTreatment

# Reasons for which a line bears no tax, that its invoice has to say.
_REASONS = frozenset({TaxTreatment.EXEMPT, TaxTreatment.REVERSE_CHARGE, TaxTreatment.EXPORT})


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


def gross_by_rate(acceptance: QuoteAcceptance) -> dict[str, int]:
    """Return by `tax_key` how much of the accepted total is at it, tax included."""
    content = VersionContent(acceptance.version)
    sums = content.sums(acceptance.option_id, acceptance.unticked)
    totals = {tax_key(one.rate): one.net + one.tax for one in sums.taxes if one.rate}
    for line in content.lines:
        # Without tax, its amount is net and gross.
        if not line.tax_rate_ppm and line.pk in sums.amounts:
            key = tax_key(0)
            if line.tax_treatment in _REASONS:
                key = tax_key(0, line.tax_treatment)
            totals[key] = totals.get(key, 0) + sums.amounts[line.pk]
    return {key: total for key, total in totals.items() if total > 0}
