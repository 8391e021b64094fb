"""Walk one lead through a sequence: what would be done when, and what the gate would say. Nothing is written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from crm.automation.engine.judgement import all_groups_hold, judge_conditions
from crm.automation.registry.actions import Departure, UpcomingAction
from crm.jobs.models import Job
from crm.kernel.business_hours import BusinessHours
from crm.platform.organization.configuration import directory
from followups.sequences.definition import Otherwise, SequenceAct, SequenceFork, SequenceWait
from followups.sequences.editor.sequence_text import StepText, step_text
from followups.sequences.engine.tasks import due_time
from followups.sequences.setup import MESSAGE, TASK, ReadSequence, SequenceStepRead, job_kind


class WalkLine(NamedTuple):
    """A step on the way of one lead: when it would be done, and what would come of it. `is_fine`: it would be done."""

    text: StepText
    at: datetime
    note: str = ""
    is_fine: bool = True
    is_wait: bool = False
    is_message: bool = False


@dataclass
class SequenceWalk:
    """The way of one lead through a version, from a step on."""

    read: ReadSequence
    job: Job
    at: datetime

    def lines(self, position: int | None = 0) -> Iterator[WalkLine]:
        """Yield the steps in the order they would be done. Follow-ups are taken to be done when they are due."""
        while position is not None:
            line, position = self._line(self.read.steps[position])
            yield line

    @property
    def _hours(self) -> BusinessHours | None:
        return directory().calendars.get(directory().calendar_of(self.job.brand_id) or 0)

    def _line(self, step: SequenceStepRead) -> tuple[WalkLine, int | None]:
        """Return the line of a step, and the position after it. Moves the time on."""
        node = step.node
        text = step_text(node.step)
        began = self.at
        if step.problem:
            return WalkLine(text, began, step.problem, is_fine=False), node.following
        if isinstance(node.step, SequenceWait):
            self.at = node.step.span.after(self.at, self._hours)
            return WalkLine(text, self.at, is_wait=True), node.following
        if isinstance(node.step, SequenceFork):
            answer, note = self._answer(step, node.step)
            return WalkLine(text, began, note), node.following if answer else node.other
        if node.step.action == MESSAGE:
            return self._message_line(step, node.step, text), node.following
        if node.step.action == TASK:
            due = due_time(step.chosen, self._hours, since=self.at)
            if node.step.holds:
                self.at = due
            return WalkLine(text, due), node.following
        return WalkLine(text, began), node.following

    def _answer(self, step: SequenceStepRead, fork: SequenceFork) -> tuple[bool, str]:
        """Return the answer of a fork, and how it is known. What the customer will do is taken to be no."""
        if fork.question:
            return False, _("not known yet; taken as no here")
        judgements = judge_conditions(job_kind(), [self.job.pk], step.groups)
        if all_groups_hold(step.groups, judgements[self.job.pk]):
            return True, _("yes, as the lead is now")
        return False, _("no, as the lead is now")

    def _message_line(self, step: SequenceStepRead, act: SequenceAct, text: StepText) -> WalkLine:
        departure = self._departure(step)
        if departure.at:
            self.at = departure.at
            return WalkLine(text, self.at, departure.words, is_message=True)
        if departure.words:
            if act.otherwise == Otherwise.CALL:
                instead = _("a call is planned")
            else:
                instead = _("the step is skipped")
            return WalkLine(text, self.at, f"{departure.words}: {instead}", is_fine=False)
        return WalkLine(text, self.at, is_message=True)

    def _departure(self, step: SequenceStepRead) -> Departure:
        assert step.action is not None, "a step without one has a problem"
        assert step.action.departures is not None, "the action of messages knows"
        [departure] = step.action.departures([UpcomingAction(job_kind(), self.job, step.chosen, self.at)])
        return departure


def first_messages(read: ReadSequence, jobs: Sequence[Job], at: datetime) -> dict[int, WalkLine]:
    """Return the first message of each lead that would enter at an instant, by the lead's id. For a few leads only."""
    lines = {}
    for job in jobs:
        first = next((line for line in SequenceWalk(read, job, at).lines() if line.is_message), None)
        if first:
            lines[job.pk] = first
    return lines
