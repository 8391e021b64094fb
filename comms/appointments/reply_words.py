"""Read whether an answer to a reminder confirms the appointment, or asks for another time. Pure.

One word or a fixed sentence confirms, and nothing besides: "yes, but later" is for a person to read.
"""

from typing import Literal

from crm.kernel.normalization import name_key

Answer = Literal["confirm", "move", ""]

# Longer answers are read by people.
LONGEST = 200
CONFIRMS = frozenset(
    {
        *("c", "y", "yes", "yep", "ok", "okay", "confirm", "confirmed", "i confirm", "yes confirmed", "see you then"),
        *("yes see you then", "that works", "yes that works", "yes please", "yes thanks", "yes thank you"),
        *("j", "ja", "akkoord", "bevestigd", "bevestig", "ik bevestig", "is goed", "prima", "ja prima", "tot dan"),
        *(
            "ja tot dan",
            "dat komt uit",
            "ja dat komt uit",
            "ja hoor",
            "ja graag",
            "ja bedankt",
            "ja dank u",
            "ja dank je",
        ),
    }
)
MOVES = frozenset(
    {
        *("r", "reschedule", "move", "another time", "another day", "i need another day", "i need another time"),
        *("v", "verzetten", "verplaatsen", "andere dag", "andere tijd", "een andere dag", "een andere tijd"),
        *("ik wil een andere dag", "ik wil een andere tijd", "please call me", "bel mij"),
    }
)
# Words of a longer answer that say the same, and ask a person all the same.
_STEMS = ("resched", "verzet", "verplaats", "another day", "another time", "andere dag", "ander moment", "andere tijd")


def read_answer(text: str) -> Answer:
    """Read an answer, without what it quotes."""
    if len(text) > LONGEST:
        return ""
    said = name_key(text)
    if said in CONFIRMS:
        return "confirm"
    if said in MOVES or any(stem in said for stem in _STEMS):
        return "move"
    return ""
