"""Bounces in free text: qmail, Exim, old Exchange, Notes and others."""

import logging
import re
from contextlib import suppress
from email.message import Message
from itertools import chain

from flufl.bounce import all_failures

from libs.inbound_mail.classification.delivery_report import original_message_id, returned_recipients
from libs.inbound_mail.classification.recipient_failures import prose_failures
from libs.inbound_mail.classification.status_codes import judge, reply_code
from libs.inbound_mail.lexicon import any_of, load_words
from libs.inbound_mail.message import Bounce, Mail
from libs.inbound_mail.reading.addresses import read_addresses, tidy

# What it trips over is none of ours to mend.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)
_LONGEST = 20_000
_LONGEST_LINE = 500
_MOST = 100
_ADDRESS = re.compile(r"(?<![\w.+=%-])[\w.!#$&'*+/=?^`{|}~%-]{1,80}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# A line that is about one recipient: "<ann@example.com>:", "  ann@example.com", "RCPT TO:<…>", "Failed Recipient: …".
_LINE = re.compile(
    r"^[\s>*-]{0,12}(?:(?:[\w .()/-]{0,40}?(?:recipients?|rcpt to|addressee|addressed to|address|error-for|smtp|to"
    r"|user|empf"
    r"änger|ontvanger|destinataire|destinatario|destinatário|mailbox|for)\b[\w .()]{0,12}[:=;\[ ]{1,6}(?:\[?smtp:"
    r"|rfc822;"
    r"|local;|<)? ?)|[(\[]?(?:expanded from: )?)[<\"'\[(]{0,2}"
    r"([\w.!#$&'*+/=?^`{|}~%-]{1,80}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.?)[>\"'\])]{0,3}(?=[\s:;,!)<]|\.\s|\.?$)",
    re.IGNORECASE,
)
# "<ann@example.com>:", "  ann@example.com on Tue …", "<<< 550 ann@example.com MAILBOX NOT FOUND".
_LED = re.compile(
    r"^[ \t]{0,12}(?:(?:<<< )?[45]\d\d[ -](?:[45]\.\d{1,3}\.\d{1,3} )?)?[<\"'\[(]{0,2}"
    r"([\w.!#$&'*+/=?^`{|}~%-]{1,80}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})[>\"'\])]{0,3}(?=:?\s{0,3}$|:? |\.\.\. )",
    re.MULTILINE,
)
# Old Exchange lists above it what our mail was.
_FOLLOWING = re.compile(r"did not reach the following recipient", re.IGNORECASE)
_OF_ITS_OWN = re.compile(r"^[ \t<]{0,9}[\w.+=-]{1,80}@[\w.-]{3,120}[>:]?[ \t]{0,9}$", re.MULTILINE)
_COPIED_TO = re.compile(
    r"^[ \t>]{0,8}(?:to|x-original-to|apparently-to): ?([^\n]{3,300})", re.IGNORECASE | re.MULTILINE
)
_RECEIVED_FOR = re.compile(r"\bfor <([^<>\s@]{1,80}@[^<>\s@]{1,255})>")
_NEVER = re.compile(
    r"^(?:mailer-?daemon|postmaster|mail-?daemon|abuse|support|help(?:desk)?|noc|hostmaster|admin(?:istrator)?"
    r"|webmaster"
    r"|no-?reply|do-?not-?reply|root|double-bounce)@|\.(?:png|gif|jpe?g)$",
    re.IGNORECASE,
)
_VERP = re.compile(r"[+-]([A-Za-z0-9._%-]{1,64})=((?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24})@")

_WORDS = load_words("bounces")
_DAEMONS = any_of(_WORDS["daemons"], "^(?:%s)")
_DAEMON_NAMES = any_of(_WORDS["daemon_names"])
_SUBJECTS = any_of(
    [
        rf"^(?:\[[^\]]{{0,40}}\] ?|\*{{1,5}}[^*]{{0,30}}\*{{1,5}} ?)?(?:{'|'.join(_WORDS['subjects'])})",
        f"^(?:{'|'.join(_WORDS['subjects_abroad'])})",
    ]
)
_SENTENCES = any_of(_WORDS["sentences"])
_PLAIN = any_of(_WORDS["plain"])
_LATE = any_of(_WORDS["late"])
_COPY = any_of(
    [f"-{{2,60}} ?(?:{'|'.join(_WORDS['copy_below_rule'])})", *_WORDS["copy"]],
    r"^[ \t>]{0,8}(?:%s)",
    re.MULTILINE,
)
REPLIED = any_of(_WORDS["replied"], r"^(?:(?:%s)(?:\[\d{1,3}\])?\s{0,3}:\s{0,3}){1,20}")


def looks_bounced(mail: Mail) -> bool:
    """True if an email is a server's notice that one of ours was not delivered."""
    if "X-Failed-Recipients" in mail.headers:
        return True
    if REPLIED.match(mail.subject) and not is_daemon(mail):
        return False
    has_sentence = bool(_SENTENCES.search(error_part(mail)[:4_000]))
    named = bool(_SUBJECTS.search(mail.subject[:200]))
    reported = mail.content_type == "multipart/report" and "delivery-status" in mail.headers.get("Content-Type").lower()
    if reported or is_daemon(mail):
        return has_sentence or named
    if mail.return_path == "" and _PLAIN.search(error_part(mail)[:1_000]):
        return True
    return named and has_sentence and (mail.return_path == "" or bool(mail.report.returned) or has_evidence(mail))


def has_evidence(mail: Mail) -> bool:
    """True if the text names a recipient as servers do: by address, with a code or in its own line."""
    text = error_part(mail)[:4_000]
    evidence = reply_code(text) or _COPY.search(mail.text[:_LONGEST]) or _OF_ITS_OWN.search(text)
    senders = {mail.sender.address.lower() if mail.sender else "", *(each.address.lower() for each in mail.reply_to)}
    return bool(evidence) and any(address.lower() not in senders for address in _ADDRESS.findall(text))


def is_daemon(mail: Mail) -> bool:
    """True if the sender is a mail server."""
    raw = mail.headers.get("From") or mail.headers.get("Sender")
    if mail.sender:
        local = mail.sender.address.partition("@")[0]
    else:
        local = raw
    if mail.sender:
        name = mail.sender.name
    else:
        name = raw
    if not raw.strip() and mail.return_path == "":
        return True
    return bool(_DAEMONS.search(local[:100]) or _DAEMON_NAMES.search(name[:200]) or raw.strip() == "<>")


def error_part(mail: Mail) -> str:
    """Return the text above the copy of our email."""
    text = mail.text[:_LONGEST]
    copy = _COPY.search(text, 40)
    if copy:
        return text[: copy.start()]
    return text


def read_bounce(mail: Mail, status: str = "") -> Bounce:
    """Return the failed recipients and reasons, as far as the text says."""
    text = error_part(mail)
    permanent, failure_status = judge(status, text)
    if _LATE.search(f"{mail.subject[:200]}\n{text[:4_000]}") and not (permanent and reply_code(text)[:1] == "5"):
        permanent = False
        if failure_status[:1] != "4":
            failure_status = ""
    diagnostic = next((line.strip() for line in text.split("\n") if reply_code(line) or judge("", line)[1]), "")
    recipients = tuple(_failed_recipients(mail, text))
    final = permanent is not False
    failures = prose_failures(f"{text}\n\n{mail.subject[:200]}", recipients, permanent=final, status=failure_status)
    return Bounce(recipients, final, failure_status, diagnostic[:1_000], original_message_id(mail), failures)


def _failed_recipients(mail: Mail, text: str) -> list[str]:
    """Return the failed recipients from the most reliable source, and those in similar lines."""
    ours = {each.address.lower() for each in (*mail.to, *mail.cc)}
    if mail.sender:
        ours.add(mail.sender.address.lower())
    sources = (
        lambda: _all_addresses(mail.headers.all("X-Failed-Recipients")),
        lambda: _in_text(_known_wordings(mail), text),
        lambda: _named_in_lines(text),
        lambda: _ADDRESS.findall(text),
        lambda: _copied_recipients(mail, text, ours),
        lambda: _verp_recipients(mail),
        lambda: _known_wordings(mail),
    )
    for source in sources:
        addresses = _possible_recipients(source(), ours)
        if addresses:
            addresses |= {
                key: address
                for key, address in _possible_recipients(_named_like_others(text), ours).items()
                if any(key in text.lower() for key in addresses)
            }
            return _likely_recipients(list(addresses.values())[:_MOST], mail)
    return []


def _possible_recipients(addresses: list[str], ours: set[str]) -> dict[str, str]:
    """Return the addresses that may have failed, by lower case: not ours, and no server's."""
    return {
        address.lower(): address
        for address in map(tidy, addresses)
        if address and address.lower() not in ours and not _NEVER.search(address)
    }


def _in_text(addresses: list[str], text: str) -> list[str]:
    """Return those above the copy of our email, as wordings may match its header, too."""
    lowered = text.lower()
    return [address for address in addresses if address.lower() in lowered]


def _named_in_lines(text: str) -> list[str]:
    """Return addresses that stand alone on a line; recipients of our email may precede the failure sentence."""
    following = _FOLLOWING.search(text)
    for part in (text[following.end() :] if following else "", "" if following else text):
        lines = (_LINE.match(line[:_LONGEST_LINE]) for line in part.split("\n"))
        if addresses := [line[1] for line in lines if line]:
            return addresses
    return []


def _named_like_others(text: str) -> list[str]:
    """Return addresses at the beginning of a line or a server's answer, one per recipient."""
    following = _FOLLOWING.search(text)
    if following:
        part = text[following.end() :]
    else:
        part = text
    return _LED.findall(part)


def _likely_recipients(found: list[str], mail: Mail) -> list[str]:
    """Return those of several addresses that our email was sent to."""
    recipients = {each.lower() for each in returned_recipients(mail)}
    return [each for each in found if each.lower() in recipients] or found


def _copied_recipients(mail: Mail, text: str, ours: set[str]) -> list[str]:
    """Return the recipients of our email according to the returned copy."""
    copied = mail.text[len(text) : len(text) + _LONGEST]
    recipients = returned_recipients(mail) or _all_addresses(_COPIED_TO.findall(copied))
    recipients = [each for each in recipients if each.lower() not in ours]
    received = chain(mail.report.returned.all("Received"), [copied])
    return recipients or [address for value in received for address in _RECEIVED_FOR.findall(value[:4_000])]


def _verp_recipients(mail: Mail) -> list[str]:
    """Return the recipient in the bounce's own address: "bounce+ann=example.com@ours"."""
    addresses = [each.address for each in (*mail.delivered_to, *mail.to)]
    return [f"{match[1]}@{match[2]}" for each in addresses if (match := _VERP.search(each))]


def _all_addresses(values: "tuple[str, ...] | list[str]") -> list[str]:
    return [each.address for value in values for each in read_addresses(value, _MOST)[0]]


def _known_wordings(mail: Mail) -> list[str]:
    """Return what flufl.bounce finds, which knows twenty years of server wordings."""
    message = Message()
    for name in ("From", "Subject", "X-Mailer", "X-Failed-Recipients", "Precedence", "Received"):
        if name in mail.headers:
            message[name] = mail.headers.get(name)[:_LONGEST_LINE].encode("ascii", "replace").decode()
    lines = (line[:_LONGEST_LINE] for line in mail.text[:_LONGEST].split("\n"))
    message.set_payload("\n".join(lines).encode("ascii", "replace").decode())
    # It takes no part in what it is shown being well formed.
    with suppress(Exception):
        late, failed = all_failures(message)
        return [address.decode("ascii", "replace") for address in (*failed, *late)]
    return []
