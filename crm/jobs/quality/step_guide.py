"""Step guide on a lead's page: the guidance, key fields and exit criteria of its step, and the missing fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from crm.jobs.models import Job
from crm.jobs.pipelines.key_fields import KeyField, key_fields, present
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.pipelines.stage import BLOCK
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.shell.record_pages import record_link


class FieldLine(NamedTuple):
    """A key field of a lead: whether it is present, whether the step requires it, and the form that sets it."""

    label: str
    missing: str
    is_there: bool
    # "warn", "block", or blank where the step does not ask for it.
    strength: str
    part: str
    url: str

    @property
    def is_needed(self) -> bool:
        return self.strength == BLOCK


@dataclass(frozen=True)
class StepGuide:
    """The step's text and fields, and how complete the lead is for its current step."""

    guidance: str
    fields: list[FieldLine]
    asked: int
    missing: list[FieldLine]

    @property
    def percent(self) -> int:
        """Percentage of the required facts that are present, rounded down: 100 means all of them."""
        if self.asked:
            return (self.asked - len(self.missing)) * 100 // self.asked
        return 100

    @property
    def there(self) -> int:
        return self.asked - len(self.missing)


def asked_of(job: Job) -> list[str]:
    """Return the facts a lead should have by now: those of its phase, and those its steps so far require."""
    setup = pipeline_setup()
    fields = key_fields()
    phase = max(setup.phase_of(job.stage_id) - 1, 0)
    keys = [key for key, one in fields.items() if one.from_phase is not None and one.from_phase <= phase]
    if job.stage_id:
        for step in setup.steps(job.pipeline_id):
            if setup.place(step.pk) <= setup.place(job.stage_id):
                keys += [*step.key_fields, *step.exit_criteria]
    return [key for key in dict.fromkeys(keys) if key in fields]


def step_guide(job: Job, *, by: Member, slug: str) -> StepGuide:
    """Return the step guide of a lead, with one statement."""
    stage = pipeline_setup().stages.get(job.stage_id or 0)
    fields = key_fields()
    required_keys = asked_of(job)
    criteria: Mapping[str, str] = {}
    if stage:
        criteria = stage.exit_criteria
    step_keys = []
    if stage:
        step_keys = [key for key in dict.fromkeys([*stage.key_fields, *criteria]) if key in fields]
    there = present(Job.objects, [job.pk], [*dict.fromkeys([*required_keys, *step_keys])]).get(job.pk, frozenset())

    def line(key: str) -> FieldLine:
        return _line(job, fields[key], key in there, criteria.get(key, ""), by=by, slug=slug)

    return StepGuide(
        guidance=stage.guidance if stage else "",
        fields=[line(key) for key in step_keys],
        asked=len(required_keys),
        missing=[line(key) for key in required_keys if key not in there],
    )


def _line(job: Job, one: KeyField, is_there: bool, strength: str, *, by: Member, slug: str) -> FieldLine:
    part = ""
    if one.part and allows(by, "jobs.correct"):
        part = one.part
    url = ""
    if one.link:
        url = record_link(job, one.link, by=by, slug=slug)
    return FieldLine(str(one.label), str(one.missing), is_there, strength, part, url)
