"""Signs that a person or form wrote an email although its headers say a program did.

Web forms, mailbox rules, groups and voicemail services all write headers of automatic mail. Somebody waits for an
answer all the same, so these signs come before the headers. They do not come before an absence notice (automatic.py).
"""

import re
from collections.abc import Iterator
from itertools import zip_longest

from selectolax.lexbor import LexborHTMLParser

from libs.inbound_mail.bounded_html import bound_html
from libs.inbound_mail.classification.forwards import find_forwarded
from libs.inbound_mail.lexicon import any_of, load_words
from libs.inbound_mail.message import Mail, MailAddress, OwnAddresses
from libs.inbound_mail.reading.addresses import read_addresses

_WORDS = load_words("authors")
NOBODY = any_of(_WORDS["nobody"], "^(?:%s)$")
_LONGEST = 6_000
_LONGEST_TABLE = 60_000
_MOST_LINES = 300
_LONGEST_LABEL = 5
_SEPARATOR = re.compile(r"[:：\t|]| {2}")
_NAMES, _QUESTIONS, _CONTACTS = (frozenset(_WORDS["labels"][kind]) for kind in ("name", "question", "contact"))
_ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w.-]{3,190}")
_DIGITS = re.compile(r"\d(?:[\s()./-]{0,3}\d){6,14}")
_RECORDED = any_of(_WORDS["recordings"])
_SOUNDS = (".wav", ".mp3", ".m4a", ".amr", ".ogg", ".tif", ".tiff")
_PROGRAMS = ("Thread-Index", "User-Agent", "X-MS-Has-Attach", "In-Reply-To", "X-Originating-IP")
_PASSED_ON = ("X-Forwarded-To", "X-Forwarded-For", "Resent-From", "X-MS-Exchange-Inbox-Rules-Loop")


def is_written(mail: Mail, own: OwnAddresses) -> bool:
    """True if a person or form wrote it: form fields, a forward, a recording, or another author."""
    return is_filled_in(mail, own) or is_recorded(mail) or find_forwarded(mail) is not None or has_author(mail, own)


def was_sent_by_hand(mail: Mail) -> bool:
    """True if a mail program was used, as some Exchange servers mark all outgoing mail as automatic."""
    mailer = mail.headers.get("X-Mailer").lower()
    return any(name in mail.headers for name in _PROGRAMS) or bool(mailer and "php" not in mailer)


def has_author(mail: Mail, own: OwnAddresses) -> bool:
    """True if a group or form names another author than its own address."""
    authors = read_addresses(mail.headers.get("X-Original-From")[:400], 1)[0]
    if any(author.address.lower() not in own.addresses for author in authors):
        return True
    addresses = mail.reply_to
    if "List-Unsubscribe" in mail.headers and "Auto-Submitted" not in mail.headers:
        # A newsletter is answered at any address of the firm; a marketplace makes one for each customer.
        addresses = tuple(address for address in addresses if "+" in address.address)
    return any(_is_foreign(address, mail, own) for address in addresses)


def is_unanswerable(mail: Mail) -> bool:
    """True if answers are not read: the sender is a program's address, and no other is given."""
    addresses = [address.address.partition("@")[0][:60] for address in (mail.sender, *mail.reply_to) if address]
    return bool(mail.sender) and all(map(NOBODY.search, addresses))


def was_passed_on(mail: Mail) -> bool:
    """True if a mailbox rule forwarded it to us."""
    return any(name in mail.headers for name in _PASSED_ON)


def is_filled_in(mail: Mail, own: OwnAddresses) -> bool:
    """True if a text has form fields: a name or question, and contact details."""
    kinds: set[str] = set()
    for label, value in labelled_values(mail):
        words = set(re.findall(r"[\w-]+", label.lower()))
        if words & _NAMES:
            kinds.add("name")
        if words & _QUESTIONS:
            kinds.add("question")
        if words & _CONTACTS and _reaches_somebody(value, mail, own):
            kinds.add("contact")
    return len(kinds) >= 2


def is_recorded(mail: Mail) -> bool:
    """True if a phone service forwards a voicemail, a missed call or a fax."""
    if any(part.type.startswith("audio/") or part.name.lower().endswith(_SOUNDS) for part in mail.attachments):
        return True
    return bool(_RECORDED.search(mail.subject[:300])) and bool(
        mail.attachments or _DIGITS.search(f"{mail.subject[:300]}\n{mail.text[:_LONGEST]}")
    )


def _is_foreign(address: MailAddress, mail: Mail, own: OwnAddresses) -> bool:
    """True if the reply address belongs to another organization and is read."""
    sender = ""
    if mail.sender:
        sender = mail.sender.domain
    local = address.address.partition("@")[0]
    if address.address.lower() in own.addresses or NOBODY.search(local[:60]) or "@" not in address.address:
        return False
    if f".{address.domain}".endswith(f".{sender}") or f".{sender}".endswith(f".{address.domain}"):
        # A service that gives each conversation an address of its own.
        return bool(mail.sender and NOBODY.search(mail.sender.address.partition("@")[0][:60]))
    return True


def labelled_values(mail: Mail) -> Iterator[tuple[str, str]]:
    """Yield the labels of an email with the values beside or below them, in lines or table cells."""
    lines = [line.strip() for line in mail.text[:_LONGEST].split("\n") if line.strip()][:_MOST_LINES]
    for line, below in zip_longest(lines, lines[1:], fillvalue=""):
        label, *values = _SEPARATOR.split(line, maxsplit=1)
        value = "".join(values).strip() or below
        if value and len(label.split()) <= _LONGEST_LABEL:
            yield label, value
    yield from _labelled_cells(mail.html[:_LONGEST_TABLE])


def _labelled_cells(html: str) -> Iterator[tuple[str, str]]:
    """Yield the cells of table rows with two cells."""
    if "<td" not in html.lower():
        return
    for row in LexborHTMLParser(bound_html(html).html).css("tr")[:_MOST_LINES]:
        cells = [cell.text(strip=True) for cell in row.css("td, th")]
        if len(cells) == 2 and len(cells[0].split()) <= _LONGEST_LABEL:
            yield cells[0], cells[1]


def _reaches_somebody(value: str, mail: Mail, own: OwnAddresses) -> bool:
    """True if a value is a phone number, or an address that is neither ours nor the sender's."""
    match = _ADDRESS.search(value)
    if match is None:
        return bool(_DIGITS.search(value))
    address = match[0].lower()
    sender = ""
    if mail.sender:
        sender = mail.sender.domain
    return address not in own.addresses and not address.endswith(("@" + sender, "." + sender))
