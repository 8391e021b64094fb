"""Response times of pages: counted in the process and saved once a minute by a thread, so that requests need no query.

A page is told by its address's pattern; its slowest twentieth by the upper end of the step it falls into.
"""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from django.db import connection

from crm.kernel import clock
from crm.platform.health.measurement import PageTime

# Milliseconds: the upper ends of the steps; the last step has none.
STEPS = (25, 50, 100, 150, 200, 300, 400, 500, 750, 1000, 1500, 2000, 3000, 5000, 10000)
KEPT = timedelta(hours=48)
# A page that was asked for less often says nothing.
FEWEST = 5
_lock = Lock()
_counted: dict[tuple[str, datetime], list[int]] = {}


@dataclass(frozen=True)
class PageTiming:
    """A page's requests in a day, and the 95th percentile of its response times in milliseconds."""

    route: str
    count: int
    p95: int
    is_beyond: bool = False


def count_answer(route: str, seconds: float) -> None:
    """Count an answer."""
    key = route[:200], clock.now().replace(minute=0, second=0, microsecond=0)
    with _lock:
        counts = _counted.setdefault(key, [0] * (len(STEPS) + 1))
        counts[bisect_left(STEPS, seconds * 1000)] += 1


def save_counts() -> None:
    """Write what was counted since the last time, with one statement."""
    with _lock:
        rows = [(route, hour, counts) for (route, hour), counts in sorted(_counted.items())]
        _counted.clear()
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            """insert into platform_pagetime as page (route, hour, counts) values (%s, %s, %s)
               on conflict (route, hour) do update set counts = (
                   select array_agg(coalesce(a, 0) + coalesce(b, 0) order by place)
                   from unnest(page.counts, excluded.counts) with ordinality as sums(a, b, place)
               )""",
            rows,
        )


def delete_old_page_times() -> None:
    """Delete page times older than 48 hours."""
    PageTime.objects.filter(hour__lt=clock.now() - KEPT).delete()


def slowest_pages(most: int = 8) -> list[PageTiming]:
    """Return the slowest pages of the last day, by their 95th percentile."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0] * (len(STEPS) + 1))
    since = clock.now() - timedelta(days=1)
    for route, counts in PageTime.objects.filter(hour__gte=since).values_list("route", "counts"):
        sums[route] = [a + b for a, b in zip(sums[route], counts, strict=False)]
    pages = [page_percentile(route, counts) for route, counts in sums.items() if sum(counts) >= FEWEST]
    return sorted(pages, key=lambda page: (-page.is_beyond, -page.p95, -page.count, page.route))[:most]


def page_percentile(route: str, counts: list[int]) -> PageTiming:
    """Return a page's 95th percentile: the end of the step in which the answer stands that 95 % are not slower than."""
    total = sum(counts)
    seen = 0
    for step, count in zip(STEPS, counts, strict=False):
        seen += count
        if seen * 100 >= total * 95:
            return PageTiming(route, total, step)
    return PageTiming(route, total, STEPS[-1], is_beyond=True)
