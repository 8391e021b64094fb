"""Implementation of the verbs of Project: hold, and the milestones of its template."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from service.models.project_template import ProjectTemplate

_COLUMNS = ("hold_reason", "hold_until", "held_at")


def hold_project(project: Any, reason: str, until: date | None, *, by: Member | None, cause: str) -> None:
    """Put it on hold for a reason. Idempotent. Raises Refused without a reason."""
    reason = " ".join(reason.split())[:120]
    if not reason:
        raise Refused(gettext("Enter why it is on hold."))
    if (project.hold_reason, project.hold_until) == (reason, until) and project.is_held:
        return
    project.hold_reason = reason
    project.hold_until = until
    project.held_at = project.held_at or clock.now()
    project._save(*_COLUMNS)
    data = {"until": until.isoformat() if until else None, "reason": reason}
    if cause:
        data["cause"] = cause
    project._record("project.held", by, data)


def resume_project(project: Any, *, by: Member | None) -> None:
    """Take it off hold. Idempotent."""
    if project.is_held:
        project._save(*clear_hold(project))
        project._record("project.resumed", by, {})


def clear_hold(project: Any) -> tuple[str, ...]:
    """Clear the columns of the hold, unsaved, and return them."""
    project.hold_reason = ""
    project.hold_until = None
    project.held_at = None
    return _COLUMNS


def plan_milestones(project: Any, template: ProjectTemplate | None) -> None:
    """Create the milestones of a template."""
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
    """Move open milestones by as much as the start moved from `before`; without a day, take the template's."""
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
    """Return the percentage of completed milestones, by weight; None without weights."""
    weights = list(project.milestones.values_list("weight", "done_at"))
    total = sum(weight for weight, _done_at in weights)
    if total:
        return int(100 * sum(weight for weight, done_at in weights if done_at) // total)
    return None
