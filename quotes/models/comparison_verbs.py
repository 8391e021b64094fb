"""ComparedQuote: what a quote is compared with: the price of somebody else, and its options with each other."""

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.models import Member
from quotes.models.approval_verbs import ApprovedQuote
from quotes.models.quote_record import LONGEST_COMPANY
from quotes.models.quote_state import OptionTier, QuoteState
from quotes.models.quote_version import VersionContent


class ComparedQuote(ApprovedQuote):
    """The verb by which members note another price."""

    class Meta(ApprovedQuote.Meta):
        abstract = True

    @transaction.atomic
    def note_other_price(self, price: int | None, company: str = "", *, by: Member | None) -> None:
        """Note what a competitor asks, or what the customer had expected; None takes it back. Idempotent.

        `price`: in minor units of the quote's currency, as the customer would pay it. Raises Refused for a price of
        nothing, or while the customer has no version.
        """
        self.lock()
        company = " ".join(company.split())[:LONGEST_COMPANY]
        if price is None:
            company = ""
        if (self.other_price, self.other_company) == (price, company):
            return
        if self.state == QuoteState.DRAFT:
            raise Refused(_("Send the quote first: there is nothing to compare yet."))
        if price is not None and price <= 0:
            raise Refused(_("Enter a price above zero."))
        self.other_price = price
        self.other_company = company
        self._save("other_price", "other_company")
        self.record("quote.compared", by, {"other_price": price})


def tier_of(content: VersionContent, option_id: int | None) -> OptionTier:
    """Return where an option stands among those of its version by price, with all lines ticked."""
    totals = {option.pk: content.sums(option.pk).total for option in content.options}
    if option_id not in totals or len(totals) < 2:
        return OptionTier.ONLY
    if totals[option_id] == min(totals.values()):
        return OptionTier.LOWEST
    if totals[option_id] == max(totals.values()):
        return OptionTier.HIGHEST
    return OptionTier.MIDDLE
