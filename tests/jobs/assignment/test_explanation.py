"""Why work is with a member: the sentence says what the candidates say."""

import pytest

from crm.jobs.assignment.explanation import why
from crm.jobs.assignment.ranking import CandidateLine, CandidateVerdict

ACTIVE, AWAY, OFF = CandidateVerdict.ACTIVE, CandidateVerdict.AWAY, CandidateVerdict.OFF


@pytest.mark.parametrize(
    ("chosen", "others", "words"),
    [
        ((ACTIVE, 100), [(ACTIVE, 200)], "Least open work of those who qualify and are at work."),
        ((ACTIVE, 100), [(ACTIVE, 100)], "Least open work, and the longest since their last turn."),
        # The rule went by turns then.
        ((ACTIVE, 900), [(ACTIVE, 100)], "Next in turn of those who qualify and are at work."),
        # Whoever was not seen lately comes after, whatever they have.
        ((ACTIVE, 900), [(AWAY, 0)], "The only one who qualifies, is at work and was recently active."),
        (
            (ACTIVE, 5),
            [(ACTIVE, 9), (AWAY, 0)],
            ("Least open work of those who qualify, are at work and were recently active."),
        ),
        ((ACTIVE, 900), [(OFF, 0)], "The only one who qualifies and is at work."),
    ],
)
def test_why_with_them(
    chosen: tuple[CandidateVerdict, int], others: list[tuple[CandidateVerdict, int]], words: str
) -> None:
    lines = [CandidateLine(pk, *candidate) for pk, candidate in enumerate([chosen, *others], 1)]
    assert why(chosen[0], is_sticky=False, strategy="fewest", lines=lines) == words


def test_in_turn_is_said_where_the_rule_goes_by_turns() -> None:
    lines = [CandidateLine(1, ACTIVE, 100), CandidateLine(2, ACTIVE, 200)]
    assert why(ACTIVE, is_sticky=False, strategy="robin", lines=lines).startswith("Next in turn")
