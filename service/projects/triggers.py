"""Triggers by the dates of the work and of what it left: so long before or after they come.

A date counts from nine in the morning, by the clock of the brand: another date is another one.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.automation.jobs.triggers import JOB
from crm.automation.registry.triggers import Anchor, Chosen, TimeTrigger, about_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.organization.configuration import directory
from service.models import Asset, Project

MORNING = time(9)
_PROJECT = tuple(
    f"project.{what}" for what in "started scheduled held resumed finished reopened withdrawn undone".split()
)
_ASSET = tuple(f"asset.{what}" for what in "registered maintained removed undone".split())


def _dates(model: Any, column: str) -> Any:
    """Return the rows whose date counts: of work that is not finished, or held up; of what is still there."""
    rows = model.objects.filter(**{f"{column}__isnull": False})
    if model is Project:
        return rows.filter(held_at__isnull=True, finished_at__isnull=True)
    return rows.filter(removed_at__isnull=True)


def _jobs(model: Any, column: str) -> Callable[[Chosen], Any]:
    return lambda chosen: Job.objects.filter(pk__in=_dates(model, column).values("job_id"))


def _anchor(model: Any, column: str) -> Callable[[Job, Chosen], Anchor | None]:
    def found(job: Job, chosen: Chosen) -> Anchor | None:
        """Return the next of a job's dates; where all have passed, the last."""
        rows, today = _dates(model, column).filter(job_id=job.pk), clock.now().astimezone(directory().zone).date()
        coming = rows.filter(**{f"{column}__gte": today}).order_by(column, "pk").first()
        row = coming or rows.order_by(f"-{column}", "pk").first()
        return _morning(job, row.pk, getattr(row, column)) if row else None

    return found


def _morning(job: Job, pk: int, day: date) -> Anchor:
    here = directory()
    hours = here.calendars.get(here.calendar_of(job.brand_id) or 0)
    at = datetime.combine(day, MORNING, hours.zone if hours else here.zone)
    return Anchor(at.astimezone(UTC), f"{pk}:{day}")


def _trigger(position: int, name: str, label: Any, model: Any, column: str) -> TimeTrigger:
    return TimeTrigger(
        position,
        name,
        JOB,
        label,
        rows=_jobs(model, column),
        anchor=_anchor(model, column),
        events=_PROJECT if model is Project else _ASSET,
        about=about_job,
        before=True,
        grace=timedelta(days=30),
    )


DATES = [
    _trigger(188, "job.work_begins", _("has its work begin"), Project, "starts_on"),
    _trigger(188, "job.work_ends", _("has its work planned to end"), Project, "ends_on"),
    _trigger(189, "job.warranty_ends", _("has a warranty that ends"), Asset, "warranty_until"),
    _trigger(189, "job.maintenance_due", _("has something to be maintained"), Asset, "maintenance_due"),
]
