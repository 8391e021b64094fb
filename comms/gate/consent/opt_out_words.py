"""Read whether a message asks us to stop, to start again or for help: single words, and sentences in plain language.

Pure. A sentence counts only where it is nothing else: "please stop texting me" is, "stop by tomorrow" and "don't stop
the work" are not. What may be one is `unclear`, and a person reads it (RULES §6.3: "any reasonable means").
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from crm.kernel.normalization import name_key

Kind = Literal["stop", "start", "help", "unclear", ""]

# Who wants to be left alone says so in few words.
LONGEST, MOST_CLAUSES = 600, 12
# How long until HELP is answered again.
HELP_AGAIN = timedelta(hours=24)
# What the networks take for STOP (RULES §6.3), what people are told to send, and the Dutch of it.
STOP_WORDS = frozenset(
    "stop stopall unsubscribe cancel end quit optout revoke stoppen stopp afmelden afmeld uitschrijven opzeggen".split()
)
START_WORDS = frozenset("start unstop yes aanmelden hervatten".split())
HELP_WORDS = frozenset("help info hulp".split())

_CLAUSES = re.compile(r"[.,;:!?\n\r()\"“”…–—]")
# Said around it, and nothing of their own.
_BEFORE = frozenset(
    "please pls plz hi hello hey ok okay can could would will you u kindly just now so and but thanks thank i we "
    "hallo hoi dag beste gelieve graag aub alstublieft alsjeblieft svp kunt kun kan wilt wil je jij jullie dan nu en "
    "maar ik wij want to like d id wish".split()
)
_AFTER = frozenset(
    "please pls plz thanks thank you u now immediately already anymore again ever aub alstublieft alsjeblieft svp "
    "graag dank bedankt nu direct onmiddellijk s v p a b".split()
)
_THINGS = (
    r"(?:text |sms |whatsapp |email |e mail |promotional |marketing )?"
    r"(?:messages?|texts?|emails?|e mails?|mails?|sms|offers|ads|spam|advertising|newsletters?|notifications|updates)"
)
_DINGEN = (
    r"(?:berichten|berichtjes|sms|sms en|smsjes|mails?|mailtjes|e mails?|apps|appjes|reclame|aanbiedingen|spam|"
    r"nieuwsbrieven|nieuwsbrief)"
)
_ME = r"(?: me| us| this number| here| my phone)"
_MIJ = r"(?: me| mij| ons| dit nummer)"
_LISTS = (
    r"(?: your| the| this| that| all| any| mailing| email| text| texting| sms| contact| call| calling| marketing){0,4}"
    r"(?: lists?| database| system| messages| texts| records)?"
)
# A clause that is one of these, and nothing besides, asks to stop; the name says what.
_SENTENCES = re.compile(
    r"(?P<here>"
    rf"(?:stop|quit|cease) (?:texting|messaging|whatsapping|writing|spamming|sms ing)(?: to)?{_ME}?"
    rf"|(?:stop|quit)(?: sending)?{_ME}?(?: with)?(?: any| more| all| these| those| the| your| this){{0,3}} {_THINGS}"
    rf"|(?:do not|don t|dont|never) (?:text|message|sms|whatsapp|write|send)(?: to)?{_ME}"
    rf"(?: any| more){{0,2}}(?: {_THINGS})?"
    rf"|no (?:more|further) {_THINGS}"
    rf"|(?:do not|don t|dont) (?:want|wish)(?: to)?(?: get| receive| any| more| these| your){{0,4}} {_THINGS}(?: from)?"
    r"|unsubscribe(?: me| us)?(?: from)?(?: this| these| your| all| the){0,2}"
    r"(?: lists?| mailing list| messages| texts| emails)?"
    r"|opt(?: me| us)? out(?: of)?(?: this| these| your| all){0,2}(?: lists?| messages| texts| emails)?"
    rf"|how (?:do|can) i (?:unsubscribe|opt out|stop (?:these|the|your|all) {_THINGS})"
    rf"|(?:stuur|zend){_MIJ}?(?: aub| alstublieft| alsjeblieft)? geen {_DINGEN} meer"
    rf"|(?:hoef |wens )?geen {_DINGEN} meer(?: ontvangen| krijgen| te ontvangen| sturen| van jullie| van u)?"
    rf"|stop(?:pen)? met(?: het)?(?: sturen| versturen)?(?: van)?(?: die| deze| jullie)?"
    rf" (?:{_DINGEN}|appen|smsen|sms en|berichten sturen)"
    rf"|(?:app|sms|bericht){_MIJ} niet meer"
    r"|niet meer (?:appen|smsen|sms en|berichten sturen)"
    rf"|(?:meld{_MIJ} af|schrijf{_MIJ} uit|(?:me |mij )?(?:afmelden|uitschrijven)"
    rf"(?: voor| van)?(?: deze| de){{0,1}}(?: {_DINGEN}| lijst)?)"
    r")|(?P<email>"
    rf"(?:stop|quit) (?:emailing|e mailing|mailing){_ME}?|(?:do not|don t|dont|never) (?:email|e mail|mail){_ME}"
    rf"|mail{_MIJ} niet meer|niet meer mailen|stop(?:pen)? met mailen"
    r")|(?P<call>"
    rf"(?:stop|quit) calling{_ME}?|(?:do not|don t|dont|never) call{_ME}|no more calls"
    rf"|bel{_MIJ} niet meer|niet meer bellen|stop(?:pen)? met bellen"
    r")|(?P<all>"
    rf"(?:stop|quit) (?:contacting|bothering|harassing){_ME}?|(?:do not|don t|dont|never) (?:contact|bother){_ME}"
    r"|leave (?:me|us) alone|lose (?:my|this) number"
    r"|(?:remove|take|delete|drop|get) (?:me|us|my number|my phone number|my email|my name|this number)"
    rf" (?:from|off|off of|out of){_LISTS}"
    rf"|(?:haal|schrap|verwijder){_MIJ}?(?: mijn nummer| mijn naam)?(?: aub)? "
    r"(?:van|uit|van af) (?:de|het|jullie|uw|deze|je) "
    r"(?:lijst|mailinglijst|verzendlijst|maillijst|bestand|systeem|lijsten)(?: af)?"
    rf"|laat{_MIJ} met rust|niet meer (?:benaderen|contacteren)|neem geen contact meer op"
    r")"
)
_BARE = frozenset(
    ["stop it", "stop this", "stop that", "stop ermee", "stop maar", "stop hiermee", "stop dit", *STOP_WORDS]
)
# Stays what it is, whatever else is said: nobody is asked about it.
_HARMLESS = re.compile(
    r"(?:do not|don t|dont|never|not|niet|without|zonder te|non) (?:stop|unsubscribe|quit|stoppen)"
    r"|stop (?:by|over|in|at|round|off|the work|work|working|leaking)|(?:bus|truck|one|pit) stop"
)
# Somebody who speaks of stopping and of messages at once may mean it.
_ASKS = re.compile(r"\b(?:stop|stopping|unsubscribe|opt out|quit|afmelden|uitschrijven|stoppen|geen)\b")
_OF = re.compile(
    r"\b(?:texting|texts?|messages?|messaging|emails?|emailing|sms|whatsapp|calling|contacting|list|spam|bericht|berichten|"
    r"mails?|mailing|appjes|appen|lijst|reclame)\b"
)
_MEANT = re.compile(r"\bgeen\b.{1,60}\bmeer\b")
_WRONG = re.compile(r"wrong (?:number|person)|verkeerd(?:e)? (?:nummer|persoon)")


@dataclass(frozen=True)
class OptOut:
    """What a message asks. `medium`: what is to stop: "here" the one it came by, "" all, else email or call."""

    kind: Kind
    medium: str = "here"
    # Whether it was a single word, as the networks answer to themselves.
    is_word: bool = False


NOTHING = OptOut("")


def read(text: str) -> OptOut:
    """Read a message."""
    if len(text) > LONGEST:
        return NOTHING
    clauses = [_bare(words) for clause in _CLAUSES.split(text)[:MOST_CLAUSES] if (words := name_key(clause))]
    whole = name_key(text)
    if found := _word(whole):
        return found
    if len(clauses) == 1 and clauses[0] in _BARE:
        return OptOut("stop")
    for clause in clauses:
        if found := _sentence(clause):
            return found
    return OptOut("unclear") if _may_mean_it(whole, clauses) else NOTHING


def _word(whole: str) -> OptOut | None:
    word = whole.replace(" ", "") if whole in ("stop all", "opt out", "un stop") else whole
    kinds: list[tuple[frozenset[str], Kind]] = [(STOP_WORDS, "stop"), (START_WORDS, "start"), (HELP_WORDS, "help")]
    return next((OptOut(kind, is_word=True) for listed, kind in kinds if word in listed), None)


def _sentence(clause: str) -> OptOut | None:
    if found := _SENTENCES.fullmatch(clause):
        group = str(found.lastgroup)
        return OptOut("stop", "" if group == "all" else group)
    return None


def _bare(clause: str) -> str:
    """Take off what is said around a request, but for what leaves nothing."""
    words = clause.split()
    while len(words) > 1 and words[0] in _BEFORE:
        words.pop(0)
    while len(words) > 1 and words[-1] in _AFTER:
        words.pop()
    return " ".join(words)


def _may_mean_it(whole: str, clauses: list[str]) -> bool:
    rest = _HARMLESS.sub(" ", whole)
    if any(clause in _BARE for clause in clauses) or _WRONG.search(rest):
        return True
    asks = _ASKS.search(rest)
    return bool(asks and _OF.search(rest) and (asks[0] != "geen" or _MEANT.search(rest)))
