"""Arithmetic of money in whole minor units: rounding, shares, splits and line totals. Pure.

A rate is in parts per million (21 % is 210,000), a quantity in thousandths (1.5 is 1,500). No floats, and no currency:
an amount of yen and one of Kuwaiti dinars are both a number of the smallest unit.
"""

from collections.abc import Sequence

MILLION = 1_000_000
THOUSAND = 1_000


def round_half_up(numerator: int, denominator: int) -> int:
    """Return the quotient as a whole number; a half is rounded away from zero, so a credit mirrors its invoice."""
    if denominator <= 0:
        raise ValueError("the denominator must be above zero")
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    if numerator < 0:
        return -quotient
    return quotient


def share(minor: int, parts_per_million: int) -> int:
    """Return a share of an amount: `share(10_000, 210_000)` is 2,100."""
    return round_half_up(minor * parts_per_million, MILLION)


def share_within(minor: int, parts_per_million: int) -> int:
    """Return the part of an amount that a rate has added to it: `share_within(12_100, 210_000)` is 2,100."""
    return round_half_up(minor * parts_per_million, MILLION + parts_per_million)


def split(minor: int, weights: Sequence[int]) -> list[int]:
    """Split an amount by weights, so that the parts add up to it.

    Each part is rounded down; what is left goes to the parts with the largest remainders, the first of equal ones
    first. Weights of zero get nothing unless all are zero: then the parts are equal.
    """
    if not weights or min(weights) < 0:
        raise ValueError("an amount is split by weights of zero or more")
    if not any(weights):
        weights = [1] * len(weights)
    total = sum(weights)
    parts = [abs(minor) * weight // total for weight in weights]
    remainders = [abs(minor) * weight % total for weight in weights]
    left = abs(minor) - sum(parts)
    for at in sorted(range(len(weights)), key=lambda at: -remainders[at])[:left]:
        parts[at] += 1
    if minor < 0:
        return [-part for part in parts]
    return parts


def line_total(quantity_thousandths: int, unit_price_minor: int) -> int:
    """Return the price of a quantity: `line_total(2_500, 19_900)` is 49,750."""
    return round_half_up(quantity_thousandths * unit_price_minor, THOUSAND)
