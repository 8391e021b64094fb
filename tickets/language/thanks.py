"""Whether a message only says thank you, so that a solved ticket stays solved (T10)."""

import re
import unicodedata

# Longer ones say something else besides.
LONGEST = 120
# What thanks: in English, Dutch, German, French and Spanish; folded, without accents.
_THANKS = frozenset(
    """
    thanks thank thx ty cheers appreciated appreciate
    bedankt dank dankjewel dankuwel bedank merci thnx
    danke dankeschon vielen
    mercis remercie
    gracias agradecido agradecida
    """.split()
)
# What may stand around it and asks for nothing, in the same languages.
_AROUND = frozenset(
    """
    you u so very much again a lot lots many all for your the this that help great perfect awesome super good job work
    nice ok okay got it will do sounds have nice day weekend one too and it is was works worked now fixed well best
    kind regards team everyone everybody really cool wonderful excellent fantastic quick reply response update info
    information answer service done received noted fine i we sir madam guys hi hello dear yes
    je jullie wel hartelijk heel erg alvast voor de het een hulp snelle reactie antwoord top prima goed fijn fijne dag
    avond groet groeten groetjes met vriendelijke mvg duidelijk helder gelukt ontvangen in orde mooi helemaal nogmaals
    hallo hoi beste ja oke graag gedaan informatie uw jouw
    dir ihnen euch schon sehr fur die das der schnelle antwort hilfe ihre deine gut alles klar perfekt schonen tag
    grusse viele freundlichen liebe mit nochmals
    beaucoup bien pour votre vos ton aide reponse rapide bonne journee soiree parfait cordialement vous toi bonjour
    oui d'accord encore et tout la le les
    muchas mil por su tu ayuda respuesta rapida perfecto buen dia bueno vale muy amable saludos todo si hola
    """.split()
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_UNSAID = re.compile(r"[\d?]")


def is_only_thanks(text: str) -> bool:
    """Tell whether a short text, quotes and signature stripped, thanks and says nothing else.

    A question, a number or one word that is not known means that it may say more: then it does not.
    """
    words = " ".join(text[: LONGEST + 1].split())
    if not words or len(words) > LONGEST or _UNSAID.search(words):
        return False
    said = [_folded(word) for word in _WORD.findall(words)]
    return any(word in _THANKS for word in said) and all(word in _THANKS or word in _AROUND for word in said)


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold()).replace("’", "'")
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
