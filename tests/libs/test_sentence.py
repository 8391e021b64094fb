"""A sentence reads as English text and keeps what a translation needs."""

from libs.sentence import Sentence


def test_a_sentence_is_its_text_and_keeps_template_and_values() -> None:
    sentence = Sentence("%(count)s rows are empty.") % {"count": 3}
    assert sentence == "3 rows are empty."
    assert (sentence.template, sentence.values) == ("%(count)s rows are empty.", {"count": 3})


def test_a_sentence_without_values_is_taken_as_it_stands() -> None:
    assert Sentence("100% sure") == "100% sure"
    assert Sentence("100% sure").values == {}
