"""How useful summaries and drafts were in the last 90 days, by helper and by who wrote them."""

from datetime import timedelta
from typing import NamedTuple

from django.db.models import Count

from assistant.calls.assistant_helper import helper_named
from assistant.models import ProposalRating, RatingReason
from assistant.ratings.rating_form import RATED_HELPERS
from crm.kernel import clock

PERIOD = timedelta(days=90)


class RatingFigure(NamedTuple):
    """Ratings of a helper: how many proposals were useful, and how many were flagged, by reason."""

    label: str
    by_model: bool
    useful: int
    flagged: int
    reasons: list[tuple[str, int]]

    @property
    def percent(self) -> int:
        """The share of useful ones, in percent."""
        return round(100 * self.useful / (self.useful + self.flagged))


def rating_figures() -> list[RatingFigure]:
    """Return the figures of each helper that was rated. One query."""
    rows = ProposalRating.objects.filter(at__gte=clock.now() - PERIOD).order_by()
    counts: dict[tuple[str, bool, str], int] = {}
    for helper, by_model, reason, count in rows.values_list("helper", "by_model", "reason").annotate(count=Count("pk")):
        counts[helper, by_model, reason] = count
    figures = []
    for name in RATED_HELPERS:
        helper = helper_named(name)
        for by_model in (False, True):
            useful = counts.get((name, by_model, ""), 0)
            reasons = [
                (str(reason.label), counts.get((name, by_model, reason), 0)) for reason in RatingReason if reason
            ]
            flagged = sum(count for _words, count in reasons)
            if helper and useful + flagged:
                figures.append(RatingFigure(str(helper.label), by_model, useful, flagged, reasons))
    return figures
