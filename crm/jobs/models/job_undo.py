"""Undo of actions on jobs: which columns, visits and scheduled crossings are restored."""

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _

from crm.jobs.clock.clocked import Clocked
from crm.jobs.clock.crossings import schedule
from crm.jobs.models.job_record import JobRecord
from crm.jobs.models.visit import StageVisit
from crm.jobs.pipelines.setup import pipeline_setup
from crm.people import correction
from crm.people.models import Person
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Change, ChangedRow, Member
from crm.platform.undo import Values, restore_columns

LINE_COLUMNS = ("stage_id", "state", "entered_at", "ended_at", "ended_reason", "past")
# What a correction may alter (crm/jobs/correction.py): columns, the customer's details, the property's own fields.
DETAILS = "customer_details"
SITE_DETAILS = "site_details"
CORRECTED = (
    *("title", "value", "expected_on", "source_id", "site_id", "place", "own_fields"),
    *(DETAILS, SITE_DETAILS),
)
# And with another brand.
REBRANDED = ("brand_id", "currency", *Clocked.CLOCK_COLUMNS)


# The next step is the follow-ups' to take back.
COLUMNS = (
    *LINE_COLUMNS,
    *Clocked.CLOCK_COLUMNS,
    *("member_id", "priority", "waiting_since", "unread_count", "unread_channel", "touched_at"),
)


def lock_customers(recorded: Iterable[ChangedRow]) -> None:
    """Lock the customers whose details are restored, in the same lock order as corrections."""
    people = {details["person"] for row in recorded if (details := row.after.get(DETAILS))}
    if people:
        list(Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk"))


def open_visits(job_ids: Iterable[int]) -> dict[int, Values]:
    """Return by job the open visit and its allowed seconds, which change when a job leaves on the customer's turn."""
    return {job_id: {"visit": pk, "allowed": allowed} for job_id, pk, allowed in StageVisit.open_ones(job_ids)}


def archived_step_refusal(job: JobRecord, before: Values, change: Change) -> str:
    """Return why a job cannot be restored: the stage it would re-enter was archived after the action. "" if it can."""
    stage_id = before.get("stage_id", job.stage_id)
    state = before.get("state", job.state)
    enters = state == "open" and (stage_id, state) != (job.stage_id, job.state)
    stage = None
    if enters:
        stage = pipeline_setup().stages.get(stage_id or 0)
    if stage is None or stage.archived_at is None or stage.archived_at < change.at:
        return ""
    return _("“%(step)s” was archived in the meantime, so it cannot be undone.") % {"step": stage.name}


def restore_jobs(jobs: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
    """Restore the columns, the visits and the clocks' next crossings of these jobs."""
    altered = restore_columns(jobs, recorded)
    _put_back_details([recorded[job.pk] for job in jobs], by)
    _put_back_site_details([recorded[job.pk] for job in jobs], by)
    _put_back_visits([recorded[job.pk] for job in jobs])
    if altered.intersection(Clocked.CLOCK_COLUMNS):
        # From the action on: crossings in between are recorded by the next tick.
        schedule(jobs, change.at)
    data = {"of": change.kind, "since": change.at.isoformat()}
    events.record_all([EventDraft("job.undone", job, data, job_id=job.pk) for job in jobs], by=by)


def _put_back_details(recorded: Iterable[ChangedRow], by: Member) -> None:
    """Restore the customers' details, each once. A customer created for the first number keeps the name only."""
    details_by_person: dict[int, Values] = {}
    for row in recorded:
        if after := row.after.get(DETAILS):
            before = (row.before or {}).get(DETAILS) or {**after, "points": []}
            details_by_person[after["person"]] = before
    for details in sorted(details_by_person.values(), key=itemgetter("person")):
        correction.restore(details, by=by)


def _put_back_site_details(recorded: Iterable[ChangedRow], by: Member) -> None:
    """Restore the own fields of properties, each once. A job that had another property before changed none."""
    pairs = [((row.before or {}).get(SITE_DETAILS), row.after.get(SITE_DETAILS)) for row in recorded]
    stayed = [before for before, after in pairs if before and after and before["site"] == after["site"]]
    by_site = {before["site"]: before for before in stayed}
    for _site, details in sorted(by_site.items()):
        correction.restore_site(details, by=by)


def _put_back_visits(recorded: Iterable[ChangedRow]) -> None:
    """Delete the visit the action began, then reopen the one it ended, as a job has only one open visit."""
    moved = [row for row in recorded if row.before and row.before.keys() & set(LINE_COLUMNS)]
    kept = [row.context for row in moved if row.context]
    begun = StageVisit.objects.filter(job_id__in=[row.row_id for row in moved], left_at__isnull=True)
    begun.exclude(pk__in=[visit["visit"] for visit in kept]).delete()
    going_on = {"left_at": None, "used": 0, "level": None}
    bulk_write.update_all(
        StageVisit, [{"id": visit["visit"], "allowed": visit["allowed"], **going_on} for visit in kept]
    )
