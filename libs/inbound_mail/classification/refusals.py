"""Why a server refused a message: because the address does not exist, or for a reason of that one message.

Only the first marks the address. In doubt it is the message: a customer who is written to once too often is better
off than one who is never written to again. Codes as RFC 3463 and the lists of the large providers explain them.
"""

import re

from libs.inbound_mail.classification.codes import LONGEST, enhanced, reply_code
from libs.inbound_mail.message import Refusal

# No such user, no such domain, bad address, moved without a new address, recipient or mail server that does not exist
# (RFC 7505 and Exchange), and a mailbox that is closed. 5.1.7 and 5.1.8 are about our own address, 5.1.0 about either.
_NO_ADDRESS = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
_BY_CODE = {
    "2.2": Refusal.FULL,
    "2.3": Refusal.SIZE,
    "3.4": Refusal.SIZE,
    "4.1": Refusal.LATER,
    "4.2": Refusal.LATER,
    "4.7": Refusal.LATER,
}
_ABOUT_SENDER = frozenset({"1.7", "1.8"})


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


# What a server names besides its reason: addresses, links, and hosts such as "mx1.antispam.example".
_NAMES = re.compile(
    r"https?://\S{1,300}|[^\s<>@]{1,64}@[\w.-]{1,200}|(?<![\w.-])(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}\b", re.I
)
_FULL = _any(
    r"(?:mailbox|inbox|postbox|storage|disk|account)[^.:;]{0,40} full\b|\bquota|exceeded[^.]{0,20} storage",
    r"storage (?:allocation|limit)|insufficient[^.]{0,20} storage|out of (?:disk )?space",
    r"\b(?:postfach|mailbox|postvak|postbus)\b[^.:;]{0,40} (?:voll|vol|überfüllt)\b",
    r"bo[iî]te[^.:;]{0,50} (?:pleine|satur[ée]e)|\bcuota\b|(?:buz[oó]n|bandeja)[^.:;]{0,40} llen[oa]",
    r"casella[^.:;]{0,40} piena|caixa[^.:;]{0,40} cheia|przepełnion|переполнен",
)
_SIZE = _any(
    r"(?:message|mail|file|attachment|content)[^.:;]{0,40} (?:too (?:large|big|long)|larger than)",
    r"\btoo large\b|\bsize[^.:;]{0,30} (?:limit|exceeds?)|exceeds?[^.:;]{0,40} (?:size|length|databytes)",
    r"larger than the|te groot|zu groß|trop (?:gros|volumineux|grand)|demasiado grande",
    r"(?:excede|supera) el tama|troppo grande|muito grande",
)
_AUTHENTICATION = _any(
    r"\b(?:dmarc|dkim|spf)\b|sender policy framework|unauthenticated (?:e?-?mail|message|sender)",
)
_SPAM = _any(
    r"\bspam|unsolicited|\bjunk\b|bulk (?:e?-?mail|message)|content (?:filter|rejected|policy)|virus",
    r"malware|phish|permanent failure for one or more recipients[^:]{0,40}:blocked",
    r"ongewenst|unerwünscht|ind[ée]sirable|no deseado|indesiderat|indesejad|нежелательн|спам",
)
_LATER = _any(
    r"gr[ae]y-?list|try(?:ing)? (?:it |again )?later|temporar|too many|too fast|rate limit",
    r"receiving mail at a rate|per (?:hour|day|minute)\b|throttl|\bdeferred|timed? ?out|retry time",
    r"connection refused|message expired|delivery expired|too long in",
    r"tijdelijk|vorübergehend|temporai|temporal|provisoirement|später erneut|later opnieuw",
)
_ABOUT_US = _any(
    r"sender (?:address |domain |verif\w{1,12} |ip )?(?:rejected|denied|verify|verif|failed|unknown"
    r"|refused|not|invalid)",
    r"sender verify|verification failed for|envelope sender|reverse dns|\brdns\b|\bptr\b|\b[he][eh]lo\b",
    r"refused to talk to me|\brelaying|\brelay (?:access|not|denied|attempt)|unable to relay",
    r"bad reputation|(?:from|of) your (?:ip|host|network|domain|server)",
)
_BLOCKED = _any(
    r"\bblock(?:ed|list| list|ing)|black ?-?list|deny ?-?list|reputation|\bdnsbl|\brbl\b",
    r"(?<!not )\blisted (?:in|by|on|at)|banned|\bIP=|geblokkeerd|gesperrt|blockiert|bloqu[ée]|bloccat",
)
_POLICY = _any(
    r"polic(?:y|ies)|not (?:permitted|allowed|authori[sz]ed)|access denied|\bdenied\b|prohibit|restrict",
    r"authentication required|(?:not|only) accept\w{0,3} (?:e?-?mails?|messages)[^.:;]{0,20} from|beleid",
    r"richtlini|richtlijn|stratégie|politique|pol[ií]tica|criteri",
)
_NO_DOMAIN = _any(
    r"(?:host|domain)(?: name)?(?: or domain name)?[^.:;]{0,60} (?:unknown|not found|does ?n.t exist"
    r"|does not exist)",
    r"unrout?eable|no such (?:host|domain)|nonexistentdomain|domainnonexistent|couldn.t find any host",
    r"no mx record|nullmx|bad (?:destination|host)",
    r"doma(?:in|ine|inio|ene|nie)\w?[^.:;]{0,60}(?:bestaat niet|existiert nicht|n.existe pas|no existe)",
)
_NO_USER = _any(
    r"unknown (?:user|recipient|local|address|mailbox|account|to address)",
    r"no such (?:user|recipient|mailbox|person|address|account|local)|recip(?:ient)?notfound",
    r"(?:user|recipient|mailbox|account|address|addressee)\b[^.:;]{0,60} (?:unknown|not (?:be )?(?:found"
    r"|exist|listed|known|recogni[sz]ed|valid)|does ?n.t exist|does not exist|invalid|unavailable"
    r"|disabled|inactive|closed|deleted|terminated|discontinued|no longer)",
    r"(?:was|could)n.t (?:be )?found|doesn.t have an? |no mailbox",
    r"invalid (?:recipient|mailbox|address|user|final)|not listed in",
    r"not (?:a )?(?:known|valid) (?:user|recipient|mailbox|address)|not our customer",
    r"recipient name is not recognized|no longer (?:on|at|valid|works|in)",
    r"bestaat niet|onbekend|niet gevonden|existiert nicht|nicht existi|unbekannt",
    r"nicht (?:gefunden|bekannt)|n.existe pas|inexist|introuvable|inconnue?\b|no existe|desconocid",
    r"no se (?:ha |pudo )?encontr|non esiste|sconosciut|non trovat|n[ãa]o existe|desconhecid",
    r"n[ãa]o (?:foi )?encontrad|не существует|неизвестн|не найден|nie istnieje|nieznan|finns inte",
    r"findes ikke|finnes ikke|ei ole olemassa|存在しません|見つかりません|不存在|존재하지",
)
# In the order in which they count, before any code: what is no fault of the address.
_OTHERWISE = (
    (Refusal.FULL, _FULL),
    (Refusal.SIZE, _SIZE),
    (Refusal.AUTHENTICATION, _AUTHENTICATION),
    (Refusal.SPAM, _SPAM),
    (Refusal.LATER, _LATER),
    (Refusal.BLOCKED, _BLOCKED),
    (Refusal.POLICY, _ABOUT_US),
)


def refusal_of(status: str, answer: str) -> Refusal:
    """Return why a server refused a message: by what it answered, and by the status a report or provider names.

    Words that blame the message count before a code that blames the address; some servers say 5.1.1 to spam.
    """
    text = " ".join(answer[:LONGEST].split())
    words = _NAMES.sub(" ", text)
    code = enhanced(text) or enhanced(status)
    if "4" in (enhanced(status)[:1], code[:1], reply_code(text)[:1]):
        return Refusal.FULL if code[1:] == ".2.2" or _FULL.search(words) else Refusal.LATER
    for refusal, pattern in _OTHERWISE:
        if pattern.search(words):
            return refusal
    return _by_code(code, text, words)


def _by_code(code: str, text: str, words: str) -> Refusal:
    """Return the refusal that nothing in its words contradicts."""
    is_policy, is_vague = bool(_POLICY.search(words)), not code or code.endswith(".0")
    names_nobody = bool(_NO_USER.search(text) or _NO_DOMAIN.search(text))
    if code in _NO_ADDRESS:
        return Refusal.POLICY if is_policy and not names_nobody else Refusal.NO_ADDRESS
    if is_vague and names_nobody and not is_policy:
        return Refusal.NO_ADDRESS
    if code.startswith("5.4.") and _NO_DOMAIN.search(text) and not is_policy:
        return Refusal.NO_ADDRESS
    detail = code.partition(".")[2]
    if detail.startswith("7.2") and len(detail) == 4:
        return Refusal.AUTHENTICATION
    if is_policy or detail.startswith("7.") or detail in _ABOUT_SENDER:
        return Refusal.POLICY
    return _BY_CODE.get(detail, Refusal.OTHER)
