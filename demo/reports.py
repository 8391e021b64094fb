"""What the demo's days add up to: the figures of the past, and what of its last days was unusual."""

from datetime import timedelta

from leads.sources.kept import upkeep as source_days
from reports.figures import upkeep
from reports.figures.days import ONE, ZonedDays, today
from reports.months import night
from reports.unusual import detection


def create_figures() -> None:
    """Compute the figures of all days so far, and look at the last ones as the mornings would have."""
    for kept in (upkeep, source_days):
        kept.begin()
        kept.DAYS.refresh_days()
    night.count_night([0])
    last = today() - ONE
    detection.look_at(ZonedDays(last - timedelta(days=3), last))
    detection.begin()
