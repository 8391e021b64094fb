"""Chart of a dry run: one bar per day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from crm.automation.models import DryRun
from crm.automation.preview.dry_run import DAYS
from crm.platform.organization.configuration import directory

# Pixels of a day, and of the tallest bar.
STEP = 10
TALL = 36


class DryRunBar(NamedTuple):
    """The bar of a day, and its text."""

    x: int
    y: int
    height: int
    day: str
    times: int


@dataclass(frozen=True)
class DryRunChart:
    """All bars of a dry run, and the count of the tallest one."""

    bars: list[DryRunBar]
    most: int


def build_chart(run: DryRun) -> DryRunChart:
    """Build the chart of a finished dry run."""
    last = run.until.astimezone(directory().zone).date()
    most = max(run.by_day.values(), default=0)
    bars = []
    for at in range(DAYS):
        day = last - timedelta(days=DAYS - 1 - at)
        if count := run.by_day.get(day.isoformat(), 0):
            height = max(TALL * count // most, 3)
            bars.append(DryRunBar(at * STEP + 1, TALL + 6 - height, height, day.isoformat(), count))
    return DryRunChart(bars, most)


def sample_instant(stamp: str) -> datetime:
    """Parse the instant of a sample."""
    return datetime.fromisoformat(stamp)
