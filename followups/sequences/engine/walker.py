"""Walker: an enrolment that the engine walks on with, its lead, customer and version, and what was done for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.business_hours import BusinessHours
from crm.people.models import Person
from crm.platform.organization.configuration import directory
from followups.sequences.models import EndReason, Enrolment, StepResult
from followups.sequences.models.step_record import step_origin
from followups.sequences.setup import ReadSequence, SequenceStepRead


@dataclass
class Walker:
    """One enrolment on its way. The engine saves its row and writes its records at the end of the batch."""

    row: Enrolment
    read: ReadSequence
    job: Job
    person: Person
    # From when the next wait counts: when it was due, or when its last message leaves.
    since: datetime
    records: list[dict[str, Any]] = field(default_factory=list)
    # Why it ends, once it does.
    end: tuple[EndReason, Mapping[str, Any]] | None = None

    @property
    def step(self) -> SequenceStepRead:
        """The step it stands at."""
        return self.read.steps[self.row.position]

    @property
    def origin(self) -> str:
        """The origin of what the step makes."""
        return step_origin(self.row.pk, self.row.position)

    @property
    def hours(self) -> BusinessHours | None:
        """The business hours of the lead's brand."""
        return directory().calendars.get(self.calendar_id or 0)

    @property
    def calendar_id(self) -> int | None:
        return directory().calendar_of(self.job.brand_id)

    def go_on(self, following: int | None) -> bool:
        """Go to a position; at the end it ends. Returns True if it walks on."""
        self.row.begun_at = None
        self.row.next_at = None
        self.row.calendar_id = None
        self.row.task_id = None
        if following is None:
            self.end = (EndReason.FINISHED, {})
            return False
        self.row.position = following
        return True

    def note_message(self, leaves_at: datetime | None) -> None:
        """Note that its message is queued now: answers count from now, the next wait from when the message leaves."""
        self.row.wrote_at = clock.now()
        self.since = max(self.since, leaves_at or self.since)

    def record(self, result: StepResult, data: Mapping[str, Any] | None = None, reason: str = "") -> None:
        """Note the result of the step it stands at."""
        self.records.append(
            {
                "enrolment_id": self.row.pk,
                "version_id": self.row.version_id,
                "is_test": self.row.is_test,
                "position": self.row.position,
                "at": clock.now(),
                "result": result,
                "data": dict(data or {}),
                "reason": reason[:200],
            }
        )
