"""The bulk actions on leads: move, assign, prioritize. The preview applies the same rules as the action.

`to` is what the form sends: "phase:3", "stage:17", a member's id or "nobody", a priority's number.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from typing import ClassVar, NamedTuple, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.jobs.bulk import verbs
from crm.jobs.bulk.effects import BulkEffect, BulkOutcome, BulkVerdict, JobLike
from crm.jobs.models import Job, JobState, Priority, Stage
from crm.jobs.pipelines.exit_criteria import Gap, gaps, words
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import NOBODY


class BulkChoice(NamedTuple):
    """An option of a bulk action's menu; `group`: a heading above it."""

    value: str
    label: str
    group: str = ""


class BulkAct(ABC):
    """A bulk action with its target."""

    name: ClassVar[str]
    # The kind of each lead's event, and of the saved undo.
    kind: ClassVar[str]
    title: ClassVar[object]
    asks: ClassVar[object]
    # Whether it asks for a reason as well; and the reason that was given, for the events.
    asks_why: ClassVar[bool] = False
    reason = ""

    @classmethod
    @abstractmethod
    def choices(cls, member: Member, pipelines: Collection[int]) -> list[BulkChoice]:
        """List the targets a member may choose for leads of these pipelines."""

    @classmethod
    @abstractmethod
    def to(cls, value: str) -> Self:
        """Return the action with the target given by an option's value."""

    @abstractmethod
    def verdict(self, job: JobLike) -> BulkVerdict:
        """Return what the action would do to a lead."""

    def verdicts(self, jobs: Sequence[JobLike]) -> list[BulkVerdict]:
        """Return what the action would do to each of many leads."""
        return [self.verdict(job) for job in jobs]

    @abstractmethod
    def do(self, jobs: Sequence[Job], *, by: Member) -> int:
        """Apply the action to locked jobs; returns how many changed. Those that cannot change are skipped."""

    @abstractmethod
    def would(self, count: int, name: str) -> str:
        """Return a sentence on how many leads would change, and to what."""

    @abstractmethod
    def did(self, count: int) -> str:
        """Return a sentence on how many leads were changed."""

    def sentences(self, effect: BulkEffect) -> list[str]:
        """Describe the effect in sentences; changes first."""
        return [self.would(count, name) for name, count in effect.changes.most_common()] + effect.staying()


class Move(BulkAct):
    """Move leads to a step, or to the first step of a phase in each lead's pipeline. Those already there stay."""

    name = "move"
    kind = "job.moved"
    title = gettext_lazy("Move leads")
    asks = gettext_lazy("Where to")

    def __init__(self, phase: int = 0, stage: Stage | None = None) -> None:
        self.phase = phase
        self.stage = stage

    @classmethod
    def choices(cls, member: Member, pipelines: Collection[int]) -> list[BulkChoice]:
        setup = pipeline_setup()
        if len(pipelines) == 1:
            (pipeline,) = pipelines
            names = {phase.pk: phase.name for phase in setup.phases}
            return [BulkChoice(f"stage:{step.pk}", step.name, names[step.phase_id]) for step in setup.steps(pipeline)]
        return [
            BulkChoice(f"phase:{at}", phase.name)
            for at, phase in enumerate(setup.phases, 1)
            if any(setup.entry(pk, at) for pk in pipelines)
        ]

    @classmethod
    def to(cls, value: str) -> Self:
        what, _colon, which = value.partition(":")
        if what == "phase":
            return cls(phase=int(which))
        return cls(stage=pipeline_setup().stages[int(which)])

    def _target(self, job: JobLike) -> Stage | None:
        if self.stage:
            if self.stage.pipeline_id == job.pipeline_id:
                return self.stage
            return None
        return pipeline_setup().entry(job.pipeline_id, self.phase)

    def verdict(self, job: JobLike) -> BulkVerdict:
        if job.state != JobState.OPEN:
            return BulkVerdict(BulkOutcome.ENDED)
        setup = pipeline_setup()
        target = self._target(job)
        if target is None:
            return BulkVerdict(BulkOutcome.ELSEWHERE, setup.pipelines[job.pipeline_id].name)
        there = job.stage_id == target.pk or (not self.stage and setup.phase_of(job.stage_id) == self.phase)
        if there:
            return BulkVerdict(BulkOutcome.ALREADY)
        if job.awaits_acceptance and setup.is_sold(job.stage_id) and setup.is_sold(target.pk):
            return BulkVerdict(BulkOutcome.UNACCEPTED)
        return BulkVerdict(BulkOutcome.CHANGES, target.name)

    def verdicts(self, jobs: Sequence[JobLike]) -> list[BulkVerdict]:
        """As the base method, with the exit criteria of the steps the leads would leave."""
        moves = [(job, target) for job in jobs if (target := self._target(job))]
        missing = gaps(moves, Job.objects)
        return [self._judge_gaps(self.verdict(job), missing.get(job.pk, [])) for job in jobs]

    @staticmethod
    def _judge_gaps(verdict: BulkVerdict, missing: Sequence[Gap]) -> BulkVerdict:
        if verdict.outcome != BulkOutcome.CHANGES or not missing:
            return verdict
        blocking = [gap for gap in missing if gap.blocks]
        if blocking:
            return BulkVerdict(BulkOutcome.BLOCKED, words(blocking))
        return verdict._replace(despite=words(missing))

    def do(self, jobs: Sequence[Job], *, by: Member) -> int:
        moves = [
            (job, target)
            for job in jobs
            if self.verdict(job).outcome == BulkOutcome.CHANGES and (target := self._target(job))
        ]
        return len(verbs.move_all(moves, by=by))

    def would(self, count: int, name: str) -> str:
        sentence = ngettext("%(count)s lead moves to “%(name)s”.", "%(count)s leads move to “%(name)s”.", count)
        return sentence % {"count": count, "name": name}

    def did(self, count: int) -> str:
        if self.stage:
            where = self.stage.name
        else:
            where = pipeline_setup().phases[self.phase - 1].name
        sentence = ngettext("%(count)s lead moved to “%(name)s”.", "%(count)s leads moved to “%(name)s”.", count)
        return sentence % {"count": count, "name": where}


class Assign(BulkAct):
    """Assign or unassign leads. Without the permission to assign, a member may only claim leads or give them back."""

    name = "assign"
    kind = "job.assigned"
    title = gettext_lazy("Assign leads")
    asks = gettext_lazy("To whom")
    asks_why = True

    def __init__(self, member: Member | None) -> None:
        self.member = member

    @classmethod
    def choices(cls, member: Member, pipelines: Collection[int]) -> list[BulkChoice]:
        everybody = [row for row in directory().members.values() if row.active]
        if allows(member, "jobs.assign"):
            receivers = everybody
        else:
            receivers = [row for row in everybody if row.pk == member.pk]
        return [*(BulkChoice(str(row.uid), row.name) for row in receivers), BulkChoice(NOBODY, _("nobody"))]

    @classmethod
    def to(cls, value: str) -> Self:
        members = {str(row.uid): row for row in directory().members.values()}
        return cls(None if value == NOBODY else members[value])

    def verdict(self, job: JobLike) -> BulkVerdict:
        there = job.member_id == (self.member.pk if self.member else None)
        if there:
            return BulkVerdict(BulkOutcome.ALREADY)
        return BulkVerdict(BulkOutcome.CHANGES, self.member.name if self.member else "")

    def do(self, jobs: Sequence[Job], *, by: Member) -> int:
        return len(verbs.assign_all(jobs, self.member, by=by, reason=self.reason))

    def would(self, count: int, name: str) -> str:
        if not name:
            words = ngettext("%(count)s lead becomes unclaimed.", "%(count)s leads become unclaimed.", count)
        else:
            words = ngettext("%(count)s lead goes to %(name)s.", "%(count)s leads go to %(name)s.", count)
        return words % {"count": count, "name": name}

    def did(self, count: int) -> str:
        if self.member is None:
            return ngettext("%(count)s lead is unclaimed.", "%(count)s leads are unclaimed.", count) % {"count": count}
        words = ngettext("%(count)s lead is with %(name)s now.", "%(count)s leads are with %(name)s now.", count)
        return words % {"count": count, "name": self.member.name}


class Prioritize(BulkAct):
    """Set the priority of leads; running clocks follow its targets."""

    name = "prioritize"
    kind = "job.prioritized"
    title = gettext_lazy("Set the priority")
    asks = gettext_lazy("Priority")

    def __init__(self, priority: Priority) -> None:
        self.priority = priority

    @classmethod
    def choices(cls, member: Member, pipelines: Collection[int]) -> list[BulkChoice]:
        return [BulkChoice(str(value), str(label)) for value, label in Priority.choices]

    @classmethod
    def to(cls, value: str) -> Self:
        return cls(Priority(int(value)))

    def verdict(self, job: JobLike) -> BulkVerdict:
        if job.priority == self.priority:
            return BulkVerdict(BulkOutcome.ALREADY)
        return BulkVerdict(BulkOutcome.CHANGES, str(self.priority.label))

    def do(self, jobs: Sequence[Job], *, by: Member) -> int:
        return len(verbs.prioritize_all(jobs, self.priority, by=by))

    def would(self, count: int, name: str) -> str:
        words = ngettext("%(count)s lead becomes “%(name)s”.", "%(count)s leads become “%(name)s”.", count)
        return words % {"count": count, "name": name}

    def did(self, count: int) -> str:
        words = ngettext("%(count)s lead is “%(name)s” now.", "%(count)s leads are “%(name)s” now.", count)
        return words % {"count": count, "name": self.priority.label}


ACTS: dict[str, type[BulkAct]] = {act.name: act for act in (Move, Assign, Prioritize)}


def read(name: str, value: str, member: Member, pipelines: Collection[int]) -> BulkAct | None:
    """Parse the action of a form; None for a target the member may not choose."""
    act = ACTS[name]
    if value in {choice.value for choice in act.choices(member, pipelines)}:
        return act.to(value)
    return None
