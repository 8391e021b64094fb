"""Writes a note for everything it is told or given to do, without asking whether it did so before.

So the notes count how often the engine told it: what the product's own handlers forgive shows here.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from crm.platform.models import Event

DUE = "ear.note"


class EarConfig(AppConfig):
    """Subscribes to opened jobs and handles due work of its own kind."""

    name = "tests.survival.ear"

    def ready(self) -> None:
        from crm.platform.events import events
        from crm.platform.work import due

        events.on("job.opened")(hear)
        due.handler(DUE)(do)


def hear(batch: Sequence["Event"]) -> None:
    from crm.jobs.models import Note

    Note.objects.bulk_create(Note(job_id=event.job_id, body=f"heard {event.pk}") for event in batch)


def do(job_ids: Sequence[int]) -> None:
    from crm.jobs.models import Note

    Note.objects.bulk_create(Note(job_id=pk, body="done") for pk in job_ids)
