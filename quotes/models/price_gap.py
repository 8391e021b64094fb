"""How far a quote lies above another price: a competitor's, or what the customer had expected to pay."""

from django.db.models import F, Q

# Percent of the other price: above the first, up to the second; None: no limit.
GAPS: dict[str, tuple[int | None, int | None]] = {
    "below": (None, 0),
    "5": (0, 5),
    "10": (5, 10),
    "20": (10, 20),
    "more": (20, None),
}
KNOWN = "known"


def gap_condition(gap: str) -> Q:
    """Return the condition for quotes whose other price is known, with a gap; `KNOWN`: with any."""
    condition = Q(other_price__isnull=False)
    if gap == KNOWN:
        return condition
    above, up_to = GAPS[gap]
    if above is not None:
        condition &= Q(total__gt=F("other_price") * (100 + above) / 100)
    if up_to is not None:
        condition &= Q(total__lte=F("other_price") * (100 + up_to) / 100)
    return condition


def percent_above(total: int, other: int) -> int:
    """Return by how many percent a total lies above another price; negative: below it."""
    return round(100 * (total - other) / other)
