"""Mere thanks, in five languages, and what says more than thanks."""

import pytest

from tickets.language.thanks import is_only_thanks

THANKS = (
    *(
        "Looks great",
        "It looks great, thanks",
        "Ziet er goed uit",
        "Thanks!",
        "Thank you so much, great job",
        "thx",
        "Perfect, thanks a lot!\n\nBest regards",
        "Cheers 👍",
    ),
    *("Bedankt!", "Hartelijk dank voor de snelle hulp", "Dank je wel 👍", "Top, bedankt. Fijne dag!", "Merci beaucoup"),
    *(
        "Vielen Dank für die schnelle Antwort!",
        "Danke schön",
        "Muchas gracias por su ayuda",
        "Merci pour votre réponse",
    ),
)
MORE = (
    *(
        "Looks great but one tile is loose",
        "",
        "Thanks, but it still leaks",
        "Thanks, when do you come?",
        "thanks call me",
        "Thank you, see you at 9",
    ),
    *("Bedankt, maar het werkt niet", "Danke, aber es tropft noch", "Gracias, pero no funciona", "thanks " * 40),
)


@pytest.mark.parametrize(("text", "only"), [*((text, True) for text in THANKS), *((text, False) for text in MORE)])
def test_thanks_are_told_from_what_asks_for_something(text: str, only: bool) -> None:
    assert is_only_thanks(text) is only


IN_OTHER_WORDS = {
    True: """
        👍|❤️|🙏🙏|😊|ok|Ok 👍|OK great|Perfect|Got it|You too!|No problem|TY|Much appreciated|tysm!!|Thank youuuu
        Thanks, have a great Thanksgiving|Ok thanks Sam|Thanks Hank, see you then|Happy holidays|Have a good one
        Great job guys, thank you!|It works now, thank you|Thank you for coming today|Best regards, Peter. Thanks
        Prima dank|Top, bedankt Sam|Jullie ook|Fijn weekend!|Muchas gracias por todo|De nada|Igualmente|Super, danke
        Schönes Wochenende|Merci beaucoup|Bonne soirée
    """,
    False: """
        Thank you for nothing|Thanks for ruining my lawn|thanks a lot, now my carpet is wet|so much for a great job
        Great, it broke again|Great. Still leaking.|Not great|No thanks to you|Great job leaving nails in my driveway
        Thanks, same time tomorrow?|Thanks. 555-0142 is my new number|ok but when|Ok, please call me|Thanks, call me
        Thanks, I need a copy|It works now but makes noise|?|👎|😡|💧|Hello|Help|Thank you for your invoice
        Bedankt voor niks|Lekker dan|Top, alleen de goot lekt nog|Gracias por nada|Danke für nichts|Merci pour rien
    """,
}


@pytest.mark.parametrize("only", IN_OTHER_WORDS)
def test_thanks_in_peoples_own_words(only: bool) -> None:
    texts = [text.strip() for line in IN_OTHER_WORDS[only].splitlines() for text in line.split("|") if text.strip()]
    assert {text: is_only_thanks(text) for text in texts} == dict.fromkeys(texts, only)
