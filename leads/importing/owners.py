"""Owners of an import's new leads: the assignment rules distribute unassigned ones once the import has ended."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Count

from crm.jobs.assignment.wake import drain_soon
from crm.jobs.models import Job
from crm.jobs.models.assignment.setup import assignment_setup
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from leads.assignment import KIND
from leads.models import ImportRow, ImportRun


class Owner(NamedTuple):
    """A member and their number of new leads."""

    name: str
    number: int


class Owners(NamedTuple):
    """The present owners of the new leads, most first. `nobodys`: unassigned; `by_rule`: True if rules assign them."""

    members: list[Owner]
    nobodys: int
    by_rule: bool


def give_out(_ended: Sequence[Event]) -> None:
    """Assign the queued leads after an import, in slices, oldest due first."""
    drain_soon(KIND)


def owners(run: ImportRun) -> Owners:
    """Return the owners of the leads created by a run, in one statement."""
    made = ImportRow.objects.filter(run=run, made_job=True, undone=False).values("job_id")
    counted = Job.objects.filter(pk__in=made).order_by().values_list("member_id").annotate(number=Count("pk"))
    counts = dict(counted)
    nobodys = counts.pop(None, 0)
    members = directory().members
    owned = [Owner(members[pk].name, number) for pk, number in counts.items()]
    return Owners(
        sorted(owned, key=lambda one: (-one.number, one.name)), nobodys, bool(assignment_setup().rules_of(KIND))
    )
