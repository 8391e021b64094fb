"""Words of billing's events, for timelines."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.kernel import formats
from crm.platform.features import Feature
from crm.platform.organization.configuration import directory
from crm.web.timeline.event_words import EventWords


def money_words(words: Any, name: str = "amount") -> Callable[[dict[str, Any]], str]:
    """Return event words with the event's amount in place of `%(amount)s`."""

    def describe(data: dict[str, Any]) -> str:
        minor = data.get(name)
        if minor is None or not data.get("currency"):
            return str(words) % {"amount": ""}
        return str(words) % {"amount": formats.money(minor, data["currency"], directory().tenant.country)}

    return describe


def _refund_words(words: Any, of_a_credit_note: Any) -> Callable[[dict[str, Any]], str]:
    """Return the words of an event of a refund, or of a credit note that needs a second person."""

    def describe(data: dict[str, Any]) -> str:
        is_credit_note = data.get("means") == "credit"
        return money_words(of_a_credit_note if is_credit_note else words)(data)

    return describe


EVENT_WORDS: list[Feature] = [
    EventWords("payment_plan.agreed", "list-checks", money_words(_("agreed on payments of %(amount)s"), "agreed")),
    EventWords("invoice.drafted", "receipt", money_words(_("drafted an invoice of %(amount)s"), "total"), mark="auto"),
    EventWords("invoice.edited", "pencil", _("changed the draft of an invoice")),
    EventWords("invoice.discarded", "x", _("deleted the draft of an invoice")),
    EventWords("invoice.issued", "receipt", money_words(_("issued an invoice of %(amount)s"), "total"), mark="auto"),
    EventWords("invoice.credit_issued", "receipt", money_words(_("issued a credit note of %(amount)s"), "total")),
    EventWords(
        "invoice.paid", "circle-check", money_words(_("An invoice of %(amount)s is paid"), "total"), mark="auto"
    ),
    EventWords("invoice.reopened", "undo-2", money_words(_("%(amount)s of an invoice is open again"), "open")),
    EventWords("invoice.disputed", "triangle-alert", _("noted that the customer disputes an invoice")),
    EventWords("invoice.dispute_settled", "check", _("noted that the dispute of an invoice is settled")),
    EventWords("invoice.asked", "send", money_words(_("sent the pay link for %(amount)s"))),
    EventWords("invoice.reminded", "bell", _("The customer was reminded of an invoice"), mark="auto"),
    EventWords("payment.received", "banknote", money_words(_("received a payment of %(amount)s")), mark="in"),
    EventWords("payment.reversed", "undo-2", money_words(_("reversed a payment of %(amount)s"))),
    EventWords(
        "payment.charged_back",
        "triangle-alert",
        money_words(_("The customer’s bank took back %(amount)s")),
        mark="auto",
    ),
    EventWords("payment.fee_booked", "banknote", money_words(_("The payment provider kept %(amount)s")), mark="auto"),
    EventWords("payment_promise.made", "clock-check", _("noted a promise to pay")),
    EventWords("payment_promise.kept", "circle-check", _("The promise to pay was kept"), mark="auto"),
    EventWords("payment_promise.broken", "clock-alert", _("The promise to pay was not kept"), mark="auto"),
    EventWords("instalment_plan.agreed", "list-checks", money_words(_("agreed on parts for %(amount)s"))),
    EventWords("instalment_plan.taken_back", "undo-2", money_words(_("took back the parts for %(amount)s"))),
    EventWords("instalment_plan.kept", "circle-check", money_words(_("All parts of %(amount)s are paid")), mark="auto"),
    EventWords(
        "refund.requested",
        "hand",
        _refund_words(_("asked to give back %(amount)s"), _("asked for a credit note of %(amount)s")),
    ),
    EventWords(
        "refund.approved",
        "check",
        _refund_words(_("approved giving back %(amount)s"), _("approved a credit note of %(amount)s")),
    ),
    EventWords(
        "refund.refused",
        "x",
        _refund_words(_("refused to give back %(amount)s"), _("refused a credit note of %(amount)s")),
    ),
    EventWords("refund.paid", "banknote", money_words(_("paid back %(amount)s"))),
    EventWords("billing_terms.set", "settings", _("set how a brand bills")),
    EventWords("dunning_step.set", "bell", _("set when late invoices are reminded")),
]
