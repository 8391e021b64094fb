"""Numbers are grouped and have their decimal mark as the language of the page has them."""

import pytest
from django.utils.translation import override

from crm.kernel import formats
from crm.kernel.sentences import translate_sentence
from libs.sentence import Sentence


@pytest.mark.parametrize(("language", "words"), [("en", "1,234,567"), ("nl", "1.234.567")])
def test_a_whole_number_is_grouped_as_its_language_does(language: str, words: str) -> None:
    with override(language):
        assert formats.whole_number(1_234_567) == words
        assert formats.whole_number(1_234_566.6) == words


@pytest.mark.parametrize(
    ("number", "english", "dutch"),
    [(1200.0, "1,200", "1.200"), (0.5, "0.5", "0,5"), (0, "0", "0"), (-1234.25, "-1,234.25", "-1.234,25")],
)
def test_a_number_keeps_the_decimals_it_has(number: float, english: str, dutch: str) -> None:
    assert formats.plain_number(number) == english
    with override("nl"):
        assert formats.plain_number(number) == dutch


def test_one_decimal_and_a_size_have_the_mark_of_the_language() -> None:
    assert (formats.one_decimal(4.55), formats.size_in_words(2_000_000)) == ("4.5", "2 MB")
    with override("nl"):
        assert (formats.one_decimal(5), formats.size_in_words(2_400_000)) == ("5,0", "2,4 MB")


def test_the_number_in_a_sentence_of_a_library_is_grouped_too() -> None:
    sentence = Sentence("Row %(row)s has a cell of more than %(limit)s characters.") % {"row": 12, "limit": 32_767}
    assert sentence == "Row 12 has a cell of more than 32,767 characters."
    with override("nl"):
        assert "32.767" in translate_sentence(sentence)
