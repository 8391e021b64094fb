"""The page of a quote: options, lines and sums of one version, its terms, what the customer did, and its versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.kernel import formats
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from quotes.editor.typed import grouped_amount, plain_amount
from quotes.models import Quote, QuoteAcceptance, QuoteLine, QuoteOption, QuoteVersion, VersionContent
from quotes.models.quote_terms import terms_of
from quotes.prices.stale import StalePrice, stale_prices
from quotes.quote_list.rows import age_of, level_css, state_words
from quotes.sums import LineSums, TaxMode, net_in
from quotes.typed_numbers import exact_percent, plain_quantity, short_percent

# A margin that is less than this share of the floor is far below it.
FAR_BELOW = 0.6


@dataclass(frozen=True)
class OptionCard:
    """An option as a card: its total, and its margin for who may see it."""

    option: QuoteOption
    total: str
    margin: str
    is_chosen: bool
    is_accepted: bool


@dataclass(frozen=True)
class EditorLine:
    """A line as the editor shows it. `margin` is blank for who may not see it."""

    row: QuoteLine
    quantity: str
    price: str
    sum: str
    margin: str
    margin_css: str
    note: str
    is_stale: bool
    is_taken_off: bool


@dataclass(frozen=True)
class LineGroup:
    """Lines that are always in, or that the customer may take off."""

    key: str
    label: str
    count: str
    lines: list[EditorLine]


class QuotePage:
    """Page of a quote: one version and one option, as a member may see them.

    Of an accepted version it shows what was accepted: its option first, without the lines that the customer took off.
    """

    def __init__(self, quote: Quote, version: QuoteVersion, option: str, reader: Reader, *, sees_margin: bool) -> None:
        version.quote = quote
        self.quote = quote
        self.version = version
        self.reader = reader
        self.sees_margin = sees_margin
        self.content = VersionContent(version)
        self.country = directory().brands[quote.brand_id].country
        self.accepted: QuoteAcceptance | None = QuoteAcceptance.objects.filter(version=version).first()
        by_uid = {str(one.uid): one for one in self.content.options}
        self.option = by_uid.get(option) or self._first_option()
        self.option_id = self.option.pk if self.option else None
        self.unticked = self._unticked_of(self.option_id)
        self.sums = self.content.sums(self.option_id, self.unticked)
        self.is_draft = version.is_draft
        self.stale = self._find_stale()

    def _first_option(self) -> QuoteOption | None:
        if self.accepted:
            return next((one for one in self.content.options if one.pk == self.accepted.option_id), None)
        return self.content.proposed

    def _unticked_of(self, option_id: int | None) -> frozenset[int]:
        """Return the lines that the customer took off the option when they accepted it."""
        if self.accepted and self.accepted.option_id == option_id:
            return frozenset(self.accepted.unticked)
        return frozenset()

    def money(self, minor: int) -> str:
        """Format an amount of this quote."""
        return formats.money(minor, self.quote.currency, self.reader.country, self.reader.language)

    def plain(self, minor: int) -> str:
        """Format an amount for a field or a column that names no currency."""
        return plain_amount(minor, self.quote.currency, self.country)

    def _find_stale(self) -> list[StalePrice[QuoteLine]]:  # type: ignore[type-var]
        if not self.is_draft:
            return []
        lines = self.content.lines_of(self.option_id)
        moved = stale_prices(lines, self.quote.today(), self.quote.currency)  # type: ignore[type-var]
        # Where only the cost moved, there is nothing to do for who may not see costs.
        return [one for one in moved if one.difference or self.sees_margin]

    # Options

    def cards(self) -> list[OptionCard]:
        """Return the options as cards."""
        return [
            self._card(option, self.content.sums(option.pk, self._unticked_of(option.pk)))
            for option in self.content.options
        ]

    def _card(self, option: QuoteOption, sums: LineSums) -> OptionCard:
        margin = ""
        if self.sees_margin:
            margin = short_percent(sums.margin_ppm, self.country)
        is_accepted = self.accepted is not None and self.accepted.option_id == option.pk
        return OptionCard(option, self.money(sums.total), margin, option.pk == self.option_id, is_accepted)

    # Lines

    def groups(self) -> list[LineGroup]:
        """Return the lines of the option: those always in, then those the customer may take off."""
        lines = self.content.lines_of(self.option_id)
        fixed = [line for line in lines if not line.is_optional]
        optional = [line for line in lines if line.is_optional]
        return [
            self._group("always", _("Always in"), fixed),
            self._group("optional", _("The customer may take off"), optional),
        ]

    def _group(self, key: str, label: str, lines: list[QuoteLine]) -> LineGroup:
        amount = self.money(self._sum_of(lines))
        words = ngettext("%(count)s line, %(amount)s", "%(count)s lines, %(amount)s", len(lines))
        count = words % {"count": len(lines), "amount": amount}
        return LineGroup(key, label, count, [self._line(line) for line in lines])

    def _sum_of(self, lines: Sequence[QuoteLine]) -> int:
        return sum(self.sums.amounts.get(line.pk, 0) for line in lines)

    def _line(self, line: QuoteLine) -> EditorLine:
        stale = next((one for one in self.stale if one.line.pk == line.pk), None)
        margin, css = self._line_margin(line)
        return EditorLine(
            row=line,
            quantity=plain_quantity(line.quantity, self.country),
            price=self._price_words(line),
            sum=grouped_amount(self.sums.amounts.get(line.pk, 0), self.quote.currency, self.country),
            margin=margin,
            margin_css=css,
            note=self._line_note(line, stale),
            is_stale=stale is not None,
            is_taken_off=line.pk in self.unticked,
        )

    def _price_words(self, line: QuoteLine) -> str:
        """Return the price for its field in a draft, else to read."""
        if self.is_draft:
            return self.plain(line.unit_price)
        return grouped_amount(line.unit_price, self.quote.currency, self.country)

    def _line_margin(self, line: QuoteLine) -> tuple[str, str]:
        """Return the margin of a line, and the class of how far it is below the floor."""
        if not self.sees_margin or line.pk in self.unticked:
            return "", ""
        if line.unit_cost is None:
            return "?", ""
        net = net_in(self.sums.amounts.get(line.pk, 0), line.tax_rate_ppm, self.version.tax_mode)
        ppm = LineSums(net=net, cost=line.as_sum_line().cost).margin_ppm
        floor = terms_of(self.quote.brand_id).margin_floor_ppm
        css = ""
        if ppm < floor * FAR_BELOW:
            css = "late"
        elif ppm < floor:
            css = "soon"
        return short_percent(ppm, self.country), css

    def _line_note(self, line: QuoteLine, stale: "StalePrice[QuoteLine] | None") -> str:  # type: ignore[type-var]
        parts = [line.details]
        if line.pk in self.unticked:
            parts.append(_("the customer took it off"))
        if stale and line.priced_on:
            values = {"day": self.reader.date(line.priced_on), "price": self.money(stale.book.price)}
            parts.append(_("book price of %(day)s, now %(price)s") % values)
        if line.discount:
            parts.append(_("%(discount)s discount") % {"discount": self._discount_words(line)})
        return " · ".join(part for part in parts if part)

    def _discount_words(self, row: Any) -> str:
        if row.discount_ppm:
            return exact_percent(row.discount_ppm, self.country)
        return self.money(row.discount_amount)

    # Beside the lines

    def side(self) -> dict[str, Any]:
        """Return the sums of the option. Costs and margin only for who may see them."""
        sums = self.sums
        always = self._sum_of([line for line in self.content.lines_of(self.option_id) if not line.is_optional])
        values = {
            "name": self.option.name if self.option else _("Sums"),
            "of": self._of_words(),
            "always": self.money(always),
            "optional": self.money(sum(sums.amounts.values()) - always),
            "discount": self.money(sums.discount) if sums.discount else "",
            "taxes": [(self._tax_label(rate.rate), self.money(rate.tax)) for rate in sums.taxes if rate.rate],
            "is_accepted": self.accepted is not None,
            "is_included": self.version.tax_mode == TaxMode.INCLUDED,
            "total": self.money(sums.total),
            "deposit": self.money(sums.deposit) if sums.deposit else "",
            "deposit_share": exact_percent(self.version.deposit_ppm, self.country),
            "least": self.money(self.content.least(self.option_id).total),
        }
        if self.sees_margin:
            floor = terms_of(self.quote.brand_id).margin_floor_ppm
            values |= {
                "cost": self.money(sums.cost),
                "margin": short_percent(sums.margin_ppm, self.country),
                "floor": exact_percent(floor, self.country) if floor else "",
                "without_cost": sums.lines_without_cost,
            }
        return values

    def _of_words(self) -> str:
        count = len(self.content.options)
        if count < 2:
            return ""
        return ngettext("of %(count)s option", "of %(count)s options", count) % {"count": count}

    def _tax_label(self, rate: int) -> str:
        names = {line.tax_name for line in self.content.lines if line.tax_rate_ppm == rate and line.tax_name}
        return f"{', '.join(sorted(names)) or _('Tax')} {exact_percent(rate, self.country)}"

    def head(self) -> dict[str, Any]:
        """Return how long it waits for the customer, and how late that is."""
        return {
            "state": state_words(self.quote),
            "age": age_of(self.quote, self.reader),
            "css": level_css(self.quote, self.reader),
        }
