"""Create the demo's recurring follow-ups, with an occurrence that is left out and one that is moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice

from crm.jobs.models import Job
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from followups.recurrence.edits import SeriesValues, create_series
from followups.recurrence.occurrences import iterate_occurrences
from followups.recurrence.single import move_occurrence, skip_occurrence

# By language: type, subject, rule, hour; the reason for leaving one out.
SERIES = {
    "en": (
        ("call", "Call about how the work goes", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", 15),
        ("documents", "Check the permit", "FREQ=WEEKLY;BYDAY=TU,TH", 10),
        ("email", "Send the monthly update", "FREQ=MONTHLY;BYDAY=-1FR", 9),
    ),
    "nl": (
        ("call", "Bellen hoe het werk gaat", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", 15),
        ("documents", "Vergunning controleren", "FREQ=WEEKLY;BYDAY=TU,TH", 10),
        ("email", "Het maandbericht versturen", "FREQ=MONTHLY;BYDAY=-1FR", 9),
    ),
}
# Of the first: how long it takes, its reminders, and that an answer of the customer completes it.
DETAILS = {"own_minutes": 20, "own_reminders": [[24 * 60, "email"], [30, "app"]], "completes_on": "answer"}
REASONS = {"en": "The customer is away", "nl": "De klant is weg"}


@dataclass(frozen=True)
class _Plan:
    """What becomes a series."""

    kind: str
    subject: str
    rule: str
    hour: int


def create_series_of_leads(now: datetime) -> None:
    """Create each series for the owner of an open lead, inside the tenant."""
    language = directory().tenant.language
    plans = [_Plan(*row) for row in SERIES.get(language, SERIES["en"])]
    jobs = Job.objects.open().filter(person__isnull=False, member__isnull=False).order_by("-pk")
    for plan, job in zip(plans, _jobs_of_different_owners(jobs, len(plans)), strict=False):
        _create_one(plan, job, now, REASONS.get(language, REASONS["en"]))


def _jobs_of_different_owners(jobs: Sequence[Job], count: int) -> list[Job]:
    """Return jobs, the first of each owner before the second of any."""
    first = {job.member_id: job for job in reversed(jobs)}
    chosen = list(first.values())
    return [*chosen, *(job for job in jobs if job not in chosen)][:count]


def _create_one(plan: _Plan, job: Job, now: datetime, reason: str) -> None:
    """Create a series; its second occurrence is moved by a day, and its fourth left out."""
    owner: Member = directory().members[job.member_id or 0]
    zone = directory().zone
    values = SeriesValues(
        kind=plan.kind,
        subject=plan.subject,
        rule=plan.rule,
        zone=zone.key,
        start_day=now.astimezone(zone).date(),
        start_time=time(plan.hour),
        ends_with_job=True,
        details=DETAILS if plan.kind == "call" else {},
    )
    series = create_series(values, by=owner, about=job)
    coming = [one for one in islice(iterate_occurrences(series), 8) if one.at is not None and one.at > now]
    moved, skipped = coming[1], coming[3]
    assert moved.at is not None, "chosen above"
    move_occurrence(series, moved.original, moved.at + timedelta(days=1), by=owner)
    skip_occurrence(series, skipped.original, reason=reason, by=owner)
