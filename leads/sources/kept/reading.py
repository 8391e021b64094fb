"""Read stored days, and compute stale days and today, so that the report equals its lists."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from statistics import median
from typing import Any, NamedTuple

from django.db import connection

from crm.kernel import clock
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import required_tenant_id
from leads.sources.kept.computation import compute
from leads.sources.kept.upkeep import DAYS


class SourceSums(NamedTuple):
    """Sums of the leads of a currency, source, campaign and month."""

    currency: str
    source: int
    campaign: int
    month: date
    leads: int
    qualified: int
    quoted: int
    won: int
    revenue: int
    unpriced: int
    paid: int
    came_back: int
    brought_back: int


class Tally(NamedTuple):
    """A count for a currency, source and campaign; `what`: minutes, or a lost reason with the value lost."""

    currency: str
    source: int
    campaign: int
    what: int
    leads: int
    worth: int = 0


@dataclass
class LossGap:
    """The gaps to competitors for a lost reason: price gaps, days too late, and the competitors chosen."""

    gaps: list[int] = field(default_factory=list)
    days: int = 0
    dated: int = 0
    rivals: Counter[str] = field(default_factory=Counter)

    def as_row(self, currency: str, reason: int) -> dict[str, Any]:
        """Return it with the keys of `figures.whys`."""
        rival, times = max(self.rivals.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
        return {
            "currency": currency,
            "lost_case__reason_id": reason,
            "gap": median(self.gaps) if self.gaps else None,
            "days": timedelta(days=self.days / self.dated) if self.dated else None,
            "counted": len(self.gaps),
            "dated": self.dated,
            "rival": rival,
            "times": times,
        }


class KeptPeriod:
    """The days of a period: stored ones if up to date, others computed."""

    def __init__(self, first: date, last: date) -> None:
        today = clock.now().astimezone(directory().zone).date()
        holding = DAYS.fresh_days(first, last) - {today}
        every = (first + timedelta(days=nth) for nth in range((last - first).days + 1))
        # A day to come has no leads.
        self._live = compute([day for day in every if day not in holding and day <= today])
        self._values: dict[str, Any] = {"tenant": required_tenant_id(), "days": sorted(holding)}

    @cached_property
    def sums(self) -> list[SourceSums]:
        """The sums by currency, source, campaign and month."""
        live = (SourceSums(*line.key, line.day.replace(day=1), *line.counts) for line in self._live)
        return [*(SourceSums(*row) for row in self._read_rows(_SUMS)), *live]

    def returning(self) -> dict[str, tuple[int, int]]:
        """Return by currency how many leads came from returning customers, and their revenue."""
        by_currency: dict[str, tuple[int, int]] = {}
        for one in self.sums:
            leads, worth = by_currency.get(one.currency, (0, 0))
            by_currency[one.currency] = leads + one.came_back, worth + one.brought_back
        return {currency: pair for currency, pair in by_currency.items() if pair[0]}

    def answers(self) -> Iterator[Tally]:
        """Yield the number of first contacts by minutes taken."""
        yield from (Tally(*row) for row in self._read_rows(_ANSWERS))
        for line in self._live:
            yield from (Tally(*line.key, minutes, 1) for minutes in line.minutes)

    def losses(self) -> Iterator[Tally]:
        """Yield the number and value of lost leads by reason."""
        yield from (Tally(*row) for row in self._read_rows(_LOSSES))
        for line in self._live:
            pairs = zip(line.lost_for, line.lost_worth, strict=True)
            yield from (Tally(*line.key, reason, 1, worth) for reason, worth in pairs)

    def whys(self) -> list[dict[str, Any]]:
        """Return by currency and lost reason the gaps to competitors."""
        gaps_by_reason: dict[tuple[str, int], LossGap] = defaultdict(LossGap)
        for currency, reason, gaps, days, dated in self._read_rows(_GAPS):
            gaps_by_reason[currency, reason] = LossGap(list(gaps), days, dated)
        for currency, reason, rival, times in self._read_rows(_RIVALS):
            gaps_by_reason[currency, reason].rivals[rival] += times
        for line in self._live:
            for reason, gap, days, rival in line.lost:
                why = gaps_by_reason[line.currency, reason]
                why.gaps += [] if gap is None else [gap]
                why.days += days or 0
                why.dated += days is not None
                why.rivals.update([rival] if rival else [])
        return [why.as_row(*key) for key, why in gaps_by_reason.items()]

    def _read_rows(self, statement: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, self._values)
            return cursor.fetchall()


_KEPT = "leads_sourcefigure where tenant_id = %(tenant)s and day = any(%(days)s)"
_SUMS = f"""
select currency, source_id, campaign_id, date_trunc('month', day)::date, sum(leads), sum(qualified), sum(quoted),
    sum(won), sum(revenue)::bigint, sum(unpriced), sum(paid)::bigint, sum(came_back), sum(brought_back)::bigint
from {_KEPT} group by 1, 2, 3, 4"""
_ANSWERS = f"""
select currency, source_id, campaign_id, took, count(*)
from (select currency, source_id, campaign_id, unnest(minutes) as took from {_KEPT}) as answered group by 1, 2, 3, 4"""
_LOSSES = f"""
select currency, source_id, campaign_id, reason, count(*), sum(worth)::bigint
from (
    select currency, source_id, campaign_id, unnest(lost_for) as reason, unnest(lost_worth) as worth from {_KEPT}
) as lost
group by 1, 2, 3, 4"""
# Of reasons alone: what was lost in words of its own was asked for no number.
_GAPS = f"""
select currency, reason, coalesce(array_agg(gap) filter (where gap is not null), '{{}}'), coalesce(sum(late), 0),
    count(late)
from (
    select currency, unnest(lost_for) as reason, unnest(lost_gap) as gap, unnest(lost_days) as late from {_KEPT}
) as lost
where reason <> 0 group by 1, 2"""
_RIVALS = f"""
select currency, reason, rival, count(*)
from (select currency, unnest(lost_for) as reason, unnest(lost_rival) as rival from {_KEPT}) as lost
where reason <> 0 and rival <> '' group by 1, 2, 3"""
