"""Days of open leads in their step: median, 90th percentile and maximum, by step, member or source."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Q, Value
from django.db.models.functions import Extract
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.list.choices import NO_STEP
from crm.jobs.models import Level
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import durations, formats
from crm.platform.organization.configuration import directory
from reports.dashboard.exceptions import link_count
from reports.dashboard.scope import Linked, Scope
from reports.dashboard.team import whose
from tickets.figures.figures import Percentile

# What a line is of, by the column of the lead.
BY: dict[str, tuple[str, Promise]] = {
    "step": ("stage_id", gettext_lazy("Step")),
    "rep": ("member_id", gettext_lazy("Rep")),
    "source": ("source_id", gettext_lazy("Source")),
}
OVER = (Level.LATE, Level.CRIT)


class AgeLine(NamedTuple):
    """The ages of the open leads of a step, member or source, formatted."""

    name: str
    open: Linked
    median: str
    ninety: str
    oldest: str
    over: Linked


def ages(scope: Scope, by: str) -> list[AgeLine]:
    """Return the lines, the highest median first: one statement."""
    column, _label = BY[by]
    age = ExpressionWrapper(Value(scope.reader.now) - F("entered_at"), output_field=DurationField())
    seconds = Extract(age, "epoch")
    rows = (
        scope.open_jobs()
        .order_by()
        .values(key=F(column))
        .annotate(
            leads=Count("pk"),
            over=Count("pk", filter=Q(level__in=OVER)),
            median=Percentile(seconds, at=0.5),
            ninety=Percentile(seconds, at=0.9),
            oldest=Min("entered_at"),
        )
    )
    return [_build_line(scope, by, row) for row in sorted(rows, key=lambda row: (-row["median"], str(row["key"])))]


def _build_line(scope: Scope, by: str, row: dict[str, Any]) -> AgeLine:
    name, which = _line_filters(scope, by, row["key"])

    def number(count: int, level: str) -> Linked:
        """Return a count, linked to its list if the list can be filtered by the line."""
        plain = Linked(formats.whole_number(count) if count else "–", count)
        if which is None or not count:
            return plain
        return link_count(scope, count, level=level, **which)

    oldest: datetime = row["oldest"]
    return AgeLine(
        name,
        number(row["leads"], "open"),
        durations.short_duration(row["median"]),
        durations.short_duration(row["ninety"]),
        durations.short_duration((scope.reader.now - oldest).total_seconds()),
        number(row["over"], "over"),
    )


def _line_filters(scope: Scope, by: str, key: int | None) -> tuple[str, dict[str, str] | None]:
    """Return the name of a line, and the filters of its list; None if the list cannot be filtered by it."""
    setup = pipeline_setup()
    if by == "rep":
        rep = whose(scope, key)
        return directory().members[key].name if key else _("Nobody"), {"rep": rep} if rep else None
    if key is None:
        if by == "step":
            return (_("No status"), {"step": NO_STEP})
        return (_("No source"), {"missing": "source"})
    if by == "source":
        return setup.sources[key].name, {"source": setup.sources[key].name}
    stage = setup.stages[key]
    pipeline = setup.pipelines[stage.pipeline_id]
    alike = [one.pk for one in setup.stages.values() if (one.pipeline_id, one.name) == (stage.pipeline_id, stage.name)]
    which = None
    if len(alike) == 1:
        which = {"pipeline": str(pipeline.uid), "step": stage.name}
    return f"{stage.name} · {pipeline.name}", which
