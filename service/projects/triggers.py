"""Automation triggers before or after dates of projects and assets.

A date counts from nine in the morning, by the clock of the brand: another date is another one.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.automation.jobs.triggers import JOB
from crm.automation.registry.triggers import Anchor, Chosen, DayWriter, TimeTrigger, about_job, morning_of_day
from crm.jobs.models import Job
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from service.models import Asset, Project

_PROJECT = tuple(
    f"project.{what}" for what in "started scheduled held resumed finished reopened withdrawn undone".split()
)
_ASSET = tuple(f"asset.{what}" for what in "registered maintained dated removed undone".split())


def _dated_rows(model: Any, column: str) -> Any:
    """Return the rows with a relevant date: unfinished projects, holds, and present assets."""
    rows = model.objects.filter(**{f"{column}__isnull": False})
    if model is Project:
        return rows.filter(held_at__isnull=True, finished_at__isnull=True)
    return rows.filter(removed_at__isnull=True)


def _jobs_with_dates(model: Any, column: str) -> Callable[[Chosen], Any]:
    return lambda chosen: Job.objects.filter(pk__in=_dated_rows(model, column).values("job_id"))


def _anchors(model: Any, column: str) -> Callable[[Collection[Job], Chosen], Iterator[tuple[int, Anchor]]]:
    def iterate_anchors(jobs: Collection[Job], chosen: Chosen) -> Iterator[tuple[int, Anchor]]:
        """Yield the dates of some jobs."""
        by_id = {job.pk: job for job in jobs}
        rows = _dated_rows(model, column).filter(job_id__in=by_id)
        for job_id, pk, day in rows.values_list("job_id", "pk", column):
            yield job_id, Anchor(morning_of_day(day, by_id[job_id].brand_id), f"{pk}:{day}")

    return iterate_anchors


def _asset_of(value: str) -> Asset | None:
    """Return the asset that an anchor's value names first."""
    asset: Asset | None = Asset.objects.present().filter(pk=value.partition(":")[0]).first()
    return asset


def _asset_writer(label: Promise, write: Callable[[Asset, date, Member], None]) -> DayWriter:
    """Return how the date of an asset is set."""

    def asset_label(job: Job, value: str, chosen: Chosen) -> str:
        asset = _asset_of(value)
        return str(label) % {"name": asset.name if asset else ""}

    def write_day(job: Job, value: str, chosen: Chosen, day: date, by: Member) -> None:
        asset = _asset_of(value)
        if asset:
            write(asset, day, by)

    return DayWriter(label=asset_label, may_write=_may_work, write=write_day)


def _may_work(job: Job, member: Member) -> bool:
    return allows(member, "projects.work") and Asset.objects.visible_to(member).filter(job=job).exists()


def _trigger(name: str, label: Any, model: Any, column: str, writer: DayWriter | None = None) -> TimeTrigger:
    return TimeTrigger(
        name=name,
        record=JOB,
        label=label,
        rows=_jobs_with_dates(model, column),
        anchors=_anchors(model, column),
        by_day=True,
        events=_PROJECT if model is Project else _ASSET,
        about=about_job,
        before=True,
        grace=timedelta(days=30),
        writer=writer,
    )


MAINTENANCE = _asset_writer(_("Maintenance of %(name)s"), lambda asset, day, by: asset.schedule_maintenance(day, by=by))
DATES = [
    _trigger("job.work_begins", _("starts work"), Project, "starts_on"),
    _trigger("job.work_ends", _("is planned to finish work"), Project, "ends_on"),
    _trigger(
        "job.warranty_ends",
        _("has a warranty that expires"),
        Asset,
        "warranty_until",
        _asset_writer(_("Warranty of %(name)s"), lambda asset, day, by: asset.set_warranty(day, by=by)),
    ),
    _trigger(
        "job.maintenance_due",
        _("is due for maintenance"),
        Asset,
        "maintenance_due",
        MAINTENANCE,
    ),
]
