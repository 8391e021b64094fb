"""What the ear hears of and does. Imported in the stack's own processes alone, where the ear is an app."""

from collections.abc import Sequence

from crm.jobs.models import Note
from crm.platform.events.events import on
from crm.platform.models import Event
from crm.platform.work.due import handler
from tests.survival.ear.apps import DUE


@on("job.opened")
def hear(batch: Sequence[Event]) -> None:
    Note.objects.bulk_create(Note(job_id=event.job_id, body=f"heard {event.pk}") for event in batch)


@handler(DUE)
def do(job_ids: Sequence[int]) -> None:
    Note.objects.bulk_create(Note(job_id=pk, body="done") for pk in job_ids)
