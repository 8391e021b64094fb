"""Parse whether a message asks to stop, to start again, or for help: keywords and plain sentences.

Pure. A message asks to stop where every word of a clause belongs to such a request: "please stop texting me" does,
"stop by tomorrow" and "don't stop the work" do not. What may be one is `unclear`, and a person is asked
(docs/rules.md#sending-law).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from comms.gate.consent.opt_out_phrases import REQUESTS
from comms.language.clauses import STOP_SIGNS, Saying, SentenceClause, read_saying
from comms.language.phrasebook import UNKNOWN, Phrasebook

Kind = Literal["stop", "start", "help", "unclear", ""]

# Who wants to be left alone says so in few clauses.
MOST_CLAUSES = 12
# How long until HELP is answered again.
HELP_AGAIN = timedelta(hours=24)
# What the networks take for STOP, what people are told to send, and the same in other languages.
# See docs/rules.md#sending-law.
STOP_WORDS = frozenset(
    "stop stopall unsubscribe unsub cancel end quit optout revoke remove stopp stoppen afmelden afmeld uitschrijven "
    "opzeggen abmelden alto basta parar baja detener arret arreter arretez desabonner desinscription".split()
)
START_WORDS = frozenset("start unstop yes aanmelden hervatten".split())
HELP_WORDS = frozenset("help info hulp".split())
_TWO_WORDS = frozenset({"stop all", "opt out", "un stop"})

_PHRASES = Phrasebook(REQUESTS)
_SAID_AROUND = frozenset({"around", "me", "more"})
# What messages are called, and what we do when we send some.
_OF_MESSAGES = frozenset({"message", "write", "list", "contact", "email", "call"})
# Stays what it is, whatever else is said: nobody is asked about it.
_HARMLESS = re.compile(
    r"\b(?:do not|dont|never|not|niet|without|zonder te|non|no|nicht|sans|sin|cannot"
    r"|(?:wo|ca|does|did|is|could|would)nt)"
    r"(?: ever| just| please| want to| have to| need to| going to)?"
    r" (?:stop|stopping|unsubscribe|quit|stoppen|stopped|arreter|parar)\b"
    r"|\bstop(?:s|ped|ping)? (?:by|over|in|at|round|around|off|work|working|leaking"
    r"|dripping|raining|here|there|bij|om)\b"
    r"|\bstop(?:ped|ping)? (?:the|my|our|a|this|that|het|de|el|la|le|die|das|den)"
    r" (?!text|messag|sms|reminder|e ?mail|call|spam|notif|offer|newsl"
    r"|alert|updat|bericht|app|mensaj|nachricht)\w{1,30}"
    r"|\b(?:it|he|she|they)(?: will| would| does| did| has| had| can| could| should| may| might)? stop\w{0,4}\b"
    r"|\b(?:bus|truck|one|pit|full|door|rain|non|next|last) ?stop\b|\bstop (?:sign|light|contact)\b"
)
_WRONG = re.compile(
    r"\bwrong (?:number|person)\b|\bverkeerde? (?:nummer|persoon)\b|\bnumero equivocado\b|\bmauvais numero\b"
)
_UNINTERESTED = re.compile(
    r"\b(?:(?:not|no longer) interested|niet geinteresseerd|geen (?:interesse|belangstelling)|kein interesse"
    r"|nicht interessiert|pas interessee?|no me interesa|no estoy interesad[oa])\b"
)
_BLOCKS = re.compile(r"(?:please |pls |ill |i will |im going to )?block(?: (?:you|me|this|this number|number))?")
# Written so that filters miss it.
_DISGUISED_STOP = re.compile(r"\bst0pp?\b", re.IGNORECASE)
# "Please stop I am at work": what comes behind it is a sentence of its own.
_BEGINS_SO = re.compile(r"(?:please |pls |plz )?(?:stop|quit|basta|alto) (?:i|im|ive|we|weve|you|youre|its)\b")
_MAY_ASK = frozenset({"stop", "unsubscribe", "leave"})


@dataclass(frozen=True)
class OptOut:
    """The request in a message. `medium`: what to stop: "here" its own medium, "" all, else email or call."""

    kind: Kind
    medium: str = "here"
    # Whether it was a single word, as the networks answer to themselves.
    is_word: bool = False
    # Whether the provider has told them so already.
    is_answered: bool = False


NOTHING = OptOut("")


def read(text: str) -> OptOut:
    """Parse the request in a message."""
    if _DISGUISED_STOP.search(text):
        # The networks do not take it for the word, so they have answered nothing.
        return replace(read(_DISGUISED_STOP.sub("stop", text)), is_word=False)
    saying = read_saying(text)
    if saying.is_long:
        return NOTHING
    if request := _read_word(saying):
        return request
    clauses = [clause for clause in saying.clauses if clause.words][:MOST_CLAUSES]
    read_clauses = [_read_clause(clause) for clause in clauses]
    requests = [request for request in read_clauses if request]
    named = [request for request in requests if not request.is_word]
    if named:
        return named[0]
    if requests and all(
        _is_courtesy(clause) for clause, request in zip(clauses, read_clauses, strict=True) if not request
    ):
        return OptOut("stop")
    if requests or _may_mean_it(saying, clauses):
        return OptOut("unclear")
    return NOTHING


def _read_word(saying: Saying) -> OptOut | None:
    """Return the request of a one-word message; a repeated word counts once."""
    words = set(saying.words)
    if saying.text in _TWO_WORDS:
        whole = saying.text.replace(" ", "")
    else:
        whole = " ".join(words)
    if not words and saying.signs & STOP_SIGNS and saying.signs <= STOP_SIGNS:
        return OptOut("stop")
    kinds: list[tuple[frozenset[str], Kind]] = [(STOP_WORDS, "stop"), (START_WORDS, "start"), (HELP_WORDS, "help")]
    kind = next((kind for listed, kind in kinds if whole in listed), None)
    if kind:
        return OptOut(kind, is_word=True)
    return None


def _read_clause(clause: SentenceClause) -> OptOut | None:
    """Return the request of a clause that contains nothing else; `is_word`: it does not say what to stop."""
    meanings = _meanings_of(clause.words)
    if {UNKNOWN, "told", "tired", "nagging"} & set(meanings) or _HARMLESS.search(clause.text):
        return None
    meaning_set = set(meanings)
    if "leave" in meaning_set:
        return OptOut("stop", "")
    if meaning_set & {"unsubscribe", "stop"} and not _is_negated(meanings):
        is_bare = not meaning_set & _OF_MESSAGES and "unsubscribe" not in meaning_set
        return OptOut("stop", _named_medium(meaning_set), is_word=is_bare)
    if (
        "remove" in meaning_set
        and "not" not in meaning_set
        and ("list" in meaning_set or ("me" in meaning_set and not meaning_set & {"message", "write"}))
    ):
        return OptOut("stop", "here" if "message" in meaning_set else "")
    if "end" in meaning_set and "not" not in meaning_set and meaning_set & {"message", "list"}:
        return OptOut("stop", _named_medium(meaning_set))
    return _read_negation(meaning_set)


def _read_negation(said: set[str]) -> OptOut | None:
    """Parse "no more texts", "do not write to me", "I don't want these messages"."""
    if "not" not in said:
        return None
    is_of_verb = bool(said & {"contact", "call", "email", "write"} and said & {"me", "more", "message"})
    is_of_noun = bool(said & {"message", "email", "call"} and said & {"more", "want", "write"})
    if said & {"receive", "want"}:
        # "I don't get your messages any more" may be a complaint.
        is_of_verb = False
        is_of_noun = is_of_noun and "want" in said
    if is_of_noun or is_of_verb:
        return OptOut("stop", _named_medium(said))
    return None


def _meanings_of(words: Sequence[str]) -> list[str]:
    """Return the meanings of a clause's phrases in order; "no more" is a negation and a "more"."""
    meanings = [phrase.meaning for phrase in _PHRASES.read(words)]
    return [part for meaning in meanings for part in (("not", "more") if meaning == "no more" else (meaning,))]


def _is_negated(meanings: Sequence[str]) -> bool:
    """True if a negation precedes the request: "don't stop"."""
    first = next(at for at, meaning in enumerate(meanings) if meaning in {"unsubscribe", "stop"})
    return "not" in meanings[:first]


def _named_medium(said: set[str]) -> str:
    """Return what is to stop, by how it is named: "" is everything."""
    if said & {"write", "message"} and "email" not in said:
        return "here"
    named = {"call": "call", "email": "email", "contact": ""}
    return next((medium for word, medium in named.items() if word in said), "here")


def _is_courtesy(clause: SentenceClause) -> bool:
    """True if a clause beside a request is a courtesy: "thank you", "wrong number"."""
    return all(phrase.meaning in _SAID_AROUND for phrase in _PHRASES.read(clause.words))


def _may_mean_it(saying: Saying, clauses: Sequence[SentenceClause]) -> bool:
    """True if a clause may be an opt-out: about stopping, annoyed, or for another recipient."""
    meanings = set(_meanings_of(saying.words))
    if _WRONG.search(saying.text) or _BLOCKS.fullmatch(saying.text):
        return True
    if _UNINTERESTED.search(saying.text) and UNKNOWN not in meanings:
        return True
    if meanings - _SAID_AROUND == {"not", "message"} and not saying.is_question:
        return True
    is_little = meanings <= {"end", "not", "more", "tired"} | _SAID_AROUND
    if is_little and (meanings & {"end", "tired"} or {"not", "more"} <= meanings):
        return True
    return any(_may_ask(_HARMLESS.sub(" ", clause.text).split()) for clause in clauses)


def _may_ask(words: Sequence[str]) -> bool:
    meanings = set(_meanings_of(words))
    is_of_messages = bool(meanings & _OF_MESSAGES)
    if (
        "nagging" in meanings
        or _BEGINS_SO.match(" ".join(words))
        or (is_of_messages and meanings & {*_MAY_ASK, "tired"})
    ):
        return True
    is_of_ours = meanings & {"message", "write", "contact"} or (
        "receive" in meanings and ("hear" in words or "want" in meanings)
    )
    return bool({"not", "more"} <= meanings and is_of_ours)
