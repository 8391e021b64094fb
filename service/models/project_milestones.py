"""The milestones of a project: planned from its template, moved with its start, summed up as a percentage."""

from datetime import date, timedelta
from typing import Any

from service.models.project_template import ProjectTemplate


def plan_milestones(project: Any, template: ProjectTemplate | None) -> None:
    """Create the milestones that a template plans."""
    if template is None:
        return
    model: Any = project._meta.get_field("milestones").related_model
    rows = [
        model(
            project=project,
            name=plan["name"],
            customer_texts=plan["customer_texts"],
            weight=plan["weight"],
            visibility="internal" if plan["internal"] else "customer",
            asks=plan.get("asks", False),
            position=position,
            planned_on=_planned_day(project, plan),
        )
        for position, plan in enumerate(template.milestones)
    ]
    model.objects.bulk_create(rows)


def _planned_day(project: Any, plan: dict[str, Any]) -> date | None:
    starts_on: date | None = project.starts_on
    if starts_on:
        return starts_on + timedelta(days=plan["day"])
    return None


def move_milestones(project: Any, before: date | None) -> None:
    """Move open milestones by as much as the start moved from `before`; those without a day take the template's."""
    rows = list(project.milestones.filter(done_at=None))
    plans = []
    if project.template:
        plans = project.template.milestones
    for row in rows:
        if before and row.planned_on and project.starts_on:
            row.planned_on += project.starts_on - before
        elif project.starts_on and row.position < len(plans):
            row.planned_on = _planned_day(project, plans[row.position])
    if rows:
        type(rows[0]).objects.bulk_update(rows, ["planned_on"])


def milestone_percent(project: Any) -> int | None:
    """Return the percentage that the completed milestones come to, by weight; None without weights."""
    weights = list(project.milestones.values_list("weight", "done_at"))
    total = sum(weight for weight, _done_at in weights)
    if total:
        return int(100 * sum(weight for weight, done_at in weights if done_at) // total)
    return None
