"""What a server's answer means: whether a failure is for good, and the status it has or implies (RFC 3463)."""

import re

LONGEST = 4_000
_ENHANCED = re.compile(r"(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
_REPLY = re.compile(r"(?<![\d.\w/:-])(4[2-57]\d|5[0-57]\d)(?=[ \-:,#.]|$)(?!-\d{3}-)", re.MULTILINE)
# Words, each with the status they imply: the first that is found counts. In a server's English, mostly.
_IMPLIED: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (status, re.compile(pattern, re.IGNORECASE))
    for status, pattern in (
        (
            "4.2.2",
            r"mailbox (?:is )?full|over ?quota|quota (?:exceeded|exceed)|exceeded (?:\w+ )?(?:storage|quota)"
            r"|quota limit"
            r"|mailbox (?:size|quota|has exceeded)|insufficient (?:system )?storage|(?:inbox|storage) is full"
            r"|out of space"
            r"|postfach (?:ist )?voll|mailbox (?:is )?vol\b|bo[iî]te (?:aux lettres )?(?:est )?pleine"
            r"|buz[oó]n (?:est[aá] )?"
            r"lleno|casella (?:di posta )?piena|caixa (?:de correio )?(?:est[aá] )?cheia|disk quota|quota dépassé",
        ),
        (
            "4.4.7",
            r"delivery (?:time ?)?expired|message expired|queue(?:\.expired| too long)|too long in (?:the )?queue"
            r"|retry time(?:out)? (?:exceeded|not reached)|could not be delivered (?:for|within) \d|timed? ?out"
            r"|giving up on|greylist|try again later|temporar(?:y|ily)|service unavailable|connection refused"
            r"|too many connections|will be retried|deferred|rate limit",
        ),
        (
            "5.1.2",
            r"(?:host|domain)(?: name)? (?:is )?(?:unknown|not found|does ?n.t exist)|unrout?eable|no such (?:host"
            r"|domain)"
            r"|name service error|nonexistentdomain|couldn.t find any host|domain.{0,40}(?:not exist"
            r"|couldn.t be found)"
            r"|all relevant mx|no mx record|bad (?:destination|host)",
        ),
        (
            "5.1.1",
            r"user (?:is )?(?:unknown|not found|doesn.t exist)|unknown (?:user|recipient|local|address|mailbox)"
            r"|no such "
            r"(?:user|recipient|mailbox|person|address|account|local)|recipnotfound|does ?n[o']t exist"
            r"|not (?:a )?known"
            r"|(?:mailbox|account|recipient|address|user) (?:is )?(?:unavailable|disabled|inactive|invalid|rejected"
            r"|closed"
            r"|suspended|not (?:found|available|active|listed|known))|invalid (?:recipient|mailbox|address|user"
            r"|final)"
            r"|no mailbox|not listed in|doesn.t have a|no account|unbekannt|onbekend|inconnu|desconocid|sconosciut"
            r"|desconhecid"
            r"|doesn.t exist|does not have|not our customer|not (?:a )?valid (?:user|recipient|mailbox)|inexist"
            r"|no longer",
        ),
        ("5.3.4", r"(?:message|mail|file)(?: size)? (?:is )?(?:too (?:large|big|long)|exceed)|size limit|too large"),
        (
            "5.7.1",
            r"spam|blocked|black ?list|\bdnsbl|\brbl\b|denied|not (?:permitted|authori[sz]ed|allowed)|rejected"
            r"|refused|policy"
            r"|relaying|prohibited|authentication|content filter|virus|banned|bulk mail",
        ),
    )
)


def enhanced(text: str) -> str:
    """Return the first enhanced status code of a failure in a text, "" for none."""
    found = _ENHANCED.search(text[:LONGEST])
    return ".".join(found.groups()) if found else ""


def reply_code(text: str) -> str:
    """Return the first reply code of a refusal ("550") in a text, "" for none."""
    found = _REPLY.search(text[:LONGEST])
    return found[1] if found else ""


def implied(text: str) -> str:
    """Return the status that words imply, "" for none."""
    text = text[:LONGEST]
    return next((status for status, pattern in _IMPLIED if pattern.search(text)), "")


def judge(status: str, diagnostic: str) -> tuple[bool | None, str]:
    """Say whether a failure is for good, and its status: by enhanced code, then reply code, then words.

    `status` is what a report names; a server's answer is more exact where both are of one class, for 5.0.0 says
    nothing. None where nothing tells.
    """
    named, answered = enhanced(status), enhanced(diagnostic)
    vague = named[1:] == ".0.0"
    if named and not (vague and answered[:1] == named[:1]):
        words = implied(diagnostic) if vague else ""
        return named[0] == "5", f"{named[0]}{words[1:]}" if words else named
    if answered:
        return answered[0] == "5", answered
    if reply := reply_code(diagnostic):
        words = implied(diagnostic)
        return reply[0] == "5", f"{reply[0]}{words[1:] or '.0.0'}"
    words = implied(diagnostic)
    return (words[0] == "5", words) if words else (None, "")
