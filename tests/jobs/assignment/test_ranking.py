"""Who gets it, of whom: the ranking alone, without a database."""

from dataclasses import replace

import pytest

from crm.jobs.assignment.ranking import AssignmentCandidate, AssignmentNeeds, CandidateVerdict, choose
from crm.jobs.models.assignment import Tier

ROOFS = 7
NORTH, SOUTH = 1, 2
A, B, C, D = 1, 2, 3, 4


def pool(*candidates: AssignmentCandidate) -> dict[int, AssignmentCandidate]:
    return {one.member_id: one for one in candidates}


def test_the_fewest_open_and_of_equals_who_waited_longest() -> None:
    found = choose(
        AssignmentNeeds(team=[A, B, C]),
        pool(
            AssignmentCandidate(A, load=200, turn=1),
            AssignmentCandidate(B, load=100, turn=9),
            AssignmentCandidate(C, load=100, turn=4),
        ),
    )
    assert (found.member_id, found.tier) == (C, Tier.ACTIVE)
    assert found.lines == [
        (C, CandidateVerdict.ACTIVE, 100),
        (B, CandidateVerdict.ACTIVE, 100),
        (A, CandidateVerdict.ACTIVE, 200),
    ]


def test_in_turn_asks_for_no_load() -> None:
    members = pool(AssignmentCandidate(A, load=900, turn=1), AssignmentCandidate(B, turn=2))
    assert choose(AssignmentNeeds(team=[A, B], strategy="robin"), members).member_id == A


@pytest.mark.parametrize(
    ("one", "verdict"),
    [
        (AssignmentCandidate(A, CandidateVerdict.PAUSED), CandidateVerdict.PAUSED),
        (AssignmentCandidate(A, CandidateVerdict.ABSENT), CandidateVerdict.ABSENT),
        (AssignmentCandidate(A, CandidateVerdict.GONE), CandidateVerdict.GONE),
        (AssignmentCandidate(A, CandidateVerdict.BARRED), CandidateVerdict.BARRED),
        (AssignmentCandidate(A, load=300, limit=300), CandidateVerdict.FULL),
        (AssignmentCandidate(A, skills=frozenset(), territories=frozenset({NORTH})), CandidateVerdict.SKILL),
        (AssignmentCandidate(A, skills=frozenset({ROOFS}), territories=frozenset({SOUTH})), CandidateVerdict.TERRITORY),
        (AssignmentCandidate(A, CandidateVerdict.OFF, frozenset({ROOFS}), frozenset({NORTH})), CandidateVerdict.OFF),
        (AssignmentCandidate(A, CandidateVerdict.AWAY, frozenset({ROOFS}), frozenset({NORTH})), CandidateVerdict.AWAY),
    ],
)
def test_who_fits_goes_before_who_does_not_however_much_they_have(
    one: AssignmentCandidate, verdict: CandidateVerdict
) -> None:
    fits = AssignmentCandidate(
        B, skills=frozenset({ROOFS}), territories=frozenset({NORTH, SOUTH}), load=10_000, turn=99
    )
    wanted = AssignmentNeeds(team=[A, B], skill=ROOFS, territories=frozenset({NORTH}), knows=A)
    found = choose(wanted, pool(one, fits))
    if verdict is CandidateVerdict.AWAY:
        # At work, and knows the customer.
        assert (found.member_id, found.tier, found.is_sticky) == (A, Tier.AWAY, True)
    else:
        assert (found.member_id, found.tier, found.is_sticky) == (B, Tier.ACTIVE, False)
        assert found.lines == [(B, CandidateVerdict.ACTIVE, 10_000), (A, verdict, one.load)]


def test_the_tiers_go_on_until_somebody_has_it() -> None:
    """Active, away, all of the team (hours before skill), the fallback team, the last resort; never limbo."""
    members = pool(
        AssignmentCandidate(A, skills=frozenset({ROOFS})),
        AssignmentCandidate(B, CandidateVerdict.AWAY, frozenset({ROOFS})),
        AssignmentCandidate(C, CandidateVerdict.OFF, frozenset({ROOFS})),
        AssignmentCandidate(D),
        AssignmentCandidate(5, CandidateVerdict.OFF),
        AssignmentCandidate(6, CandidateVerdict.ABSENT, load=100, limit=100),
    )
    wanted = AssignmentNeeds(team=[A, B, C, D], fallback=[5], last_resort=6, skill=ROOFS)
    got = []
    for _ in range(7):
        found = choose(wanted, members)
        got.append((found.member_id, found.tier))
        if found.member_id:
            members[found.member_id].presence = (
                CandidateVerdict.PAUSED if found.member_id != 6 else CandidateVerdict.GONE
            )
    assert got == [
        (A, Tier.ACTIVE),
        (B, Tier.AWAY),
        (C, Tier.TEAM),
        (D, Tier.TEAM),
        (5, Tier.FALLBACK),
        (6, Tier.LAST),
        (None, Tier.NOBODY),
    ]
    assert {line.member_id for line in found.lines} == {A, B, C, D, 5}


def test_at_night_it_waits_only_where_the_rule_says_so_and_only_for_who_will_come() -> None:
    wanted = AssignmentNeeds(team=[A, B], skill=ROOFS, waits_for_hours=True)
    comes = pool(AssignmentCandidate(A, CandidateVerdict.OFF, frozenset({ROOFS})), AssignmentCandidate(B))
    assert choose(wanted, comes).tier == Tier.WAITS
    assert choose(replace(wanted, waits_for_hours=False), comes).member_id == A
    nobody_has_it = pool(AssignmentCandidate(A, CandidateVerdict.OFF), AssignmentCandidate(B))
    assert choose(wanted, nobody_has_it).tier == Tier.TEAM


def test_who_is_to_be_relieved_of_it_never_gets_it_again() -> None:
    wanted = AssignmentNeeds(team=[A, B], had=A, knows=A, last_resort=A)
    assert choose(wanted, pool(AssignmentCandidate(A), AssignmentCandidate(B, load=500))).member_id == B
    alone = choose(wanted, pool(AssignmentCandidate(A)))
    assert (alone.member_id, alone.tier, alone.lines) == (None, Tier.NOBODY, [(A, CandidateVerdict.HAD, 0)])
