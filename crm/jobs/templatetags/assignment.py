"""Template tag that explains an assignment: {% placement "leads" job.pk job.member_id %}."""

from typing import Any

from django import template

from crm.jobs.assignment.explanation import explain_placement
from crm.jobs.models.assignment import Placement
from crm.jobs.models.assignment.setup import assignment_setup

register = template.Library()


@register.inclusion_tag("jobs/assignment/_placement.html", takes_context=True)
def placement(context: template.Context, kind: str, subject_id: int, holder_id: int | None = None) -> dict[str, Any]:
    """Render the latest placement of a row, collapsed. Renders nothing, without a query, if the kind has no rules."""
    if not assignment_setup().rules.get(kind):
        return {"placed": None}
    last = Placement.objects.filter(kind=kind, subject_id=subject_id).select_related("absence").order_by("-pk").first()
    return {
        "placed": explain_placement(last, holder_id=holder_id) if last else None,
        "reader": context.get("reader"),
        "request": context.get("request"),
    }
