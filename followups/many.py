"""Assign many follow-ups, each to its member, with one statement: the set version of `FollowUp.assign_to`."""

from collections.abc import Iterable

from django.db import transaction

from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import Fact
from crm.platform.models import Member
from followups.models import FollowUp


@transaction.atomic
def assign_all(given: Iterable[tuple[FollowUp, int | None]], *, by: Member | None, cause: str) -> int:
    """Assign locked, open follow-ups each to a member, by id, or to nobody; returns how many were reassigned."""
    changed = [(row, data | {"cause": cause}) for row, new in given if (data := row._assign(new))]
    for row, _ in changed:
        row.version += 1
    bulk_write.save_all([row for row, _ in changed], ["assignee_id", "version"])
    events.record_all([Fact("followup.assigned", row, data, job_id=row.job_id) for row, data in changed], by=by)
    return len(changed)
