"""What an answer to a reminder says: a plain yes, a wish for another time, or something a person reads."""

from datetime import date

import pytest

from comms.appointments.reply_words import day_names, read_answer


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


IN_OTHER_WORDS = {
    "confirm": """
        👍|✅👍🏽|Yesss|sounds good|confirmed thanks|Yes I'll be there|Works for us, see you then|ok great thanks
        Good to go|Thanks, see you then|yes, thank you Sam|Ja hoor, prima|Ja graag|Tot dan!|Komt goed|sí|Claro que sí
        Ahí estaré|Muy bien gracias|Ja, passt|Geht klar|Alles klar, bis dann|D'accord|Oui c'est bon|Ça marche
    """,
    "move": """
        Can we reschedule to Thursday?|Can't make it, can we do Friday instead?|How about next week?|I won't be home
        Is another day possible?|Please cancel my appointment|That doesn't work for me|Kan het een andere keer?
        Sorry, ik kan niet|¿Podemos cambiarlo para el viernes?|No podemos ese día|Können wir verschieben?
        Geht leider nicht|Un autre jour svp|Pouvons-nous reporter ?
    """,
    "": """
        No need to reschedule, we will be there|Please don't change the time|Why did you reschedule without asking?
        Do I need to reschedule?|What if I can't make it?|If you reschedule again I'll cancel|We don't want another day
        Yes but can you bring the samples?|Yes if Sam comes|Confirmed? I never booked this|Yes and no|Maybe|I think so
        Great, another delay|Yeah right|👎|❓|Thanks|What time?|wrong number|Niet verzetten graag|Ja maar eerst bellen
        No hace falta cambiar la cita|Sí pero llame antes|Nicht verschieben bitte|Pas besoin de reporter
        Oui mais après 10h
    """,
}


@pytest.mark.parametrize("answer", IN_OTHER_WORDS)
def test_answers_in_peoples_own_words(answer: str) -> None:
    texts = [text.strip() for line in IN_OTHER_WORDS[answer].splitlines() for text in line.split("|") if text.strip()]
    assert {text: read_answer(text, ["Sam Service"]) for text in texts} == dict.fromkeys(texts, answer)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        *((text, "confirm") for text in ("Confirmed. See you Tuesday", "Tuesday works", "Bevestigd, tot dinsdag")),
        *((text, "") for text in ("Confirmed. See you Friday", "Great, see you tomorrow", "Tuesday?")),
        ("Can we do Tuesday?", "move"),
    ],
)
def test_a_day_confirms_only_where_it_is_that_of_the_appointment(text: str, answer: str) -> None:
    days = day_names(date(2026, 3, 10), today=date(2026, 3, 6))
    assert read_answer(text, days=days) == answer
    assert read_answer(text) in (answer, ""), "no appointment is known"


def test_tomorrow_is_the_day_after_today() -> None:
    assert read_answer("See you tomorrow", days=day_names(date(2026, 3, 10), today=date(2026, 3, 9))) == "confirm"
