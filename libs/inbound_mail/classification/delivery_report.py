"""Bounces as delivery reports (RFC 3464): failed, delayed and reached recipients."""

import re
from dataclasses import replace

from libs.inbound_mail.classification.refusals import refusal_of
from libs.inbound_mail.classification.status_codes import judge
from libs.inbound_mail.message import Bounce, Mail, MailHeaders, MailRefusal, RecipientReport
from libs.inbound_mail.reading.addresses import read_addresses

_MOST = 1_000
_MESSAGE_ID = re.compile(r"^[ \t>]{0,9}message-id:\s{0,20}<?([^<>\s]{3,400})>?", re.IGNORECASE | re.MULTILINE)
_LATE = frozenset({"delayed", "deferred", "delay"})
_REACHED = frozenset({"delivered", "relayed", "expanded"})


def outcomes(mail: Mail) -> list[RecipientReport]:
    """Return the result for each recipient of a report."""
    if mail.report.kind != "delivery-status":
        return []
    recipients = {address.lower() for address in returned_recipients(mail)}
    return [_read_outcome(block, recipients) for block in mail.report.blocks[:_MOST] if _is_recipient(block)]


def reported_bounce(mail: Mail, found: list[RecipientReport]) -> Bounce | None:
    """Return the failures of a report, or its delays if none failed; None if all were reached."""
    failures = tuple(each for each in found if each.action not in _REACHED)
    failed = [each for each in failures if each.action not in _LATE]
    late = [each for each in failures if each.action in _LATE]
    # Of one that failed for good, another that may yet be reached is no part.
    chosen = [each for each in failed if each.permanent] or failed or late
    if not chosen:
        return None
    recipients = tuple(dict.fromkeys(each.recipient for each in chosen if each.recipient))
    first = next((each for each in chosen if each.recipient), chosen[0])
    return Bounce(
        recipients,
        any(each.permanent for each in chosen),
        first.status,
        first.diagnostic,
        original_message_id(mail),
        failures,
    )


def without_address(failure: RecipientReport) -> RecipientReport:
    """Return a failure without its address if it is temporary, as the address may exist."""
    if failure.permanent or failure.refusal != MailRefusal.NO_ADDRESS:
        return failure
    return replace(failure, refusal=MailRefusal.LATER)


def original_message_id(mail: Mail) -> str:
    """Return the ID of the returned email; "" for none."""
    named = mail.report.returned.get("Message-ID") or next(
        (block.get("Original-Message-ID") for block in mail.report.blocks if "Original-Message-ID" in block), ""
    )
    if named:
        return "".join(named.split()).strip("<>")
    match = _MESSAGE_ID.search(mail.text[:100_000])
    if match:
        return match[1]
    return next(iter(mail.in_reply_to or mail.references), "")


def returned_recipients(mail: Mail) -> list[str]:
    """Return the recipients of the returned email."""
    names = ("X-Original-To", "Delivered-To", "To", "Cc", "Bcc", "Apparently-To")
    values = [value for name in names for value in mail.report.returned.all(name)]
    return [each.address for value in values for each in read_addresses(value, 50)[0]]


def _is_recipient(block: MailHeaders) -> bool:
    return any(name in block for name in ("Final-Recipient", "Original-Recipient", "Action", "Status"))


def _read_outcome(block: MailHeaders, known: set[str]) -> RecipientReport:
    diagnostic = " ".join(
        part for name in ("Diagnostic-Code", "X-Notes-Item", "X-Display-Name") for part in block.all(name)
    )
    action = block.get("Action").split(";")[0].split("(")[0].strip().lower()
    permanent, status = judge(block.get("Status"), diagnostic)
    if action in _LATE:
        permanent = False
    elif permanent is None:
        permanent = True
    recipient = _own_recipient(block, known, diagnostic)
    refusal = refusal_of(block.get("Status"), diagnostic)
    return without_address(RecipientReport(recipient, action, permanent, status, diagnostic[:1_000], refusal))


def _own_recipient(block: MailHeaders, known: set[str], diagnostic: str) -> str:
    """Return the recipient as we wrote it, not an alias or the mailbox behind it."""
    final, original = (_first_address(block.get(name)) for name in ("Final-Recipient", "Original-Recipient"))
    actual = _first_address(block.get("X-Actual-Recipient"))
    for address in (final, original):
        if address.lower() in known:
            return address
    if original or final:
        return original or final
    return actual or next((each.address for each in read_addresses(diagnostic[:400], 1)[0]), "")


def _first_address(value: str) -> str:
    kind, mark, rest = value.partition(";")
    if mark and "@" in kind:
        rest = kind
    if mark:
        text = rest
    else:
        text = value
    addresses, _more = read_addresses(re.sub(r"\\?[=](?:20)$", "", text.strip()), 1)
    if addresses:
        return addresses[0].address
    return ""
