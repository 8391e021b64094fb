"""OfferPage: what the customer's page of a quote shows for a selection: options, lines, sums and terms."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.invoices.plan_invoices import usual_parts
from billing.models import PartStart, PaymentPlan
from crm.kernel import clock, formats
from crm.kernel.amounts import THOUSAND, round_half_up
from crm.platform.organization.configuration import directory
from portal.job.calendar import CustomerCalendar
from portal.quotes.selection import OfferSelection
from quotes.models import Quote, QuoteLine, QuoteOption, QuoteVersion, VersionContent
from quotes.models.contract_review import needs_review
from quotes.models.quote_terms import terms_of
from quotes.sums import LineSums, TaxMode


class OfferOption(NamedTuple):
    """An option, its total with everything in it, and whether it is the chosen one."""

    row: QuoteOption
    total: str
    is_chosen: bool


class OfferLine(NamedTuple):
    """A line of the chosen option. `amount`: after discounts; `is_on`: False once it is taken off."""

    row: QuoteLine
    quantity: str
    amount: str
    is_on: bool


@dataclass(frozen=True)
class OfferSums:
    """The sums of a selection, in words. `taxes`: label and amount of each rate; `later`: what follows the deposit;
    `less`: compared with everything.
    """

    option: str
    net: str
    discount: str
    taxes: list[tuple[str, str]]
    is_tax_included: bool
    total: str
    deposit: str
    deposit_share: str
    later: str
    less: str


class OfferPage:
    """A version of a quote and a selection of it."""

    def __init__(self, quote: Quote, version: QuoteVersion, selection: OfferSelection, content: VersionContent) -> None:
        self.quote = quote
        self.version = version
        self.content = content
        self.selection = selection
        self.calendar = CustomerCalendar.of(quote.job, clock.now())
        self.country = directory().brands[quote.brand_id].country
        self._sums = content.sums(selection.option_id, selection.unticked)
        self._all = content.sums(selection.option_id)

    def money(self, minor: int) -> str:
        """Format an amount of this quote."""
        return formats.money(minor, self.quote.currency, self.country, self.calendar.language)

    @property
    def hash(self) -> str:
        """The hash of the selection with its price, which an acceptance has to repeat."""
        return self.content.choice_hash(self.selection.option_id, self.selection.unticked)

    @cached_property
    def options(self) -> list[OfferOption]:
        """The options, each with its total; none where the quote has one price."""
        return [
            OfferOption(option, self.money(self.content.sums(option.pk).total), option.pk == self.selection.option_id)
            for option in self.content.options
        ]

    @cached_property
    def optional(self) -> list[OfferLine]:
        """The lines that the customer may take off."""
        return [self._line(line) for line in self._lines if line.is_optional]

    @cached_property
    def fixed(self) -> list[OfferLine]:
        """The lines that are always in."""
        return [self._line(line) for line in self._lines if not line.is_optional]

    @property
    def taken(self) -> list[OfferLine]:
        """The lines of the selection: those always in, and the optional ones that are left."""
        return self.fixed + [line for line in self.optional if line.is_on]

    @property
    def _lines(self) -> list[QuoteLine]:
        return self.content.lines_of(self.selection.option_id)

    def _line(self, line: QuoteLine) -> OfferLine:
        quantity = ""
        if line.quantity != THOUSAND or line.unit:
            quantity = f"{formats.quantity(line.quantity, self.country)} {line.unit}".strip()
        amount = self.money(self._all.amounts[line.pk])
        return OfferLine(line, quantity, amount, line.pk not in self.selection.unticked)

    @property
    def fixed_amount(self) -> str:
        """Return the total of the lines that are always included."""
        return self.money(sum(self._all.amounts[line.row.pk] for line in self.fixed))

    @cached_property
    def sums(self) -> OfferSums:
        """The sums of the selection."""
        sums = self._sums
        chosen = next((one.row.name for one in self.options if one.is_chosen), "")
        return OfferSums(
            option=chosen,
            net=self.money(sums.net),
            discount=self.money(sums.discount) if sums.discount else "",
            taxes=[(self._tax_label(rate.rate), self.money(rate.tax)) for rate in sums.taxes if rate.rate],
            is_tax_included=self.version.tax_mode == TaxMode.INCLUDED,
            total=self.money(sums.total),
            deposit=self.money(sums.deposit) if sums.deposit else "",
            deposit_share=formats.percent(self.version.deposit_ppm, self.country),
            later=self._later_words(sums),
            less=self._less_words(sums),
        )

    def _later_words(self, sums: LineSums) -> str:
        """Return when the rest is paid; blank without a deposit, or if the job has its own payment plan."""
        if not 0 < sums.deposit < sums.total or PaymentPlan.objects.filter(job=self.quote.job_id).exists():
            return ""
        shares = {part.starts: round_half_up(part.ppm, THOUSAND) for part in usual_parts(sums.deposit, sums.total)}
        begun, done = (shares[starts] * THOUSAND for starts in (PartStart.BEGUN, PartStart.DONE))
        values = {"begun": formats.percent(begun, self.country), "done": formats.percent(done, self.country)}
        return _("Then %(begun)s when the work begins, and %(done)s when it is done.") % values

    def _less_words(self, sums: LineSums) -> str:
        less = self._all.total - sums.total
        if less > 0:
            return _("%(amount)s less than with everything") % {"amount": self.money(less)}
        if self.optional:
            return _("Everything included")
        return ""

    def _tax_label(self, rate: int) -> str:
        names = {line.tax_name for line in self._lines if line.tax_rate_ppm == rate and line.tax_name}
        return f"{', '.join(sorted(names)) or _('Tax')} {formats.percent(rate, self.country)}"

    @property
    def is_reviewed(self) -> bool:
        """True if the contract of this selection is reviewed after it is signed."""
        return needs_review(terms_of(self.quote.brand_id), self._sums.total, self.quote.currency)

    @property
    def valid_words(self) -> str:
        """Until when it can be accepted; blank for a draft."""
        if self.version.valid_until is None:
            return ""
        return _("good until %(day)s") % {"day": self.calendar.say(self.version.valid_until)}

    @property
    def help_words(self) -> str:
        """Return the actions that the page offers the customer."""
        count = len(self.options)
        if count > 1 and self.optional:
            words = ngettext(
                "Choose one of %(count)s option, take off what you don’t need, and see the price change.",
                "Choose one of %(count)s options, take off what you don’t need, and see the price change.",
                count,
            )
            return words % {"count": count}
        if count > 1:
            words = ngettext("Choose one of %(count)s option.", "Choose one of %(count)s options.", count)
            return words % {"count": count}
        if self.optional:
            return _("Take off what you don’t need, and see the price change.")
        return ""

    def step_numbers(self) -> dict[str, Any]:
        """Return the number of each step that the page has; no numbers where there is only one."""
        steps = [
            name for name, has in (("option", len(self.options) > 1), ("lines", self.optional), ("accept", True)) if has
        ]
        if len(steps) == 1:
            return {}
        return {name: f"{number}. " for number, name in enumerate(steps, 1)}
