"""Bodies of very many lines: what is looked at is bounded, and no word of them is lost."""

import pytest

from libs.inbound_mail.reply import attribution
from libs.inbound_mail.reply.lines import lines_of
from libs.inbound_mail.reply.split import split_reply

LONG = {
    "blank": "Hello\n" + "\n" * 200_000 + "the end",
    "quoted": "Hello\n" + "> quoted\n" * 200_000,
    "in turn": "Hello\n" + "> quoted\nmine\n" * 100_000,
    "letters": "a\n" * 200_000,
    "rules": "Hello\n" + "-----\n" * 100_000,
}


@pytest.mark.parametrize("name", LONG)
def test_lines_that_are_not_looked_through_are_few(name: str) -> None:
    assert len(lines_of(LONG[name])) <= 7_000


@pytest.mark.parametrize("name", LONG)
def test_no_word_of_a_long_text_is_lost(name: str) -> None:
    found = split_reply(LONG[name])
    words = f"{found.visible}\n{found.quoted}\n{found.signature}".split()
    assert sorted(words) == sorted(LONG[name].split())
    assert "\n\n\n\n" not in found.visible


def test_what_comes_after_many_lines_is_seen_or_quoted_by_its_marks() -> None:
    text = "Hello\n" + "> old\n" * 4_000 + "\nlower\ncase\n\n> older\n" + "more of theirs\n"
    found = split_reply(text)
    assert found.visible.startswith("Hello\n")
    assert "lower\ncase" in found.visible
    assert "more of theirs" in found.visible


def test_below_a_line_that_says_who_wrote_it_all_of_many_lines_is_quoted() -> None:
    found = split_reply("Hello\n\nOn 3 Nov 2026, Jan <jan@example.com> wrote:\n\n" + "words\n" * 9_000)
    assert (found.visible, found.quoted.count("words")) == ("Hello", 9_000)


@pytest.mark.parametrize(
    "line", ["On … wrote", "On 3 Nov Jan <jan@example.com> wrote: x", "On 3 Nov 2026 " + "a " * 190 + "wrote"]
)
def test_a_line_that_can_be_none_is_not_taken_apart(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above a quote each line is looked at with those below it: it is told by its end alone, where that will do."""
    taken = []
    whole = attribution._folded_words
    monkeypatch.setattr(attribution, "_folded_words", lambda text: taken.append(1) or whole(text))
    assert split_reply(f"{line}\n" * 1_000).quoted == ""
    assert len(taken) <= 1_000


def test_words_behind_a_rule_longer_than_what_is_looked_at_are_seen() -> None:
    assert "words" in split_reply("Hello\n" + "-" * 500 + " words\n\n> old\n").visible
