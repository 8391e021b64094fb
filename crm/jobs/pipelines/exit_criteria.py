"""Exit criteria: facts a step requires before a lead moves on, checked by one function for one lead or many.

They are asked of a lead that goes on along its bar, from the step it leaves. Going back, and ends, ask for nothing.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import Enum
from typing import Any, NamedTuple, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.jobs.pipelines.key_fields import KeyField, key_fields, present
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.pipelines.stage import BLOCK, Stage
from crm.kernel.refusal import Refused


class Heed(Enum):
    """How strictly a move applies the exit criteria of the step it leaves."""

    # A person is told of each that is not met.
    ALL = "all"
    # Warnings are noted on the move; what blocks, blocks. So a person who goes on, many at once, and rules.
    BLOCKS = "blocks"
    # An import tells what was, and the leads of an archived step have no other place.
    NONE = "none"


class JudgedJob(Protocol):
    """Fields that exit criteria need of a job, or of a row of values."""

    pk: int
    stage_id: int | None


class Gap(NamedTuple):
    """A criterion that is not met."""

    field: KeyField
    blocks: bool


class Unmet(Refused):
    """A step's exit criteria are not met; the text lists what is missing."""

    def __init__(self, step: str, gaps: Collection[Gap]) -> None:
        super().__init__(gaps_sentence(step, gaps))
        self.gaps = list(gaps)

    @property
    def blocks(self) -> bool:
        return any(gap.blocks for gap in self.gaps)


def gaps_sentence(step: str, gaps: Iterable[Gap]) -> str:
    """Return a sentence on what is missing."""
    return _("Before it leaves “%(step)s”: %(missing)s.") % {"step": step, "missing": words(gaps)}


def words(gaps: Iterable[Gap]) -> str:
    """List what is missing: "No value, No next step"."""
    return ", ".join(str(gap.field.missing) for gap in gaps)


def gaps(moves: Iterable[tuple[JudgedJob, Stage]], rows: Any) -> dict[int, list[Gap]]:
    """Return the unmet criteria by job id, blocking ones first; one statement, or none if nothing is
    required. `rows`: all jobs, as a queryset."""
    criteria_by_job = {job.pk: criteria for job, stage in moves if (criteria := _criteria_of(job.stage_id, stage))}
    if not criteria_by_job:
        return {}
    fields = key_fields()
    there = present(rows, criteria_by_job, {key for criteria in criteria_by_job.values() for key in criteria})
    gaps_by_job = {
        pk: [Gap(fields[key], strength == BLOCK) for key, strength in criteria.items() if key not in there.get(pk, ())]
        for pk, criteria in criteria_by_job.items()
    }
    return {pk: sorted(missing, key=lambda gap: not gap.blocks) for pk, missing in gaps_by_job.items() if missing}


def check_criteria(job: JudgedJob, stage: Stage, heed: Heed, rows: Any) -> dict[str, list[str]]:
    """Return the event data of warnings that a move ignores. Raises Unmet."""
    missing = []
    if heed != Heed.NONE:
        missing = gaps([(job, stage)], rows).get(job.pk, [])
    if missing and (heed == Heed.ALL or any(gap.blocks for gap in missing)):
        raise Unmet(pipeline_setup().stages[job.stage_id or 0].name, missing)
    return despite(missing)


def despite(missing: Iterable[Gap]) -> dict[str, list[str]]:
    """Return the event data of ignored warnings."""
    keys = [gap.field.key for gap in missing]
    if keys:
        return {"despite": keys}
    return {}


def _criteria_of(stage_id: int | None, to: Stage) -> Mapping[str, str]:
    """Return the criteria of a step for a lead that moves on from it, without those of deleted fields."""
    setup = pipeline_setup()
    if stage_id is None or not (criteria := setup.stages[stage_id].exit_criteria):
        return {}
    fields = key_fields()
    onward = setup.place(stage_id) < setup.place(to.pk)
    if onward:
        return {key: strength for key, strength in criteria.items() if key in fields}
    return {}


def passed_warnings(keys: Iterable[str]) -> str | Promise:
    """Describe the warnings that a move ignored, by the keys in its event."""
    fields = key_fields()
    return ", ".join(str(fields[key].missing) for key in keys if key in fields)
