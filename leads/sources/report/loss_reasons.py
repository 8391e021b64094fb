"""Lost reasons of leads, and the value lost for each."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.kernel import formats
from leads.sources.report.figures import SourceFigures
from leads.sources.report.formatting import SourceReportFormat, reason_name
from leads.sources.report.lead_count import LeadCount


@dataclass(frozen=True)
class LossReason:
    """A reason, the value lost for it, and its key number. `share`: percent of the largest."""

    name: str
    worth: str
    share: int
    why: str
    url: str


def list_loss_reasons(
    counted: LeadCount, figures: SourceFigures, gaps: list[dict[str, Any]], report_format: SourceReportFormat
) -> list[LossReason]:
    """List the reasons, the most expensive first. `gaps`: the rows of figures.whys."""
    currency = counted.currency
    gap_of = {row["lost_case__reason_id"]: row for row in gaps}
    largest = max((worth for _count, worth in figures.reasons.values()), default=0)
    reasons = []
    for pk, (count, worth) in sorted(figures.reasons.items(), key=lambda pair: (-pair[1][1], -pair[1][0], pair[0])):
        share = 0
        if largest:
            share = round(100 * worth / largest)
        words = _describe_loss(count, gap_of.get(pk), currency, report_format)
        url = report_format.url(counted._replace(step="lost", reason=pk))
        reasons.append(LossReason(reason_name(pk), report_format.short_money(worth, currency), share, words, url))
    return reasons


def _describe_loss(count: int, gap: dict[str, Any] | None, currency: str, report_format: SourceReportFormat) -> str:
    """Return the number of leads, the gaps in price and days, and the most frequent competitor, in words."""
    parts = [ngettext("%(count)s lead", "%(count)s leads", count) % {"count": formats.whole_number(count)}]
    if gap and gap["gap"]:
        money = report_format.money(round(gap["gap"]), currency)
        parts.append(_("we were %(money)s over, median") % {"money": money})
    if gap and gap["days"] is not None and gap["days"].days > 0:
        days = gap["days"].days
        words = ngettext("offered %(days)s day later than wanted", "offered %(days)s days later than wanted", days)
        parts.append(words % {"days": days})
    if gap and gap["rival"]:
        parts.append(f"{gap['times']} × {gap['rival']}")
    return " · ".join(parts)
