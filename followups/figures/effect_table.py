"""Rows of the table that compares leads in sequences with those that were never in them."""

from urllib.parse import urlencode

from django.utils.translation import gettext as _

from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import formats
from crm.kernel.days import DayRange
from crm.web.charts.figure_table import FigureCell
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from followups.figures.effect_filter import ENROLLED, OTHERS, ComparedGroup
from followups.figures.sequence_effect import FEWEST, GroupResult, SequenceEffect, measure_effects
from followups.sequences.models.sequence import sequences_by_id
from leads.lead_list import LEADS


def effect_rows(request: TenantRequest, period: DayRange, reader: Reader) -> list[tuple[str, str, list[FigureCell]]]:
    """Return each sequence and step: both groups, the share of each that was won, and the difference."""
    jobs = LEADS.apply(LEADS.filters(closed="all"), request.member)
    page = LEADS.url("list", request.tenant.slug)
    return [
        (
            sequences_by_id()[effect.sequence_id].name,
            _("at %(step)s") % {"step": pipeline_setup().stages[effect.stage_id].name},
            [
                *_group_cells(effect, effect.enrolled, ENROLLED, period, page),
                *_group_cells(effect, effect.others, OTHERS, period, page),
                FigureCell(_difference_words(effect)),
            ],
        )
        for effect in measure_effects(jobs, *period.instants(reader.zone))
    ]


def _group_cells(
    effect: SequenceEffect, group: GroupResult, side: str, period: DayRange, page: str
) -> list[FigureCell]:
    def url(count: int, result: str) -> str:
        if not count:
            return ""
        compared = ComparedGroup(effect.sequence_id, effect.stage_id, period, side, result)
        return f"{page}?{urlencode([('closed', 'all'), ('compared', str(compared))])}"

    share = "–"
    note = ""
    if group.percent is not None:
        share = formats.whole_percent(group.percent)
        note = _("%(count)s of %(all)s") % {"count": group.won, "all": group.count}
    return [
        FigureCell(str(group.count), "", url(group.count, "all")),
        FigureCell(share, note, url(group.won, "won")),
    ]


def _difference_words(effect: SequenceEffect) -> str:
    if effect.difference is None:
        return _("too few, %(fewest)s of each are needed") % {"fewest": FEWEST}
    points = f"{effect.difference:+}".replace("-", "−")
    return _("%(points)s percentage points") % {"points": points}
