"""Manually forwarded emails: the block that names the original author, in seven languages."""

import re
from contextlib import suppress

from libs.inbound_mail.lexicon import any_of, load_words
from libs.inbound_mail.message import Forwarded, Mail, MailAddress, MailPart, UnreadableMail
from libs.inbound_mail.reading.addresses import read_addresses
from libs.inbound_mail.reading.dates import read_date
from libs.inbound_mail.reading.reader import read_mail
from libs.inbound_mail.reply.attribution import WROTE, attribution_at
from libs.inbound_mail.reply.lines import LineKind, lines_of

_LONGEST = 50_000
# What parts the words above from the block below.
_RULE = "_-=* \t\r\n"
_WORDS = load_words("forwards")
_SUBJECT = any_of(_WORDS["subjects"], r"^(?:%s)\s{0,2}:")
_MARK = any_of(
    _WORDS["marks"],
    r"^[ \t>]{0,6}(?:-{2,30}|_{5,60}|begin|anfang|début|inicio|inizio|início)? ?(?:%s)\b[^\n]{0,60}$",
    re.MULTILINE,
)
_NAMES = {word: name for name, words in _WORDS["fields"].items() for word in words}
_ATTRIBUTED = re.compile(r"<?\b([\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6})")
_NOT_OF_NAMES = frozenset({*_WORDS["not_of_names"], *WROTE})
_FIELD = re.compile(r"^[ \t>*]{0,8}([A-Za-zÀ-ÿ-]{1,20}) ?:\*? {0,3}\*?([^\n]{0,500})$", re.MULTILINE)


def find_forwarded(mail: Mail) -> Forwarded | None:
    """Return the forwarded email; None if there is none."""
    prefixed = bool(_SUBJECT.match(mail.subject))
    attached = [part for part in mail.attachments if part.type == "message/rfc822"]
    if len(attached) == 1 and mail.report.returned and (prefixed or len(mail.text) < 500):
        return _of_attached(attached[0], mail)
    text = mail.text[:_LONGEST]
    mark = _MARK.search(text)
    named = mark is not None and not re.search(r"original|oorspr|urspr|d.origine", mark[0], re.IGNORECASE)
    if not prefixed and not named:
        return None
    return _read_block(text, mark, mail) or (_below_attribution(text) if prefixed else None)


def _below_attribution(text: str) -> Forwarded | None:
    """Parse a forward with a one-line attribution: "On Tuesday Bob <bob@example.com> wrote:", and a quote.

    Where the words above name an address, they may be a block that nobody can read: there it is no forward.
    """
    lines = lines_of(text)
    begin = next((at for at in range(len(lines)) if attribution_at(lines, at)), len(lines))
    words = "\n".join(line.text for line in lines[:begin]).rstrip(_RULE)
    if begin < len(lines):
        end = begin + attribution_at(lines, begin)
    else:
        end = begin
    line = " ".join(each.bare for each in lines[begin:end])
    address = _ATTRIBUTED.search(line)
    below = [each for each in lines[end:] if not each.is_blank]
    if address is None or "@" in words or not below or any(each.kind is not LineKind.QUOTE for each in below):
        return None
    before = re.split(r"[\d,]", line[: address.start()])[-1].split()
    name = " ".join(word for word in before if word.casefold().strip(":") not in _NOT_OF_NAMES)
    quoted = _remove_quote_marks("\n".join(each.text for each in lines[end:]))
    return Forwarded(MailAddress(name.strip("\"' "), address[1]), text=quoted, words=words)


def inner_forward(outer: Forwarded, mail: Mail) -> Forwarded | None:
    """Return the forwarded email within a forwarded one; None if there is none."""
    text = outer.text[:_LONGEST]
    mark = _MARK.search(text)
    return _read_block(text, mark, mail)


def _of_attached(attached: MailPart, mail: Mail) -> Forwarded:
    """Parse the attached email; its headers only if it is unreadable."""
    returned = mail.report.returned
    if mail.received_at:
        with suppress(UnreadableMail):
            inner = read_mail(attached.content, received_at=mail.received_at)
            return Forwarded(inner.sender, inner.subject, inner.date, inner.text[:_LONGEST], mail.text, inner.html)
    senders, _more = read_addresses(returned.get("From"), 1)
    text = mail.report.returned_text[:_LONGEST]
    return Forwarded(senders[0] if senders else None, returned.get("Subject"), None, text, mail.text)


def _read_block(text: str, mark: re.Match[str] | None, mail: Mail) -> Forwarded | None:
    """Parse the fields of a block: a From with a date or subject, in any order (Roundcube)."""
    fields: dict[str, str] = {}
    begin = end = mark.end() if mark else 0
    for field in _FIELD.finditer(text, begin):
        name = _NAMES.get(field[1].lower())
        if name is None:
            continue
        if fields and (field.start() - end > 200 or (name in fields and name != "to")):
            if "from" in fields:
                break
            fields = {}
        if not fields:
            begin = field.start()
        fields.setdefault(name, field[2].strip(" *"))
        end = field.end()
    if "from" not in fields or not fields.keys() & {"date", "subject"}:
        return None
    senders, _more = read_addresses(fields["from"].replace("[mailto:", "<").replace("]", ">"), 1)
    if senders:
        sender = senders[0]
    elif fields["from"]:
        sender = MailAddress(fields["from"][:200], "")
    else:
        sender = None
    when = None
    if mail.date:
        when = read_date(fields.get("date", ""), mail.date)
    words = text[: mark.start() if mark else begin]
    return Forwarded(sender, fields.get("subject", ""), when, _remove_quote_marks(text[end:]), words.rstrip(_RULE))


def _remove_quote_marks(text: str) -> str:
    """Return a text without quotation marks if all its lines have them, as in Apple Mail."""
    lines = text.strip().split("\n")
    if not all(line.startswith(">") for line in lines if line.strip()):
        return text.strip()
    return "\n".join(line[1:].removeprefix(" ") for line in lines).strip()
