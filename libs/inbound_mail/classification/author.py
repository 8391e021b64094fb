"""The author of an email that another address sent: the visitor of a form, or a member of a group.

A form or a group sends in a name of its own and names the author elsewhere: in Reply-To, in X-Original-From, or in a
labelled line of the text. What a person sends has the author in From, whatever its Reply-To says: anybody can write
one, so it is offered for the answer and never believed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from libs.inbound_mail.classification.authorship import NOBODY, is_filled_in, labelled_values
from libs.inbound_mail.lexicon import any_of, load_words
from libs.inbound_mail.message import Mail, MailAddress, OwnAddresses
from libs.inbound_mail.reading.addresses import display_name, read_addresses

_WORDS = load_words("authors")
_PUBLIC = frozenset(_WORDS["public_providers"])
# What the programs of web sites call themselves, besides an address that nobody reads.
_PROGRAM = any_of(_WORDS["programs"], "^(?:%s)$")
_SCRIPT_HEADERS = ("X-PHP-Originating-Script", "X-PHP-Script", "X-WPCF7-Content-Type", "X-Source-Args")
# "'Petra Lund' via Hello", "Petra Lund (via Hello)".
_VIA = re.compile(r"^(.{1,200}?)\s{1,4}\(?via\s.{1,200}$", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_LABELS = {name: frozenset(words) for name, words in _WORDS["labels"].items()}
_LONGEST_NAME = 80
_MOST = 20
_AROUND = " <[(\"'|"


@dataclass(frozen=True)
class Author:
    """The author of an email; `sent_by`: the address that sent it for them, None if they did."""

    address: MailAddress | None
    sent_by: MailAddress | None = None


def find_author(mail: Mail, own: OwnAddresses, *, is_persons: bool = False) -> Author:
    """Return the author of an email; the sender, unless a form or group names exactly one.

    `is_persons`: the sender's address is a colleague's or a confirmed customer's; a form may send in it all the same.
    """
    sender = mail.sender
    if sender is None:
        return Author(None)
    author = _group_author(mail, own, sender) or _form_author(mail, own, sender, is_persons=is_persons)
    if author:
        return Author(author, sender)
    return Author(MailAddress(_plain_name(sender.name), sender.address))


def is_ours(address: str, own: OwnAddresses) -> bool:
    """True if an address is one of our mailboxes, or at a domain that only we use."""
    address = address.lower()
    domain = address.rpartition("@")[2]
    domains = {one.rpartition("@")[2] for one in own.addresses} - _PUBLIC
    return address in own.addresses or domain in domains


def _group_author(mail: Mail, own: OwnAddresses, sender: MailAddress) -> MailAddress | None:
    """Return the author named by a group that sends from its own address, as Google Groups and Mailman do."""
    named = _VIA.match(sender.name)
    if named is None and sender.address.lower() not in own.addresses and "List-Id" not in mail.headers:
        return None
    stated = read_addresses(mail.headers.get("X-Original-From")[:1_000], 2)[0]
    if named:
        stated += read_addresses(mail.headers.get("X-Original-Sender")[:1_000], 2)[0]
    candidates = _outside_addresses([*stated, *mail.reply_to] if named else stated, mail, own)
    name = ""
    if named:
        name = _plain_name(sender.name)
    if named and not candidates:
        candidates = [
            one for one in _outside_addresses(mail.cc, mail, own) if name and one.name.lower() == name.lower()
        ]
    if candidates:
        return _with_name(candidates[0], [candidates[0].name, name])
    return None


def _form_author(mail: Mail, own: OwnAddresses, sender: MailAddress, *, is_persons: bool) -> MailAddress | None:
    """Return the visitor of a form: its Reply-To, else the address after a label in its text."""
    reply_addresses = _outside_addresses(mail.reply_to, mail, own)
    is_by_program = not is_persons and _is_program(mail, own, sender)
    if not (is_by_program or (reply_addresses and is_filled_in(mail, own))):
        return None
    written = _written_addresses(mail, own)
    visitors = [one for one in reply_addresses if one.address.lower() in written]
    if is_by_program and not visitors:
        visitors = reply_addresses or list(written.values())
    if len(visitors) != 1:
        return None
    visitor = visitors[0]
    labelled = written.get(visitor.address.lower(), visitor)
    return _with_name(visitor, [visitor.name, _written_name(mail), labelled.name, _own_name(sender, visitor)])


def _is_program(mail: Mail, own: OwnAddresses, sender: MailAddress) -> bool:
    """True if a program sent it: ours, a website's, or one with a no-reply address."""
    local = sender.address.partition("@")[0][:60]
    if NOBODY.search(local) or _PROGRAM.search(local) or is_ours(sender.address, own):
        return True
    by_script = any(name in mail.headers for name in _SCRIPT_HEADERS)
    return by_script or "phpmailer" in mail.headers.get("X-Mailer").lower()


def _outside_addresses(addresses: Iterable[MailAddress], mail: Mail, own: OwnAddresses) -> list[MailAddress]:
    """Return the possible author's addresses: not ours, the sender's or the list's."""
    posts = read_addresses(mail.headers.get("List-Post")[:1_000].replace("mailto:", ""))[0]
    besides = {one.address.lower() for one in (mail.sender, *posts) if one}
    by_address: dict[str, MailAddress] = {}
    for one in addresses:
        address = one.address.lower()
        local = address.partition("@")[0][:60]
        if address not in besides and not is_ours(address, own) and not NOBODY.search(local):
            by_address.setdefault(address, one)
    return [one for address, one in by_address.items() if not own.is_reply_address(address)]


def _written_addresses(mail: Mail, own: OwnAddresses) -> dict[str, MailAddress]:
    """Return the addresses after a label such as “Email”, in lower case."""
    for labels in (_LABELS["email"], _LABELS["writer"]):
        matches = [_ADDRESS.search(value) for value in _labelled_values(mail, labels)]
        addresses = [
            MailAddress(display_name(one.string[: one.start()].strip(_AROUND)), one[0]) for one in matches if one
        ]
        if outside := _outside_addresses(addresses[:_MOST], mail, own):
            return {one.address.lower(): one for one in outside}
    return {}


def _written_name(mail: Mail) -> str:
    """Return the name after a label in the text, or first and last name."""
    whole = _first_name_value(mail, _LABELS["whole_name"], _LABELS["first_name"] | _LABELS["last_name"])
    if whole:
        return whole
    parts = (_first_name_value(mail, _LABELS["first_name"]), _first_name_value(mail, _LABELS["last_name"]))
    return " ".join(filter(None, parts))


def _first_name_value(mail: Mail, labels: frozenset[str], besides: frozenset[str] = frozenset()) -> str:
    names = (
        value.strip() for value in _labelled_values(mail, labels, besides | _LABELS["other_name"] | _LABELS["email"])
    )
    return next((name for name in names if name and len(name) <= _LONGEST_NAME and "@" not in name), "")


def _labelled_values(mail: Mail, labels: frozenset[str], besides: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the values beside or below a label with one of these words and none of the others."""
    for label, value in labelled_values(mail):
        words = set(re.findall(r"[\w-]+", label.lower()))
        if words & labels and not words & besides:
            yield value


def _own_name(sender: MailAddress, visitor: MailAddress) -> str:
    """Return the visitor's name in From if some plugin put it there: their address contains a part of it."""
    local = visitor.address.partition("@")[0].lower()
    words = re.findall(r"[^\W\d_]{3,40}", sender.name.lower())
    if any(word in local for word in words):
        return sender.name
    return ""


def _with_name(address: MailAddress, names: Iterable[str]) -> MailAddress:
    """Return an address with the first usable name."""
    plain = (_plain_name(name) for name in names)
    return MailAddress(next((name for name in plain if name and "@" not in name), ""), address.address)


def _plain_name(name: str) -> str:
    """Return a name without its group: "'Petra Lund' via Hello" is "Petra Lund"."""
    match = _VIA.match(name)
    if match:
        return display_name(match[1])
    return name
