"""Delete jobs with everything that belongs to them, to undo their creation by mistake.

The facts about them stay in the event log. Work that was real is ended (`finish`, `lose`, `drop`), never removed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models, transaction
from django.db.models import ManyToOneRel

from crm.jobs.clock.crossings import CLOCK
from crm.jobs.models import Job
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Member
from crm.platform.work import due


@transaction.atomic
def remove_all(jobs: Sequence[Job], *, by: Member | None, data: Mapping[str, Any]) -> None:
    """Delete jobs and their dependent rows of all apps; one event each, with `data`. Raises ProtectedError."""
    ids = [job.pk for job in jobs]
    # The rows of the highest apps first: they may refer to those of lower ones.
    for key in reversed(Job._meta.get_fields(include_hidden=True)):
        # Django deletes rows with a nullable key in any order, counting on deferred constraints; ours are immediate.
        if isinstance(key, ManyToOneRel) and key.on_delete is models.CASCADE and key.field.null:
            there: Any = key.related_model
            there.objects.filter(**{f"{key.field.attname}__in": ids}).delete()
    Job.objects.filter(pk__in=ids).delete()
    due.cancel(Job.event_kind(CLOCK), ids)
    events.record_all([EventDraft("job.removed", Job(pk=pk), dict(data)) for pk in ids], by=by)
