"""What an answer to a reminder says: a plain yes, a wish for another time, or something a person reads."""

import pytest

from comms.appointments.reply_words import read_answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        *((text, "confirm") for text in ("C", "c.", " Yes! ", "JA", "ja, tot dan", "Yes, see you then", "Okay")),
        *((text, "move") for text in ("R", "reschedule", "Ik wil een andere dag", "Could we reschedule to Friday?")),
        *((text, "move") for text in ("Kunt u de afspraak verzetten?", "I need another day")),
        *((text, "") for text in ("yes but the gate is locked", "Ja maar pas om 11 uur", "Cats?", "no", "", "c" * 300)),
    ],
)
def test_answers(text: str, answer: str) -> None:
    assert read_answer(text) == answer
