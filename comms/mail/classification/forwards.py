"""A mail that somebody passed on by hand: the block that tells whose it was, in seven languages."""

import re

from comms.mail.message import Address, Forwarded, Mail
from comms.mail.reading.addresses import read_addresses
from comms.mail.reading.dates import read_date

_LONGEST = 50_000
_SUBJECT = re.compile(r"^(?:fwd?|wg|tr|rv|i|enc|doorst|doorgestuurd|vs|vb|fs|pd|rif)\s{0,2}:", re.IGNORECASE)
_MARK = re.compile(
    r"^[ \t>]{0,6}(?:-{2,30}|_{5,60}|begin|anfang|début|inicio|inizio|início)? ?(?:forwarded (?:message|by)"
    r"|begin forwarded message|(?:begin )?"
    r"doorgestuurd bericht|(?:der )?weitergeleitete(?:n)? nachricht|(?:du )?message (?:transféré|réexpédié)"
    r"|(?:del )?mensaje reenviado"
    r"|messaggio inoltrato|(?:da )?mensagem (?:encaminhada|reencaminhada)|original message|oorspronkelijk bericht"
    r"|urspr(?:ü|ue)ngliche nachricht"
    r"|message d.origine|mensaje original|messaggio originale|mensagem original|original appointment)\b[^\n]{0,60}$",
    re.IGNORECASE | re.MULTILINE,
)
_FIELDS = {
    "from": "from van von de da fra från expéditeur remitente mittente",
    "date": "date sent datum verzonden gesendet envoyé enviado inviato data fecha enviada",
    "subject": "subject onderwerp betreff objet asunto oggetto assunto",
    "to": "to aan an à para a til cc",
}
_NAMES = {word: name for name, words in _FIELDS.items() for word in words.split()}
_FIELD = re.compile(r"^[ \t>*]{0,8}([A-Za-zÀ-ÿ-]{1,20}) ?:\*? {0,3}\*?([^\n]{0,500})$", re.MULTILINE)


def forwarded(mail: Mail) -> Forwarded | None:
    """Return whose mail is passed on, None where none is."""
    prefixed = bool(_SUBJECT.match(mail.subject))
    attached = [part for part in mail.attachments if part.type == "message/rfc822"]
    if len(attached) == 1 and mail.report.returned and (prefixed or len(mail.text) < 500):
        return _of_attached(mail)
    text = mail.text[:_LONGEST]
    mark = _MARK.search(text)
    named = mark is not None and not re.search(r"original|oorspr|urspr|d.origine", mark[0], re.IGNORECASE)
    if not prefixed and not named:
        return None
    return _block(text, mark.end() if mark else 0, mail)


def _of_attached(mail: Mail) -> Forwarded:
    returned = mail.report.returned
    found, _more = read_addresses(returned.get("From"), 1)
    when = read_date(returned.get("Date"), mail.date) if mail.date else None
    return Forwarded(found[0] if found else None, returned.get("Subject"), when, mail.report.returned_text[:_LONGEST])


def _block(text: str, start: int, mail: Mail) -> Forwarded | None:
    """Read the fields from a place on: a From with a date or subject beside it, in any order (Roundcube's)."""
    given: dict[str, str] = {}
    end = start
    for field in _FIELD.finditer(text, start):
        name = _NAMES.get(field[1].lower())
        if name is None:
            continue
        if given and (field.start() - end > 200 or (name in given and name != "to")):
            if "from" in given:
                break
            given = {}
        given.setdefault(name, field[2].strip(" *"))
        end = field.end()
    if "from" not in given or not given.keys() & {"date", "subject"}:
        return None
    found, _more = read_addresses(given["from"].replace("[mailto:", "<").replace("]", ">"), 1)
    sender = found[0] if found else Address(given["from"][:200], "") if given["from"] else None
    when = read_date(given.get("date", ""), mail.date) if mail.date else None
    return Forwarded(sender, given.get("subject", ""), when, text[end:].strip())
