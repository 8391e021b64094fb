"""Carry a customer's frequency of updates over to their next jobs."""

from collections.abc import Sequence

from crm.platform.models import Event
from portal.models import UpdatePlan


def inherit_preferences(begun: Sequence[Event]) -> None:
    """Copy the cadence of the customer's previous plan to new plans, if it is not the default."""
    plans = UpdatePlan.objects.filter(pk__in=[event.subject_id for event in begun], job__person__isnull=False)
    for plan in plans.select_related("job").order_by("pk"):
        earlier = UpdatePlan.objects.filter(job__person=plan.job.person_id, pk__lt=plan.pk)
        before = earlier.order_by("-pk").first()
        if before is not None and (before.cadence_days or before.only_the_end or before.is_gathered):
            pace = {"only_the_end": before.only_the_end, "is_gathered": before.is_gathered}
            plan.set_cadence(before.cadence_days, **pace, by=None)
