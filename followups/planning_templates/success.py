"""Success of templates: how many of the completed follow-ups that each has planned were successful."""

from typing import NamedTuple

from django.db.models import Count, Q

from followups.models import FollowUp, FollowUpOutcome, FollowUpStatus


class TemplateSuccess(NamedTuple):
    """Follow-ups planned by one template: those completed, and of these the successful ones."""

    planned: int = 0
    completed: int = 0
    successful: int = 0

    @property
    def percent_successful(self) -> int | None:
        """Successful of the completed ones, in percent; None where none is completed."""
        if self.completed:
            return round(100 * self.successful / self.completed)
        return None


def success_by_template() -> dict[int, TemplateSuccess]:
    """Count the follow-ups of each template. One query."""
    completed = Q(status=FollowUpStatus.COMPLETED)
    rows = FollowUp.objects.filter(template__isnull=False).order_by().values_list("template_id")
    counts = rows.annotate(
        planned=Count("pk"),
        completed=Count("pk", filter=completed),
        successful=Count("pk", filter=completed & Q(outcome=FollowUpOutcome.SUCCESSFUL)),
    )
    return {pk: TemplateSuccess(*numbers) for pk, *numbers in counts}
