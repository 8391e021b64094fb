"""Run the jobs' own verbs at past instants, and write the collected rows with one statement per table.

A verb reads and writes through a few methods of its job; here those collect instead. So the rows are the ones the
verbs would have left, and two years of them take seconds.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, models

from crm.jobs.clock.arithmetic import Level
from crm.jobs.clock.crossings import LEVELS, schedule
from crm.jobs.creation.job_creation import JOB_NUMBERS, start
from crm.jobs.models import Job, JobParty, Note, StageVisit
from crm.jobs.models.visit import visit_entered
from crm.kernel import clock
from crm.platform.models import Event, Member, NumberBlock
from leads.models import Lead

BATCH = 500


class JobHistory:
    """Collects the rows of a tenant's history, until `write` stores them."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.visits: list[StageVisit] = []
        self.events: list[Event] = []
        self.notes: list[Note] = []
        self.parties: list[JobParty] = []
        self.leads: list[Lead] = []
        self._seen: dict[int, tuple[datetime, int]] = {}
        # Of each job the visit it is in.
        self._present: dict[int, StageVisit] = {}

    def open(self, job: Job, at: datetime, *, cause: str) -> None:
        """Open a job that has its id and number. What its verbs write is collected from here on."""

        def record(kind: str, by: Member | None, data: dict[str, Any]) -> None:
            self.record(kind, job, clock.now(), data, by=by)

        vars(job).update(
            lock=lambda: None,
            save=lambda **_: None,
            _record=record,
            _schedule_crossing=lambda: None,
            _begin_visit=partial(self._begin_visit, job),
            _end_visit=partial(self._end_visit, job),
            _follow_visit=partial(self._follow_visit, job),
        )
        self.jobs.append(job)
        with clock.at(at):
            start(job, by=None, cause=cause)

    def _begin_visit(self, job: Job, by: Member | None, cause: str) -> None:
        self._present[job.pk] = visit = StageVisit(job_id=job.pk, **visit_entered(job, by, cause))
        self.visits.append(visit)

    def _end_visit(self, job: Job, left: dict[str, Any]) -> None:
        vars(self._present[job.pk]).update(left)

    def _follow_visit(self, job: Job, left: dict[str, Any], by: Member | None, cause: str) -> None:
        self._end_visit(job, left)
        self._begin_visit(job, by, cause)

    def record(
        self, kind: str, subject: models.Model, at: datetime, data: dict[str, Any], *, by: Member | None
    ) -> None:
        """Record an event on a job's timeline."""
        label = subject._meta.label_lower
        fact = Event(
            at=at, kind=kind, subject_kind=label, subject_id=subject.pk, job_id=subject.pk, actor=by, data=data
        )
        self.events.append(fact)

    def pass_time(self, job: Job, until: datetime) -> None:
        """Do what the tick would have done up to an instant: crossings of the running clock, and the level."""
        if job.instants is None:
            return
        run, seen = self._seen.get(job.pk, (None, 0))
        worst = seen if run == job.clock_started_at else job.level or Level.OK
        for at, (level, name) in zip(job.instants, LEVELS, strict=True):
            if at <= until and level < worst:
                self.record(job.event_kind(name), job, at, job.crossing_data(), by=None)
                worst = level
        self._seen[job.pk] = (job.clock_started_at, worst)
        job.level = job.level_at(until)

    def write(self, now: datetime) -> None:
        """Store everything; schedule the next crossing of the running clocks."""
        for job in self.jobs:
            self.pass_time(job, now)
        Job.objects.bulk_create(self.jobs, batch_size=BATCH)
        Lead.objects.bulk_create(self.leads)
        JobParty.objects.bulk_create(self.parties)
        StageVisit.objects.bulk_create(sorted(self.visits, key=lambda visit: visit.entered_at), batch_size=2000)
        Event.objects.bulk_create(sorted(self.events, key=lambda event: event.at), batch_size=2000)
        Note.objects.bulk_create(sorted(self.notes, key=lambda note: note.at))
        schedule([job for job in self.jobs if job.is_open], now)


def fresh_ids(model: type[models.Model], count: int) -> list[int]:
    """Reserve ids of the table, for rows that must reference each other before they are stored."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return sorted(row[0] for row in cursor.fetchall())


def fresh_numbers(count: int) -> Sequence[int]:
    """Reserve job numbers of the current tenant."""
    first = NumberBlock.objects.get_queryset().allocate_numbers(JOB_NUMBERS, count)
    return range(first, first + count)
