"""The customer's progress line: past, current and future steps of the pipeline and milestones of the project.

The same way as the rep's bar, without its ages. Pure: days are the customer's, texts are in their language.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class LinePlace(StrEnum):
    DONE = "done"
    NOW = "now"
    NEXT = "next"


class LineStep(NamedTuple):
    """A pipeline step visible to customers; `is_work`: replaced by the project's milestones.

    `coming_title`: its title where it is what we are about to do, as its own may tell of it as done.
    """

    id: int
    title: str
    text: str
    is_work: bool = False
    coming_title: str = ""


class Stay(NamedTuple):
    """A stay in a step and its end; None if current."""

    step_id: int | None
    left: date | None


class Mark(NamedTuple):
    """A milestone visible to the customer: `title` before, `done_title` after it is reached.

    `coming_title`: as for a step; blank where `title` says by itself that it is coming.
    """

    title: str
    text: str = ""
    planned: date | None = None
    done: date | None = None
    done_title: str = ""
    coming_title: str = ""


@dataclass(frozen=True)
class LinePoint:
    """A point of the line. `day`: completed or planned; `done_title`: title once it is done.

    `coming_title`: its heading as the next of all, before the job has come to it; blank once it has.
    """

    title: str
    place: LinePlace
    text: str = ""
    day: date | None = None
    done_title: str = ""
    coming_title: str = ""

    @property
    def is_done(self) -> bool:
        return self.place == LinePlace.DONE

    @property
    def is_now(self) -> bool:
        return self.place == LinePlace.NOW

    @property
    def heading(self) -> str:
        """The title, or its future wording if it is only the next step."""
        return (self.is_now and self.coming_title) or self.title

    @property
    def is_undated(self) -> bool:
        """True for a future step without a planned date."""
        return self.place == LinePlace.NEXT and self.day is None


class Progress(NamedTuple):
    """Position of a job: its current or last step, whether all is done, and today."""

    step_id: int | None
    is_finished: bool
    today: date


def progress_line(
    order: Sequence[int], steps: Sequence[LineStep], stays: Iterable[Stay], marks: Sequence[Mark], at: Progress
) -> list[LinePoint]:
    """Return the points in order; adjacent steps with the same title are one point.

    `order`: all steps of the pipeline, also those customers don't read of; a step passed over is not on the line.
    """
    place = _told_place(order, steps, at.step_id)
    left = {stay.step_id: stay.left for stay in stays if stay.left}
    before = [step for step in steps if not marks or not step.is_work]
    work = [order.index(step.id) for step in steps if step.is_work]
    first_work = min(work, default=len(order))
    points = list[LinePoint]()
    for step in before:
        if marks and order.index(step.id) > first_work:
            points += _of_marks(marks, is_past=place > max(work), today=at.today)
            marks = ()
        points += _of_step(step, order.index(step.id), place, left)
    points += _of_marks(marks, is_past=bool(work) and place > max(work), today=at.today)
    return _with_one_now(_join_points(points), is_finished=at.is_finished)


def _told_place(order: Sequence[int], steps: Sequence[LineStep], step_id: int | None) -> int:
    """Return the index of the current visible step: the last visible one at or before it; -1 before the first."""
    if step_id not in order:
        return -1
    place = order.index(step_id)
    return max((at for step in steps if (at := order.index(step.id)) <= place), default=-1)


def _of_step(step: LineStep, here: int, place: int, left: dict[int | None, date]) -> list[LinePoint]:
    if here > place:
        return [LinePoint(step.title, LinePlace.NEXT, coming_title=step.coming_title)]
    if here == place:
        return [LinePoint(step.title, LinePlace.NOW, step.text)]
    if step.id in left:
        return [LinePoint(step.title, LinePlace.DONE, "", left[step.id])]
    return []


def _of_marks(marks: Sequence[Mark], *, is_past: bool, today: date) -> list[LinePoint]:
    """Return past milestones as done even if they were not ticked, unless they are planned for a later day."""
    points = []
    for mark in marks:
        is_over = is_past and (mark.planned is None or mark.planned < today)
        if mark.done or is_over:
            points.append(LinePoint(mark.done_title or mark.title, LinePlace.DONE, "", mark.done))
        else:
            coming = (mark.planned, mark.done_title, mark.coming_title)
            points.append(LinePoint(mark.title, LinePlace.NEXT, mark.text, *coming))
    return points


def _join_points(points: Iterable[LinePoint]) -> list[LinePoint]:
    """Join adjacent points with the same title: current if any is current; the day is that of the last one."""
    joined = list[LinePoint]()
    for point in points:
        if not joined or joined[-1].title != point.title:
            joined.append(point)
        elif not joined[-1].is_now:
            both = {joined[-1].place, point.place}
            if len(both) > 1 or point.is_now:
                place = LinePlace.NOW
            else:
                place = point.place
            joined[-1] = replace(point, place=place, text=point.text or joined[-1].text)
    return joined


def _with_one_now(points: list[LinePoint], *, is_finished: bool) -> list[LinePoint]:
    """Keep a single current point: the first that is not done, if one before it is done or one is current."""
    if is_finished:
        return [
            replace(point, title=point.done_title or point.title, place=LinePlace.DONE, text="") for point in points
        ]
    first = next((at for at, point in enumerate(points) if not point.is_done), len(points))
    has_begun = first > 0 or any(point.is_now for point in points)
    return [_place_point(point, at, first if has_begun else -1) for at, point in enumerate(points)]


def _place_point(point: LinePoint, at: int, now: int) -> LinePoint:
    if point.is_done:
        return point
    # A sentence tells of the present: of what is to come it would not be true yet.
    if at == now:
        return replace(point, place=LinePlace.NOW)
    return replace(point, place=LinePlace.NEXT, text="")
