import pytest

from comms.search.snippet import SHOWN, snippet


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("The roof leaks", ["roof"], "The <mark>roof</mark> leaks"),
        ("Café & <b>", ["cafe"], "<mark>Café</mark> &amp; &lt;b&gt;"),
        ("roofing, Roof", ["roof"], "<mark>roofing</mark>, <mark>Roof</mark>"),
        ("Nothing of it", ["roof"], "Nothing of it"),
        ("", ["roof"], ""),
    ],
)
def test_words_are_marked_and_everything_else_escaped(text: str, words: list[str], shown: str) -> None:
    assert snippet(text, words) == shown


def test_a_long_text_is_shown_around_the_first_word() -> None:
    shown = snippet("far " * 500 + "the gutter drips " + "away " * 500, ["gutter"])
    assert "<mark>gutter</mark>" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < SHOWN + 60
