"""Detect messages that only say thank you, so that a solved ticket stays solved."""

from collections.abc import Collection, Sequence

from comms.language.clauses import Saying, SentenceClause, read_saying
from comms.language.courtesies import COURTESIES
from comms.language.phrasebook import UNKNOWN, Phrase, Phrasebook
from crm.kernel.normalization import name_key

# Longer ones say something else besides.
LONGEST = 160
# How many words a wish has behind it ("have a great Thanksgiving"), and a name ("Thanks Mary Ann").
MOST_NAMED = 2
COURTEOUS = frozenset({"thanks", "praise", "heard", "wish"})
_PHRASES = Phrasebook({"sour": COURTESIES["sour"]}, COURTESIES)


def is_only_thanks(text: str, names: Collection[str] = ()) -> bool:
    """Return whether a short text, without quotes and signature, only thanks, praises or wishes well.

    A question, a number, a sign of anger or one word that is not known means that it may say more: then it does not.
    `names`: of people who may be thanked or sign.
    """
    saying = read_saying(text)
    if len(text) > LONGEST or saying.is_question or saying.has_other_signs or any(map(str.isdigit, text)):
        return False
    known_names = {word for name in names for word in name_key(name).split()}
    meanings = set()
    last = ""
    for clause in saying.clauses:
        phrases = _PHRASES.read(clause.words)
        if not _is_covered(clause, phrases, last, known_names):
            return False
        if phrases:
            last = phrases[-1].meaning
        meanings |= {phrase.meaning for phrase in phrases}
    return "sour" not in meanings and (bool(meanings & COURTEOUS) or _is_a_glad_sign(saying))


def _is_a_glad_sign(saying: Saying) -> bool:
    return not saying.words and saying.is_glad


def _is_covered(clause: SentenceClause, phrases: Sequence[Phrase], last: str, names: Collection[str]) -> bool:
    """True if every word is known, a name, or part of a wish. `last`: meaning of the preceding words."""
    unknown = [at for at, phrase in enumerate(phrases) if phrase.meaning == UNKNOWN]
    unknown = [at for at in unknown if clause.words[phrases[at].begin] not in names]
    if not unknown:
        return True
    # The last ones of the clause, and no more than a name has.
    is_end = unknown == list(range(len(phrases) - len(unknown), len(phrases)))
    if not is_end or len(unknown) > MOST_NAMED:
        return False
    if unknown[0]:
        before = phrases[unknown[0] - 1].meaning
    else:
        before = last
    is_capital = all(clause.written[phrases[at].begin].istitle() for at in unknown)
    if before == "wish":
        return True
    if unknown[0]:
        may_be_a_name = before in {"thanks", "regards", "around"}
    else:
        may_be_a_name = before == "regards"
    return is_capital and may_be_a_name
