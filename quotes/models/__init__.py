"""The models of quotes, taxes and the price book."""

from quotes.models.acceptance import AcceptedValue
from quotes.models.contract_review import ContractReview
from quotes.models.customer_facts import QuoteAcceptance, QuoteChoice, QuoteQuestion, QuoteView
from quotes.models.quote import Quote, QuoteFollowUp
from quotes.models.quote_approval import QuoteApproval
from quotes.models.quote_line import QuoteLine
from quotes.models.quote_option import QuoteOption
from quotes.models.quote_state import DeclineReason, OptionTier, QuoteState
from quotes.models.quote_template import QuoteTemplate
from quotes.models.quote_terms import DiscountLimit, QuoteTerms, ReviewWhen
from quotes.models.quote_version import QuoteVersion, VersionContent
from quotes.models.sealed_quote import SealedQuote
from quotes.prices.models import ItemPrice, KitLine, PriceItem, PriceKit, PriceUnit, Supplier
from quotes.taxes.models import TaxClass, TaxRate

__all__ = [
    "AcceptedValue",
    "ContractReview",
    "DeclineReason",
    "DiscountLimit",
    "ItemPrice",
    "KitLine",
    "OptionTier",
    "PriceItem",
    "PriceKit",
    "PriceUnit",
    "Quote",
    "QuoteAcceptance",
    "QuoteApproval",
    "QuoteChoice",
    "QuoteFollowUp",
    "QuoteLine",
    "QuoteOption",
    "QuoteQuestion",
    "QuoteState",
    "QuoteTemplate",
    "QuoteTerms",
    "QuoteVersion",
    "QuoteView",
    "ReviewWhen",
    "SealedQuote",
    "Supplier",
    "TaxClass",
    "TaxRate",
    "VersionContent",
]
