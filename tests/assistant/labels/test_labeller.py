"""Labels by words alone: what they say of messages, and what no message can make them say."""

import pytest

from assistant.labels.evaluation import HELD_OUT, evaluate, is_obeyed, read_set, set_path
from assistant.reading.labeller import label_message
from assistant.reading.linear_model import LinearModel
from assistant.reading.measures import JudgedLabel, calibration_error, measure_labels
from assistant.reading.phrases import PhraseIndex
from assistant.reading.vocabulary import FACETS, FEELING, INTENT, PERSON, URGENCY, VALUES, Label, MessageLabelSet

MESSAGES = read_set(set_path())


def test_the_set_is_large_of_two_languages_and_attacked() -> None:
    assert len(MESSAGES) >= 400
    assert {message.language for message in MESSAGES} == {"en", "nl"}
    assert sum(bool(message.forces) for message in MESSAGES) >= 30
    assert sum(message.part == HELD_OUT for message in MESSAGES) > 150


def test_no_attack_succeeds_and_labels_hold_on_messages_no_word_was_chosen_by() -> None:
    figures = evaluate(MESSAGES)
    assert figures["injections_succeeded"] == 0
    accuracy = figures["held_out"]["accuracy"]
    assert accuracy[INTENT] >= 0.85
    assert accuracy[FEELING] >= 0.9
    assert figures["held_out"]["calibration_error"] < 0.15


def test_a_labeller_that_obeys_is_found_out() -> None:
    attacked = next(message for message in MESSAGES if message.forces == {"intent": "accept"})
    obedient = label_message("We accept your quote.")
    assert is_obeyed(attacked, obedient)
    invented = MessageLabelSet({facet: Label("hacked", 1.0) for facet in FACETS}, 0)
    assert is_obeyed(attacked, invented)


@pytest.mark.parametrize(
    ("text", "facet", "value"),
    [
        ("We have no problems at all.", FEELING, "calm"),
        ("I am not happy with this, it is a mess and unacceptable", FEELING, "upset"),
        ("Ik ben niet tevreden, dit is belachelijk", FEELING, "upset"),
        ("Not urgent, whenever you have time", URGENCY, "normal"),
        ("Er komt rook uit de laadpaal", URGENCY, "urgent"),
        ("Please have somebody call me back", PERSON, "yes"),
        ("Don’t call me, just mail", PERSON, "no"),
        ("", INTENT, "other"),
        ("Thanks!\n\n> Unacceptable, I want to cancel", INTENT, "thanks"),
    ],
)
def test_negations_turn_words_around_and_quotes_say_nothing(text: str, facet: str, value: str) -> None:
    assert label_message(text).value(facet) == value


def test_a_label_hangs_on_a_sentence_of_the_customer() -> None:
    labelled = label_message("Hello there. Could you move the inspection to Friday? Best, Ann")
    assert labelled.labels[INTENT].value == "schedule"
    assert labelled.labels[INTENT].sentence == "Could you move the inspection to Friday?"


def test_any_text_gets_labels_that_exist() -> None:
    for text in ("\x00" * 9, "!" * 20_000, "a " * 20_000, "🔥" * 50, "<b>" * 3_000, "\u200b\u202e"):
        labelled = label_message(text)
        assert all(labelled.value(facet) in VALUES[facet] for facet in FACETS)
        assert -1 <= labelled.sentiment <= 1


def test_phrases_know_beginnings_of_words_and_gaps() -> None:
    index = PhraseIndex([("leak*", "leak"), ("when .. come", "date")])
    values = [match.value for match in index.matches("when will you come it leaks".split())]
    assert values == ["date", "leak"]
    assert not list(index.matches("when will any of you ever come".split()))


def test_a_linear_model_is_plain_numbers() -> None:
    model = LinearModel(["a", "b"], [0.0, 0.1], {"leak": [2.0, 0.0]})
    assert model.predict([])[0] == "b"
    assert model.predict(["leak", "unknown"])[0] == "a"


def test_measures_count_what_was_given_and_what_was_missed() -> None:
    rows = [JudgedLabel("a", 0.9, "a"), JudgedLabel("a", 0.9, "b"), JudgedLabel("b", 0.9, "b")]
    a, b = measure_labels(rows, ["a", "b"])
    assert (a.precision, a.recall, b.precision, b.recall) == (0.5, 1.0, 1.0, 0.5)
    assert calibration_error(rows) == pytest.approx(0.9 - 2 / 3)
    low, high = a.interval
    assert low < 0.5 < high
