"""Reactions that telephones send as texts, and quotations of ours, told from a customer's own words."""

import pytest

from comms.language.quotations import part_quotations, read_reaction

OURS = "Reminder from Suncoast Roofing: Tue, Dec 1, 10:00 AM. Reply C to confirm, R for another time."


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        (f"Liked “{OURS}”", "👍"),
        (f'Loved "{OURS}"', "❤"),
        (f"Laughed at “{OURS}”", "😂"),
        (f"\u200b👍\u200b to “\u200b{OURS}\u200b”", "👍"),
        (f"Reacted 🙏 to “{OURS[:40]}…”", "🙏"),
        (f"Vond “{OURS}” leuk", "👍"),
        (f"A Rita le gustó “{OURS}”", "👍"),
        (f"Hat „{OURS}“ mit „Gefällt mir“ markiert", "👍"),
        (f"A aimé « {OURS} »", "👍"),
        # Of a language nobody listed: nearly all of it is ours.
        (f"Ha messo mi piace a “{OURS}”", ""),
        (f"Reagerede med 👍 på »{OURS}«", "👍"),
        # Of words we do not have, where the beginning is one that telephones write.
        ("Liked “All done, thank you”", "👍"),
        ("Emphasized an image", "‼"),
    ],
)
def test_reactions_are_no_words(text: str, sign: str) -> None:
    reaction = read_reaction(text, ["Something else", OURS])
    assert reaction
    assert (reaction.sign, reaction.is_removed) == (sign, False)


def test_a_reaction_that_is_taken_off() -> None:
    for text in (f"Removed a like from “{OURS}”", f"Removed 👍 from “{OURS}”"):
        reaction = read_reaction(text, [OURS])
        assert reaction
        assert reaction.is_removed


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (f"> {OURS}\nYes", "Yes"),
        (f"Re: “{OURS}” No, I can't", "No, I can't"),
        (f"Cancel “{OURS}”", "Cancel"),
        (f"You wrote “{OURS}” but I never booked", "You wrote   but I never booked"),
        ('He said "stop the work" to me', 'He said "stop the work" to me'),
        ("I liked the “brown” one", "I liked the “brown” one"),
        ('Is it "Oak" or "Maple"?', 'Is it "Oak" or "Maple"?'),
    ],
)
def test_what_they_say_beside_a_quotation_is_theirs(text: str, own: str) -> None:
    assert read_reaction(text, [OURS]) is None
    assert part_quotations(text, [OURS])[0] == own
