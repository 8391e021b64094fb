"""The rules of data quality, over plain facts."""

import pytest

from crm.jobs.quality.rules import RULES, LeadFacts, flaws, suggest_email

GOOD = LeadFacts(
    name="Marisol Vega",
    emails=("marisol@gmail.com",),
    phones=("+18135550142",),
    street="12 Palm Ave",
    postcode="33602",
    city="Tampa",
    country="US",
    has_place=True,
    source=True,
    value=100_00,
    phase=3,
)


def of(**changed: object) -> list[str]:
    return [rule.key for rule in flaws(LeadFacts(**{**GOOD.__dict__, **changed}))]  # type: ignore[arg-type]


def test_nothing_is_wrong_with_a_good_lead() -> None:
    assert of() == []


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"emails": (), "phones": ()}, "unreachable"),
        ({"name": "N/A"}, "nameless"),
        ({"name": "onbekend"}, "nameless"),
        ({"name": "813 555 0142"}, "nameless"),
        ({"name": "someone@mail.example"}, "nameless"),
        ({"emails": ("jo@gmial.com",)}, "mistyped"),
        ({"has_place": False}, "placeless"),
        ({"postcode": "3360"}, "odd_postcode"),
        ({"country": "NL", "postcode": "0123 AB"}, "odd_postcode"),
        ({"source": False}, "sourceless"),
        ({"value": None}, "valueless"),
        ({"value": 0}, "valueless"),
        ({"owner_left": True}, "orphaned"),
    ],
)
def test_each_rule_finds_its_flaw_alone(changed: dict[str, object], key: str) -> None:
    assert of(**changed) == [key]


@pytest.mark.parametrize(
    "changed",
    [
        {"emails": ()},
        {"phones": ()},
        {"name": "Ng"},
        {"name": "Jo Test"},
        {"name": "Ελένη"},
        {"has_place": False, "phase": 0},
        {"value": None, "phase": 1},
        {"country": "NL", "postcode": "1234 ab"},
        {"country": "ZZ", "postcode": "what they have there"},
        {"postcode": "33602-1234"},
    ],
)
def test_what_is_fine_is_left_alone(changed: dict[str, object]) -> None:
    assert of(**changed) == []


def test_a_slip_has_a_likely_spelling() -> None:
    assert suggest_email("jo@gmial.com") == "jo@gmail.com"
    assert suggest_email("jo@gmail.com") == suggest_email("nonsense") == ""


def test_every_rule_is_fixed_by_a_part_there_is() -> None:
    from crm.jobs.quality.corrections import PARTS

    assert {rule.fix for rule in RULES.values()} <= set(PARTS)
