"""QuoteOutcome: how a quote ended, as the customer's page says it."""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.utils.translation import gettext as _

from billing.invoices.quote_deposit import find_deposit
from billing.models import Invoice
from crm.people.identity.first_name import first_name
from portal.access.viewer import PortalViewer
from portal.quotes.offer_page import OfferPage
from quotes.models import QuoteAcceptance, QuoteState, SealedQuote


@dataclass(frozen=True)
class QuoteOutcome:
    """A heading, a sentence, and what happens next, step by step. `document`: id of the signed PDF, once it is made.

    `invoice`: id of the deposit invoice, once it is issued, for who sees the money. `deposit`: what is open on it.
    `is_pending`: a worker is still making one of them. `may_ask_again`: it ended, and they may want a new one.
    """

    heading: str
    text: str
    steps: tuple[str, ...] = ()
    document: UUID | None = None
    invoice: UUID | None = None
    deposit: str = ""
    is_pending: bool = False
    may_ask_again: bool = False


def outcome_of(page: OfferPage, viewer: PortalViewer, acceptance: QuoteAcceptance | None) -> QuoteOutcome:
    """Return the outcome of a quote that is accepted, declined, withdrawn or expired."""
    if acceptance and page.quote.state == QuoteState.ACCEPTED:
        return _accepted_outcome(page, viewer, acceptance)
    if acceptance and page.quote.state == QuoteState.WITHDRAWN:
        return _returned_outcome(page, acceptance)
    if page.quote.state == QuoteState.DECLINED:
        return QuoteOutcome(
            _("You declined this quote"),
            _("Thank you for telling us; we are sorry it wasn’t right. If you change your mind, ask us for a new one."),
            may_ask_again=True,
        )
    if page.quote.state == QuoteState.WITHDRAWN:
        return QuoteOutcome(
            _("We have withdrawn this quote"),
            _("It can’t be accepted any more. Ask us for a new one."),
            may_ask_again=True,
        )
    until = page.version.valid_until
    return QuoteOutcome(
        _("This quote has expired"),
        _("It was good until %(day)s. Ask us for a new one: the price may be the same.")
        % {"day": page.calendar.say(until) if until else ""},
        may_ask_again=True,
    )


def _accepted_outcome(page: OfferPage, viewer: PortalViewer, acceptance: QuoteAcceptance) -> QuoteOutcome:
    values = {
        "name": acceptance.signed_name,
        "first_name": first_name(acceptance.signed_name) or acceptance.signed_name,
        "day": page.calendar.say(page.calendar.day_of(acceptance.accepted_at)),
        "total": page.sums.total,
    }
    document = signed_document(acceptance)
    if page.quote.is_in_review:
        return _reviewed_outcome(page, values, document)
    invoice = deposit_invoice(page, viewer)
    if acceptance.person_id != viewer.person.pk:
        return QuoteOutcome(
            _("%(name)s has accepted this quote") % values,
            _("Signed %(day)s for %(total)s. Nothing is left for you to do here.") % values,
            document=document,
            invoice=invoice.uid if invoice else None,
        )
    return QuoteOutcome(
        _("Thank you, %(first_name)s. It’s agreed.") % values,
        _("You signed %(day)s for %(total)s.") % values,
        _next_steps(page, has_document=document is not None, has_invoice=invoice is not None),
        document,
        invoice.uid if invoice else None,
        page.money(invoice.open) if invoice and invoice.is_owed else "",
        is_pending=document is None or (invoice is None and _awaits_deposit(page, viewer)),
    )


def _awaits_deposit(page: OfferPage, viewer: PortalViewer) -> bool:
    return bool(page.sums.deposit) and viewer.has_section(page.quote.job, "money")


def _reviewed_outcome(page: OfferPage, values: dict[str, str], document: UUID | None) -> QuoteOutcome:
    """Return the outcome of a quote that is accepted, and whose contract somebody still reviews."""
    due_at = page.quote.review_due_at
    assert due_at is not None
    due_values = {"due": page.calendar.moment(due_at)}
    sentences = [_("%(name)s signed %(day)s for %(total)s.") % values]
    if due_at > page.calendar.now:
        check = _("We check the contract and confirm it by %(due)s.") % due_values
    else:
        check = _("We are late: we wanted to confirm it by %(due)s. We are on it.") % due_values
    sentences += [check, _("Until then it isn’t agreed yet, and there is nothing for you to pay.")]
    steps = _next_steps(page, has_document=document is not None, has_invoice=False)
    return QuoteOutcome(
        _("Thank you, we are checking the contract"),
        " ".join(sentences),
        (_("We confirm the contract, and tell you."), *steps),
        document,
    )


def _returned_outcome(page: OfferPage, acceptance: QuoteAcceptance) -> QuoteOutcome:
    """Return the outcome of a quote whose contract was returned after it was signed."""
    review = page.quote.last_review()
    values = {"reason": review.answer if review else "", "name": acceptance.signed_name}
    return QuoteOutcome(
        _("We can’t confirm the contract as it is"),
        _("We are sorry. The reason: “%(reason)s” The signature of %(name)s no longer binds anybody.") % values,
        (_("We send you a new version of the quote."), _("There is nothing for you to pay.")),
        signed_document(acceptance),
    )


def signed_document(acceptance: QuoteAcceptance) -> UUID | None:
    """Return the id of the sealed PDF of an acceptance; None until a worker has made it."""
    sealed = SealedQuote.objects.filter(acceptance=acceptance).values_list("document__uid", flat=True).first()
    return cast("UUID | None", sealed)


def deposit_invoice(page: OfferPage, viewer: PortalViewer) -> Invoice | None:
    """Return the quote's deposit invoice; None until it is issued, and for who doesn't see the money."""
    if not viewer.has_section(page.quote.job, "money"):
        return None
    invoice = find_deposit(page.quote)
    if invoice is None or invoice.job_id != page.quote.job_id:
        return None
    return invoice


def _next_steps(page: OfferPage, *, has_document: bool, has_invoice: bool) -> tuple[str, ...]:
    """Return what happens after an acceptance."""
    steps = []
    if not has_document:
        steps.append(_("We seal the signed PDF and put it among your documents: it takes a minute."))
    if page.sums.deposit and not has_invoice:
        steps.append(_("We send you the invoice for the deposit of %(deposit)s.") % {"deposit": page.sums.deposit})
    member = page.quote.job.member
    if member:
        name = first_name(member.name) or member.name
        steps.append(_("%(name)s gets in touch to plan the work with you.") % {"name": name})
    else:
        steps.append(_("We get in touch to plan the work with you."))
    steps.append(_("You follow it on your page, from the first day to the last."))
    return tuple(steps)
