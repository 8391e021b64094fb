"""How many parts a text is sent in, and what made it more."""

from decimal import Decimal

import pytest

from comms.rendering.segments import cost, measure, plain


@pytest.mark.parametrize(
    ("text", "units", "parts", "left"),
    [
        ("", 0, 0, 160),
        ("a" * 160, 160, 1, 0),
        ("a" * 161, 161, 2, 145),
        ("a" * 306, 306, 2, 0),
        ("a" * 307, 307, 3, 152),
        ("€" * 80, 160, 1, 0),
        # An escape and its character are never parted: the first part holds 76 euros, not 76 and a half.
        ("€" * 81, 162, 2, 143),
        ("line\r\nline", 9, 1, 151),
        ("é" * 70, 70, 1, 90),
        ("ç" * 70, 70, 1, 0),
        ("ç" * 71, 71, 2, 63),
        ("👍" * 35, 70, 1, 0),
        # 67 units hold 33 emoji and one unit is unused.
        ("👍" * 67, 134, 3, 65),
    ],
)
def test_parts_are_counted_in_units(text: str, units: int, parts: int, left: int) -> None:
    told = measure(text)
    assert (told.units, told.parts, told.left) == (units, parts, left)


def test_what_makes_it_costly_is_named_and_replaced() -> None:
    text = "It’s “ready” – call… 👍"
    told = measure(text)
    assert not told.is_gsm
    assert told.strange == ("’", "“", "”", "–", "…", "👍")
    assert dict(told.replaceable) == {"’": "'", "“": '"', "”": '"', "–": "-", "…": "..."}
    assert plain(text) == 'It\'s "ready" - call... 👍'
    assert measure(plain("It’s “ready”")).is_gsm


def test_how_much_less_makes_one_part_less() -> None:
    assert measure("a" * 187).over == 27
    assert measure("a" * 310).over == 4
    assert measure("a" * 160).over == 0


def test_the_cost_is_rounded_once_for_all_parts() -> None:
    """A text to the United States costs less than a cent: 0.79 cents a part."""
    assert [cost(parts, Decimal("0.79")) for parts in (1, 2, 3)] == [1, 2, 2]
