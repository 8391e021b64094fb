"""What the demo's days add up to: the figures of the past, and what of its last days was unusual."""

from datetime import timedelta

from reports.figures import upkeep
from reports.figures.days import ONE, Days, today
from reports.unusual import detection


def create_figures() -> None:
    """Compute the figures of all days so far, and look at the last ones as the mornings would have."""
    upkeep.begin()
    upkeep.refresh_days()
    last = today() - ONE
    detection.look_at(Days(last - timedelta(days=3), last))
    detection.begin()
