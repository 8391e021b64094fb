"""Show the contract of an accepted quote with its review: what was chosen, how it was signed, who decides by when."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.jobs.clock.arithmetic import Level
from crm.kernel import formats
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from quotes.models import ContractReview, Quote, QuoteAcceptance, VersionContent
from quotes.paper.certificate import evidence_facts


@dataclass(frozen=True)
class ContractPanel:
    """A contract as its reviewers see it. `facts`: label and text; the evidence only for who may decide."""

    review: ContractReview
    state: str
    css: str
    facts: list[tuple[str, str]]
    may_decide: bool


def contract_panel(quote: Quote, member: Member, reader: Reader) -> ContractPanel | None:
    """Return the contract that is, or was, under review; None if there is none."""
    review = quote.last_review()
    if review is None:
        return None
    may_decide = review.is_open and member.pk in {one.pk for one in review.reviewers()}
    facts = _choice_facts(review.acceptance, quote, reader)
    if may_decide:
        facts += evidence_facts(review.acceptance, reader.moment)
    css = Level.LATE.css if review.is_open and review.due_at <= reader.now else ""
    return ContractPanel(review, _state_words(review, reader), css, facts, may_decide)


def _state_words(review: ContractReview, reader: Reader) -> str:
    if review.decided_by is None or review.decided_at is None:
        names = ", ".join(one.name for one in review.reviewers()[:3])
        values = {"names": names, "due": reader.near(review.due_at)}
        return _("Due %(due)s: %(names)s") % values
    values = {"name": review.decided_by.name, "when": reader.near(review.decided_at)}
    if review.is_approved:
        return _("Approved by %(name)s, %(when)s") % values
    return _("Returned by %(name)s, %(when)s") % values


def _choice_facts(acceptance: QuoteAcceptance, quote: Quote, reader: Reader) -> list[tuple[str, str]]:
    """Return what the customer chose, with its amounts."""
    country = directory().brands[quote.brand_id].country

    def money(minor: int) -> str:
        return formats.money(minor, quote.currency, country, reader.language)

    facts = [(_("Signed by"), f"{acceptance.signed_name}, {reader.near(acceptance.accepted_at)}")]
    if acceptance.option:
        facts.append((_("Option"), acceptance.option.name))
    lines = VersionContent(acceptance.version).lines_of(acceptance.option_id)
    taken_off = [line.name for line in lines if line.pk in acceptance.unticked]
    if taken_off:
        facts.append((_("Without"), ", ".join(taken_off)))
    facts.append((_("Total"), money(acceptance.total)))
    if acceptance.deposit:
        facts.append((_("Deposit"), money(acceptance.deposit)))
    return facts
