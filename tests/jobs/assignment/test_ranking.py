"""Who gets it, of whom: the ranking alone, without a database."""

from dataclasses import replace

import pytest

from crm.jobs.assignment.ranking import Candidate, Verdict, Wanted, choose
from crm.jobs.models.assignment import Tier

ROOFS = 7
NORTH, SOUTH = 1, 2
A, B, C, D = 1, 2, 3, 4


def pool(*candidates: Candidate) -> dict[int, Candidate]:
    return {one.member_id: one for one in candidates}


def test_the_fewest_open_and_of_equals_who_waited_longest() -> None:
    found = choose(
        Wanted(team=[A, B, C]),
        pool(Candidate(A, load=200, turn=1), Candidate(B, load=100, turn=9), Candidate(C, load=100, turn=4)),
    )
    assert (found.member_id, found.tier) == (C, Tier.ACTIVE)
    assert found.lines == [(C, Verdict.ACTIVE, 100), (B, Verdict.ACTIVE, 100), (A, Verdict.ACTIVE, 200)]


def test_in_turn_asks_for_no_load() -> None:
    members = pool(Candidate(A, load=900, turn=1), Candidate(B, turn=2))
    assert choose(Wanted(team=[A, B], strategy="robin"), members).member_id == A


@pytest.mark.parametrize(
    ("one", "verdict"),
    [
        (Candidate(A, Verdict.PAUSED), Verdict.PAUSED),
        (Candidate(A, Verdict.ABSENT), Verdict.ABSENT),
        (Candidate(A, Verdict.GONE), Verdict.GONE),
        (Candidate(A, Verdict.BARRED), Verdict.BARRED),
        (Candidate(A, load=300, limit=300), Verdict.FULL),
        (Candidate(A, skills=frozenset(), territories=frozenset({NORTH})), Verdict.SKILL),
        (Candidate(A, skills=frozenset({ROOFS}), territories=frozenset({SOUTH})), Verdict.TERRITORY),
        (Candidate(A, Verdict.OFF, frozenset({ROOFS}), frozenset({NORTH})), Verdict.OFF),
        (Candidate(A, Verdict.AWAY, frozenset({ROOFS}), frozenset({NORTH})), Verdict.AWAY),
    ],
)
def test_who_fits_goes_before_who_does_not_however_much_they_have(one: Candidate, verdict: Verdict) -> None:
    fits = Candidate(B, skills=frozenset({ROOFS}), territories=frozenset({NORTH, SOUTH}), load=10_000, turn=99)
    wanted = Wanted(team=[A, B], skill=ROOFS, territories=frozenset({NORTH}), knows=A)
    found = choose(wanted, pool(one, fits))
    if verdict is Verdict.AWAY:
        # At work, and knows the customer.
        assert (found.member_id, found.tier, found.is_sticky) == (A, Tier.AWAY, True)
    else:
        assert (found.member_id, found.tier, found.is_sticky) == (B, Tier.ACTIVE, False)
        assert found.lines == [(B, Verdict.ACTIVE, 10_000), (A, verdict, one.load)]


def test_the_tiers_go_on_until_somebody_has_it() -> None:
    """Active, away, all of the team (hours before skill), the fallback team, the last resort; never limbo."""
    members = pool(
        Candidate(A, skills=frozenset({ROOFS})),
        Candidate(B, Verdict.AWAY, frozenset({ROOFS})),
        Candidate(C, Verdict.OFF, frozenset({ROOFS})),
        Candidate(D),
        Candidate(5, Verdict.OFF),
        Candidate(6, Verdict.ABSENT, load=100, limit=100),
    )
    wanted = Wanted(team=[A, B, C, D], fallback=[5], last_resort=6, skill=ROOFS)
    got = []
    for _ in range(7):
        found = choose(wanted, members)
        got.append((found.member_id, found.tier))
        if found.member_id:
            members[found.member_id].presence = Verdict.PAUSED if found.member_id != 6 else Verdict.GONE
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
    wanted = Wanted(team=[A, B], skill=ROOFS, waits_for_hours=True)
    comes = pool(Candidate(A, Verdict.OFF, frozenset({ROOFS})), Candidate(B))
    assert choose(wanted, comes).tier == Tier.WAITS
    assert choose(replace(wanted, waits_for_hours=False), comes).member_id == A
    nobody_has_it = pool(Candidate(A, Verdict.OFF), Candidate(B))
    assert choose(wanted, nobody_has_it).tier == Tier.TEAM


def test_who_is_to_be_relieved_of_it_never_gets_it_again() -> None:
    wanted = Wanted(team=[A, B], had=A, knows=A, last_resort=A)
    assert choose(wanted, pool(Candidate(A), Candidate(B, load=500))).member_id == B
    alone = choose(wanted, pool(Candidate(A)))
    assert (alone.member_id, alone.tier, alone.lines) == (None, Tier.NOBODY, [(A, Verdict.HAD, 0)])
