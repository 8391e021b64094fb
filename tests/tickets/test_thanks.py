"""Mere thanks, in five languages, and what says more than thanks."""

import pytest

from tickets.language.thanks import is_only_thanks

THANKS = (
    *("Thanks!", "Thank you so much, great job", "thx", "Perfect, thanks a lot!\n\nBest regards", "Cheers 👍"),
    *("Bedankt!", "Hartelijk dank voor de snelle hulp", "Dank je wel 👍", "Top, bedankt. Fijne dag!", "Merci beaucoup"),
    *(
        "Vielen Dank für die schnelle Antwort!",
        "Danke schön",
        "Muchas gracias por su ayuda",
        "Merci pour votre réponse",
    ),
)
MORE = (
    *("", "ok", "Thanks, but it still leaks", "Thanks, when do you come?", "thanks call me", "Thank you, see you at 9"),
    *("Bedankt, maar het werkt niet", "Danke, aber es tropft noch", "Gracias, pero no funciona", "👍", "thanks " * 40),
)


@pytest.mark.parametrize(("text", "only"), [*((text, True) for text in THANKS), *((text, False) for text in MORE)])
def test_thanks_are_told_from_what_asks_for_something(text: str, only: bool) -> None:
    assert is_only_thanks(text) is only
