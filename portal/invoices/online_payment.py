"""Paying an invoice online from its page: how much, the buttons, the start of a payment, the last attempt's state."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import QueryDict
from django.utils.translation import gettext as _

from billing.models import PaymentMethod
from billing.models.online import AttemptState, PaymentAttempt
from billing.providers.checkouts import PaymentWay, payment_ways, start_payment
from billing.providers.interface import ProviderFailure
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits, parse_money
from crm.platform.organization.configuration import directory
from portal.invoices.invoice_page import InvoicePage

# The page speaks of an attempt to pay for so long.
RECENT = timedelta(days=1)
WAY_ICONS = {"card": "credit-card"}


@dataclass(frozen=True)
class PayButton:
    """A button that starts to pay the chosen amount. `key`: of its way to pay."""

    key: str
    words: str
    icon: str


def pay_buttons(page: InvoicePage) -> list[PayButton]:
    """Return a button for each way to pay the invoice online; none if nothing is open."""
    return [
        PayButton(way.key, _button_words(way), WAY_ICONS.get(way.key, "landmark")) for way in payment_ways(page.invoice)
    ]


def _button_words(way: PaymentWay) -> str:
    if way.key == PaymentMethod.CARD:
        return _("Pay by card")
    return _("Pay with %(way)s") % {"way": way.label}


def attempt_words(page: InvoicePage) -> str:
    """Return the state of the last attempt to pay online, in words; blank once it is paid, or after a day.

    Coming back from the provider proves nothing: it leads back who paid and who didn't. Its webhook tells.
    """
    recent = PaymentAttempt.objects.filter(invoice=page.invoice, started_at__gt=clock.now() - RECENT)
    attempt: PaymentAttempt | None = recent.order_by("-started_at", "-pk").first()
    if attempt is None or not page.is_open:
        return ""
    values = {"amount": page.money(attempt.amount)}
    if attempt.is_undecided:
        return (
            _("If you completed the payment of %(amount)s, it is on its way. It is shown here once it is confirmed.")
            % values
        )
    if attempt.state == AttemptState.FAILED:
        return _("The payment of %(amount)s did not go through. Nothing was charged.") % values
    return ""


def parse_amount(page: InvoicePage, posted: QueryDict) -> int:
    """Return the chosen amount. `how_much` is "open", the next "part", "all" of the job, or "own".

    An amount that is typed counts.

    Raises Refused if nothing is open, an amount is another than the page said, or more than is open.
    """
    if not page.is_open:
        raise Refused(_("Nothing is open on this invoice any more."))
    choice = posted.get("how_much", page.usual_choice)
    typed = posted.get("own_amount", "").strip()
    # A tap into the field does not choose it.
    if choice == "own" or typed:
        return _parse_own_amount(page, typed)
    amount = page.invoice.open
    if choice == "all":
        amount = page.payable_amount
    elif choice == "part" and page.next_part:
        amount = page.next_part_amount
    if posted.get(f"amount_{choice}") != str(amount):
        raise Refused(_("What is open has changed. It is %(amount)s now.") % {"amount": page.money(amount)})
    return amount


def _parse_own_amount(page: InvoicePage, typed: str) -> int:
    habits = NotationHabits.of(page.country, page.invoice.currency, directory().zone)
    amount, currency = parse_money(typed, habits)
    if currency != page.invoice.currency:
        raise Refused(_("Write the amount in %(currency)s.") % {"currency": page.invoice.currency})
    if not 0 < amount <= page.payable_amount:
        most = page.payable or page.open
        raise Refused(_("Enter an amount above zero, at most %(most)s.") % {"most": most})
    return amount


def start_online_payment(page: InvoicePage, amount: int, posted: QueryDict, return_url: str) -> str:
    """Start to pay an amount in the posted `way`; return the address to send the customer to.

    Raises Refused if the way is gone, or more is paid than is open by now.
    """
    invoice = page.invoice
    way = next((way for way in payment_ways(invoice) if way.key == posted.get("way")), None)
    if way is None:
        raise Refused(_("This way to pay isn’t available any more. Choose another one."))
    try:
        return start_payment(invoice, amount, way, return_url)
    except ProviderFailure:
        raise Refused(_("The payment page can’t be reached now. Try again later.")) from None
