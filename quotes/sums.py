"""Compute the sums of a quote or an invoice from its lines: discounts, taxes by rate, total, deposit and margin. Pure.

Amounts are integer minor units of one currency, quantities integer thousandths, rates and shares parts per million.
Taking a line off never raises the total: a discount in per cent is rounded by line, and a fixed one is divided by
Webster's method, under which no line's part grows when another line goes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from crm.kernel.amounts import MILLION, line_total, round_half_up, share, share_within


class TaxMode(TextChoices):
    ADDED = "added", _("added to the prices")
    INCLUDED = "included", _("included in the prices")


class TaxRounding(TextChoices):
    LINE = "line", _("for each line")
    TOTAL = "total", _("for the total of each rate")


@dataclass(frozen=True)
class Discount:
    """A discount: an amount, or a share in parts per million. Raises ValueError for less than nothing, or both."""

    amount: int = 0
    ppm: int = 0

    def __post_init__(self) -> None:
        if self.amount < 0 or not 0 <= self.ppm <= MILLION or (self.amount and self.ppm):
            raise ValueError("a discount is an amount or a share, from nothing to everything")

    def __bool__(self) -> bool:
        return bool(self.amount or self.ppm)

    def of(self, minor: int) -> int:
        """Return the discount on an amount, at most all of it; an amount below zero has none."""
        if minor <= 0:
            return 0
        return min(minor, self.amount or share(minor, self.ppm))


NO_DISCOUNT = Discount()


@dataclass(frozen=True)
class SumLine:
    """A line to sum up. `option`: the one it belongs to, None: all of them. `unit_cost`: None where it is unknown."""

    key: int
    quantity: int
    unit_price: int
    unit_cost: int | None = None
    tax_rate: int = 0
    discount: Discount = NO_DISCOUNT
    option: int | None = None
    is_optional: bool = False

    @property
    def gross(self) -> int:
        """Its amount before any discount."""
        return line_total(self.quantity, self.unit_price)

    @property
    def amount(self) -> int:
        """Its amount after its own discount."""
        return self.gross - self.discount.of(self.gross)

    @property
    def cost(self) -> int:
        """Its cost; an unknown one counts as nothing."""
        return line_total(self.quantity, self.unit_cost or 0)


@dataclass(frozen=True)
class SumRules:
    """Rules of a brand: whether taxes are added or included, how they are rounded, and the deposit's share."""

    tax_mode: str = TaxMode.ADDED
    rounding: str = TaxRounding.TOTAL
    deposit: int = 0
    discount: Discount = NO_DISCOUNT


@dataclass(frozen=True)
class RateSum:
    """The tax of one rate: the net amount it is on, and the tax."""

    rate: int
    net: int
    tax: int


@dataclass(frozen=True)
class LineSums:
    """Sums of a choice of lines. `gross`: before discounts; `amounts`: of each line after all discounts, by key."""

    gross: int = 0
    discount: int = 0
    net: int = 0
    taxes: tuple[RateSum, ...] = ()
    total: int = 0
    deposit: int = 0
    cost: int = 0
    lines_without_cost: int = 0
    amounts: dict[int, int] = field(default_factory=dict)

    @property
    def tax(self) -> int:
        return sum(rate.tax for rate in self.taxes)

    @property
    def margin(self) -> int:
        """Net amount less cost."""
        return self.net - self.cost

    @property
    def margin_ppm(self) -> int:
        """Margin as a share of the net amount; 0 where that is nothing."""
        if self.net <= 0:
            return 0
        return self.margin * MILLION // self.net


def choose_lines(lines: Iterable[SumLine], option: int | None, unticked: Collection[int] = ()) -> list[SumLine]:
    """Return the lines of an option without the optional ones that are unticked. A line that must stay, stays."""
    return [line for line in lines if line.option in (None, option) and not (line.is_optional and line.key in unticked)]


def least_lines(lines: Iterable[SumLine], option: int | None) -> list[SumLine]:
    """Return the lines of an option without all optional ones."""
    return [line for line in lines if line.option in (None, option) and not line.is_optional]


def sum_up(lines: Sequence[SumLine], rules: SumRules) -> LineSums:
    """Compute the sums of lines under the rules of a quote. Raises ValueError for two lines with one key."""
    if len({line.key for line in lines}) < len(lines):
        raise ValueError("a line is summed once")
    amounts = _amounts_after_discounts(lines, rules.discount)
    gross = sum(line.gross for line in lines)
    after = sum(amounts.values())
    taxes = _taxes_by_rate(lines, amounts, rules)
    tax = sum(rate.tax for rate in taxes)
    if rules.tax_mode == TaxMode.INCLUDED:
        net = after - tax
    else:
        net = after
    total = net + tax
    return LineSums(
        gross=gross,
        discount=gross - after,
        net=net,
        taxes=taxes,
        total=total,
        deposit=share(max(total, 0), rules.deposit),
        cost=sum(line.cost for line in lines),
        lines_without_cost=sum(line.unit_cost is None for line in lines),
        amounts=amounts,
    )


def _amounts_after_discounts(lines: Sequence[SumLine], discount: Discount) -> dict[int, int]:
    """Return each line's amount after its own discount and its part of the discount on the whole."""
    amounts = {line.key: line.amount for line in lines}
    if discount.ppm:
        return {key: amount - discount.of(amount) for key, amount in amounts.items()}
    if discount.amount:
        weights = {key: amount for key, amount in amounts.items() if amount > 0}
        rest = max(0, sum(weights.values()) - discount.amount)
        return amounts | apportion(rest, weights)
    return amounts


def apportion(total: int, weights: dict[int, int]) -> dict[int, int]:
    """Divide an amount by positive weights with Webster's method; the parts sum to it exactly.

    Unlike the largest remainder, it never gives a line more when another one is removed.
    """
    whole = sum(weights.values())
    if not whole:
        return dict.fromkeys(weights, 0)
    parts = {key: round_half_up(total * weight, whole) for key, weight in weights.items()}
    missing = total - sum(parts.values())
    while missing > 0:
        key = max(weights, key=lambda one: (weights[one] * MILLION * MILLION // (2 * parts[one] + 1), -one))
        parts[key] += 1
        missing -= 1
    while missing < 0:
        # Only who has a part can give one back.
        givers = [key for key in weights if parts[key]]
        key = min(givers, key=lambda one: (weights[one] * MILLION * MILLION // (2 * parts[one] - 1), -one))
        parts[key] -= 1
        missing += 1
    return parts


def _taxes_by_rate(lines: Sequence[SumLine], amounts: dict[int, int], rules: SumRules) -> tuple[RateSum, ...]:
    """Return the taxes, the lowest rate first, rounded for each line or for the total of each rate."""
    by_rate: dict[int, list[int]] = defaultdict(list)
    for line in lines:
        by_rate[line.tax_rate].append(amounts[line.key])
    return tuple(_rate_sum(rate, by_rate[rate], rules) for rate in sorted(by_rate))


def _rate_sum(rate: int, amounts: list[int], rules: SumRules) -> RateSum:
    if rules.rounding == TaxRounding.LINE:
        tax = sum(tax_in(amount, rate, rules.tax_mode) for amount in amounts)
    else:
        tax = tax_in(sum(amounts), rate, rules.tax_mode)
    net = sum(amounts)
    if rules.tax_mode == TaxMode.INCLUDED:
        net -= tax
    return RateSum(rate, net, tax)


def net_in(amount: int, rate: int, mode: str) -> int:
    """Return an amount without the tax that is included in it."""
    if mode == TaxMode.INCLUDED:
        return amount - share_within(amount, rate)
    return amount


def tax_in(amount: int, rate: int, mode: str) -> int:
    """Return the tax on an amount, or within it. An amount below zero has that of the amount above, below zero."""
    if mode == TaxMode.INCLUDED:
        return share_within(amount, rate)
    return share(amount, rate)
