"""The customer's line: what is done, where we are and what comes, in every way a job can stand."""

from datetime import date

import pytest

from portal.job.line import LinePlace, LineStep, Mark, Progress, Stay, progress_line

MONDAY, TUESDAY, FRIDAY = date(2026, 5, 11), date(2026, 5, 12), date(2026, 5, 15)
# 1 is not told, 4 neither; 5 and 6 are one for customers.
ORDER = [1, 2, 3, 4, 5, 6, 7, 8]
STEPS = [
    LineStep(2, "Visit", "We come."),
    LineStep(3, "Quote", "It is with you."),
    LineStep(5, "Work", "Booked.", is_work=True),
    LineStep(6, "Work", "On the roof.", is_work=True),
    LineStep(7, "Invoice", "On its way."),
    LineStep(8, "Warranty", "It runs."),
]
MARKS = [Mark("Old roof off", done=MONDAY), Mark("New roof on", "Noise."), Mark("City", planned=FRIDAY)]
SIGN = {LinePlace.DONE: "+", LinePlace.NOW: "*", LinePlace.NEXT: ""}


def drawn(step: int | None, *, stays: dict[int, date] | None = None, marks=(), finished: bool = False) -> str:
    left = [Stay(pk, day) for pk, day in (stays or {}).items()]
    points = progress_line(ORDER, STEPS, left, list(marks), Progress(step, finished, TUESDAY))
    return " ".join(SIGN[point.place] + point.title.replace(" ", "_") for point in points)


@pytest.mark.parametrize(
    ("step", "stays", "expected"),
    [
        (None, {}, "Visit Quote Work Invoice Warranty"),
        (1, {}, "Visit Quote Work Invoice Warranty"),
        (2, {}, "*Visit Quote Work Invoice Warranty"),
        (3, {2: MONDAY}, "+Visit *Quote Work Invoice Warranty"),
        (4, {2: MONDAY, 3: MONDAY}, "+Visit *Quote Work Invoice Warranty"),
        (5, {3: MONDAY}, "+Quote *Work Invoice Warranty"),
        (6, {2: MONDAY, 3: MONDAY, 5: MONDAY}, "+Visit +Quote *Work Invoice Warranty"),
        (8, {7: MONDAY}, "+Invoice *Warranty"),
    ],
)
def test_a_step_is_done_now_or_next_and_one_passed_over_is_left_out(
    step: int | None, stays: dict[int, date], expected: str
) -> None:
    assert drawn(step, stays=stays) == expected


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (3, "*Quote +Old_roof_off New_roof_on City Invoice Warranty"),
        (6, "+Old_roof_off *New_roof_on City Invoice Warranty"),
        # Nobody noted the roof as done; the city's day is still to come.
        (7, "+Old_roof_off +New_roof_on *City Invoice Warranty"),
    ],
)
def test_the_work_is_told_by_its_milestones(step: int, expected: str) -> None:
    assert drawn(step, marks=MARKS) == expected


def test_a_milestone_is_told_in_other_words_once_it_is_done() -> None:
    marks = [Mark("The old roof comes off", done=MONDAY, done_title="The old roof is off")]
    marks.append(Mark("The new roof goes on", done_title="The new roof is on"))
    assert "+The_old_roof_is_off *The_new_roof_goes_on" in drawn(6, marks=marks)
    assert "+The_new_roof_is_on" in drawn(6, marks=marks, finished=True)


def test_a_step_the_job_has_not_come_to_is_not_told_as_done() -> None:
    steps = [*STEPS[:4], LineStep(7, "All done", "It is done.", coming_title="Next: All done")]
    marks = [Mark("Old roof off", done=MONDAY)]
    points = progress_line(ORDER, steps, [], marks, Progress(6, False, TUESDAY))
    assert (points[-1].heading, points[-1].place, points[-1].text) == ("Next: All done", LinePlace.NOW, "")
    assert progress_line(ORDER, steps, [], marks, Progress(7, False, TUESDAY))[-1].heading == "All done"


def test_a_milestone_with_a_name_alone_is_not_told_as_done() -> None:
    marks = [Mark("Cable laid", coming_title="Next: Cable laid")]
    points = progress_line(ORDER, STEPS, [Stay(2, MONDAY)], marks, Progress(6, False, TUESDAY))
    assert [point.heading for point in points if point.is_now] == ["Next: Cable laid"]


def test_all_of_a_finished_job_is_done() -> None:
    assert drawn(6, stays={2: MONDAY}, marks=MARKS, finished=True).count("+") == 6


def test_a_point_has_the_day_it_was_done_or_is_planned_for() -> None:
    points = progress_line(ORDER, STEPS, [Stay(2, MONDAY), Stay(2, TUESDAY)], MARKS, Progress(6, False, TUESDAY))
    assert {point.title: point.day for point in points if point.day} == {
        "Visit": TUESDAY,
        "Old roof off": MONDAY,
        "City": FRIDAY,
    }
    assert [point.text for point in points if point.text] == ["Noise."], "a sentence tells of the present alone"
