"""JobPart: a row of a job, e.g. an appointment, that is changed with the job locked."""

from datetime import datetime
from typing import Any

from django.db import models

from crm.jobs.models.job import Job
from crm.platform.events import events
from crm.platform.models import CountedVersion, Member


class JobPart(CountedVersion):
    """A row with `job`. Its changes lock the job first, to prevent deadlocks."""

    # Set by the model: a foreign key, or the key itself. A part may have none.
    job: Any
    job_id: int | None

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def lock(self) -> None:
        """Lock the job, then the row."""
        if self.job_id:
            Job.objects.select_for_update(no_key=True).filter(pk=self.job_id).values_list("pk").first()
        super().lock()

    @classmethod
    def lock_all(cls, rows: models.QuerySet[Any]) -> list[Any]:
        """Lock the jobs, then the rows."""
        jobs = Job.objects.filter(pk__in=rows.order_by().values("job_id")).order_by("pk")
        list(jobs.select_for_update(no_key=True).values_list("pk"))
        return super().lock_all(rows)

    def _record(self, kind: str, by: Member | None, data: dict[str, Any], *, at: datetime | None = None) -> None:
        events.record(kind, subject=self, by=by, data=data, job_id=self.job_id, at=at)
