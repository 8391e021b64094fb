"""The ageing matrix: open leads by phase and days in their step; the allowed time of each phase is marked."""

from itertools import pairwise
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.jobs.models import Level, Priority
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.durations import DAY
from crm.platform.organization.configuration import directory
from crm.web.charts.matrix import Matrix, MatrixCell, MatrixRow, build_matrix
from reports.dashboard.open_leads import AGES, OpenLeadFigures
from reports.dashboard.scope import Scope
from reports.figures.sums import Sums


def ageing(scope: Scope, now: OpenLeadFigures) -> Matrix:
    """Build the matrix; a cell has the worst level of its leads, and links to their list."""
    setup = pipeline_setup()
    rows = [_build_row(scope, now, _("No status"), None, {"level": "none"})]
    for place, phase in enumerate(setup.phases, 1):
        stages = set(setup.stages_in_phase(phase.pk))
        rows.append(_build_row(scope, now, phase.name, stages, {"level": "open", "phase": str(place)}))
    kept = [row for at, row in enumerate(rows) if at or row.total]
    return build_matrix(_("Open leads by phase and days in their step"), _column_labels(), kept)


def _column_labels() -> list[str]:
    between = [f"{first}–{after - 1}" for first, after in pairwise(AGES[1:])]
    return [_("today"), *between, f"{AGES[-1]}+"]


def _build_row(
    scope: Scope, now: OpenLeadFigures, name: str, stages: set[int] | None, which: dict[str, str]
) -> MatrixRow:
    limit = None
    if stages:
        limit = _age_limit(stages)
    cells = []
    for age in range(len(AGES)):
        sums = Sums()
        worst = Level.OK
        for (stage, at, level), one in now.cells.items():
            if stages is not None:
                is_here = stage in stages and level > Level.NONE
            else:
                is_here = level == Level.NONE
            if at == age and is_here:
                sums.include(one)
                worst = min(worst, Level(level))
        cells.append(_build_cell(scope, name, age, sums, worst, which, is_limit=age == limit))
    return MatrixRow(name, cells, sum(cell.count for cell in cells), scope.url(**which))


def _build_cell(
    scope: Scope, name: str, age: int, sums: Sums, worst: Level, which: dict[str, str], *, is_limit: bool
) -> MatrixCell:
    note = scope.worth(sums.worth)
    leads = ngettext("%(n)s lead", "%(n)s leads", sums.count) % {"n": sums.count}
    label = f"{name}, {_column_labels()[age]}: {leads}{f', {note}' if note else ''}"
    url = scope.url(*_age_conditions(age), **which)
    return MatrixCell(sums.count, note, url, worst.css, is_limit, label)


def _age_conditions(age: int) -> list[str]:
    """Return the list filters for a range of days."""
    older = []
    if AGES[age]:
        older = [f"entered:older:{AGES[age]}"]
    return older + ([f"entered:within:{AGES[age + 1]}"] if age + 1 < len(AGES) else [])


def _age_limit(stages: set[int]) -> int | None:
    """Return the first age column beyond the median allowance of a phase's steps; None if there is none."""
    setup = pipeline_setup()
    allowed = []
    for pk in stages:
        stage = setup.stages[pk]
        if stage.archived_at is None:
            brand = directory().default_brand.pk
            seconds, calendar_id = setup.allowance(stage.pipeline_id, pk, brand, Priority.NORMAL)
            if calendar_id:
                workday = directory().calendars[calendar_id].workday
            else:
                workday = DAY
            allowed.append(seconds / max(workday, 1))
    days = 0.0
    if allowed:
        days = median(allowed)
    return next((at for at, first in enumerate(AGES) if at and first >= days), None)
