"""Warnings about lines whose price in the book has moved, with what both choices do."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from crm.kernel.amounts import line_total
from quotes.editor.quote_page import QuotePage
from quotes.models import QuoteLine
from quotes.prices.stale import StalePrice
from quotes.sums import LineSums
from quotes.typed_numbers import short_percent


@dataclass(frozen=True)
class StaleWarning:
    """A line with an older price. `until`: the last day on which its own price can be kept."""

    line: QuoteLine
    days: int
    words: str
    book: str
    own: str
    until: str
    has_other_price: bool


def stale_warnings(page: QuotePage) -> list[StaleWarning]:
    """Return a warning for each line of the shown option; costs only for members who may see them."""
    return [_build_warning(page, one) for one in page.stale]


def _build_warning(page: QuotePage, stale: StalePrice[QuoteLine]) -> StaleWarning:  # type: ignore[type-var]
    sentences = []
    if stale.difference:
        sentences.append(_price_words(page, stale))
    if page.sees_margin and stale.moved_on:
        sentences.append(_cost_words(page, stale, stale.moved_on))
    return StaleWarning(
        line=stale.line,
        days=stale.days,
        words=" ".join(sentences),
        book=page.money(stale.book.price),
        own=page.money(stale.line.unit_price),
        until=page.reader.date(page.quote.last_day_of_draft()),
        has_other_price=bool(stale.difference),
    )


def _price_words(page: QuotePage, stale: StalePrice[QuoteLine]) -> str:  # type: ignore[type-var]
    values = {"book": page.money(stale.book.price), "amount": page.money(abs(stale.difference))}
    if stale.difference > 0:
        return _("The book says %(book)s now: %(amount)s more.") % values
    return _("The book says %(book)s now: %(amount)s less.") % values


def _cost_words(page: QuotePage, stale: StalePrice[QuoteLine], moved_on: date) -> str:  # type: ignore[type-var]
    """Return how the cost moved, and the option's margin if the line keeps its price."""
    before = stale.cost_before or 0
    after = stale.book.cost or 0
    more = line_total(stale.line.quantity, after) - line_total(stale.line.quantity, before)
    kept = LineSums(net=page.sums.net, cost=page.sums.cost + more)
    sentence = _("The cost went from %(before)s to %(after)s on %(day)s: at the older price the margin is %(margin)s.")
    return sentence % {
        "before": page.money(before),
        "after": page.money(after),
        "day": page.reader.date(moved_on),
        "margin": short_percent(kept.margin_ppm, page.country),
    }
