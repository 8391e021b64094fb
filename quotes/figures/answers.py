"""How customers answered quotes in a period: won, time to accept and margin, by lead or option, and by price gap.

Five statements, however many quotes. They read quote_by_decision, limited to the days of the period.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, DurationField, ExpressionWrapper, F, FloatField, Q, When
from django.db.models.functions import Extract, NullIf

from crm.platform.database.percentile import Percentile
from quotes.models import OptionTier, QuoteState
from quotes.models.price_gap import GAPS, KNOWN, gap_condition
from quotes.models.quote_state import DECIDED
from quotes.quote_list.figure_filters import option_condition

# What a line is of: the column of the quote, or of its lead.
BY = {"pipeline": "job__pipeline_id", "member": "job__member_id", "brand": "brand_id"}
# The quotes in which an option of this tier can be accepted, by a name of OFFERS.
OFFERED = {
    OptionTier.LOWEST: "several",
    OptionTier.MIDDLE: "three",
    OptionTier.HIGHEST: "several",
    OptionTier.ONLY: "one",
}
_ACCEPTED = Q(state=QuoteState.ACCEPTED)


@dataclass
class AnswerLine:
    """Decided quotes of one value. Times in seconds, the margin as a share; None: unknown."""

    value: Any = None
    decided: int = 0
    accepted: int = 0
    declined: int = 0
    expired: int = 0
    median: float | None = None
    p90: float | None = None
    margin: float | None = None

    @property
    def percent(self) -> int | None:
        """The win rate: the share of the decided ones that were accepted."""
        return percent(self.accepted, self.decided)


@dataclass(frozen=True)
class PriceGaps:
    """Decided quotes, those of them whose other price is known, and these by how far above it they lay."""

    decided: int
    known: int
    lines: list[AnswerLine]


def percent(part: int, whole: int) -> int | None:
    """Return a share in whole percent; None of nothing."""
    if whole:
        return round(100 * part / whole)
    return None


def quotes_decided_between(rows: Any, since: datetime, until: datetime) -> Any:
    """Filter the quotes that the customer or time has decided in a period."""
    return rows.filter(state__in=DECIDED, decided_at__gte=since, decided_at__lt=until).order_by()


def answer_lines(decided: Any, by: str) -> tuple[AnswerLine, list[AnswerLine]]:
    """Return the line of all, and those of each kind of work, member or brand; most decided first. Two statements."""
    counts = {
        "decided": Count("pk"),
        **{state.value: Count("pk", filter=Q(state=state)) for state in DECIDED},
        **_accepted_figures(),
    }
    everything = AnswerLine(**decided.aggregate(**counts))
    lines = [AnswerLine(**values) for values in decided.values(value=F(BY[by])).annotate(**counts)]
    return everything, sorted(lines, key=lambda line: (-line.decided, str(line.value)))


def option_lines(decided: Any) -> list[AnswerLine]:
    """Return a line for each tier of options: in how many quotes it could be accepted, and was. Two statements."""
    offered = decided.aggregate(**{name: Count("pk", filter=option_condition(name)) for name in set(OFFERED.values())})
    by_tier = (
        decided.filter(_ACCEPTED).values(value=F("accepted_tier")).annotate(accepted=Count("pk"), **_accepted_figures())
    )
    accepted = {values["value"]: dict(values) for values in by_tier}
    return [
        AnswerLine(**({"value": tier, "decided": offered[name]} | accepted.get(tier.value, {}) | {"value": tier}))
        for tier, name in OFFERED.items()
        if offered[name]
    ]


def price_gaps(decided: Any) -> PriceGaps:
    """Return the decided quotes by how far they lay above another price. One statement."""
    counts: dict[str, Any] = {"decided": Count("pk"), "known": Count("pk", filter=gap_condition(KNOWN))}
    for gap in GAPS:
        condition = gap_condition(gap)
        counts[f"all_{gap}"] = Count("pk", filter=condition)
        for state in DECIDED:
            counts[f"{state.value}_{gap}"] = Count("pk", filter=condition & Q(state=state))
    values = decided.aggregate(**counts)
    lines = [
        AnswerLine(
            value=gap,
            decided=values[f"all_{gap}"],
            **{state.value: values[f"{state.value}_{gap}"] for state in DECIDED},
        )
        for gap in GAPS
    ]
    return PriceGaps(values["decided"], values["known"], lines)


def _accepted_figures() -> dict[str, Any]:
    """Return the aggregates of accepted quotes; of others the percentiles ignore what they are made of."""
    seconds = Extract(ExpressionWrapper(F("decided_at") - F("sent_at"), output_field=DurationField()), "epoch")
    took = _of_accepted(seconds)
    # A quote without costs has no margin that is known.
    share = (F("net") - F("cost")) * 1.0 / NullIf(F("net"), 0)
    margin = _of_accepted(ExpressionWrapper(share, output_field=FloatField()), Q(cost__gt=0))
    return {"median": Percentile(took, at=0.5), "p90": Percentile(took, at=0.9), "margin": Percentile(margin, at=0.5)}


def _of_accepted(expression: Any, condition: Q | None = None) -> Any:
    return Case(When(_ACCEPTED & (condition or Q()), then=expression), output_field=FloatField())
