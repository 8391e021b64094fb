"""Failures per recipient in the text of a bounce: lines after an address are about it."""

from collections.abc import Sequence
from dataclasses import replace

from libs.inbound_mail.classification.delivery_report import without_address
from libs.inbound_mail.classification.refusals import refusal_of
from libs.inbound_mail.classification.status_codes import judge, reply_code
from libs.inbound_mail.message import MailRefusal, RecipientReport

_MOST_LINES = 600


def prose_failures(
    text: str, recipients: Sequence[str], *, permanent: bool, status: str
) -> tuple[RecipientReport, ...]:
    """Return the failures in a text per recipient; the whole text for a single one."""
    if len(recipients) == 1:
        return (_build_failure(recipients[0], text, permanent=permanent, status=status),)
    parts = _parts_by_recipient(text, recipients)
    failures = []
    for recipient in recipients:
        part = parts.get(recipient.lower(), "")
        is_final, code = judge("", part)
        is_told = is_final is not None
        failures.append(
            _build_failure(
                recipient,
                part or text,
                permanent=permanent and is_final is not False,
                status=code if is_told else status,
            )
        )
    return tuple(failures)


def explain_failure(failure: RecipientReport, text: str, recipients: Sequence[str]) -> RecipientReport:
    """Return a report's failure with the reason from its text, if the report gives none."""
    if failure.refusal != MailRefusal.OTHER or not failure.recipient or failure.status not in ("", "5.0.0"):
        return failure
    if len(recipients) == 1:
        part = text
    else:
        part = _parts_by_recipient(text, recipients).get(failure.recipient.lower(), "")
    return without_address(replace(failure, refusal=_refusal_reason(failure.status, part)))


def _build_failure(recipient: str, text: str, *, permanent: bool, status: str) -> RecipientReport:
    answer = _server_answer(text)
    refusal = _refusal_reason(status, text)
    return without_address(RecipientReport(recipient, "failed", permanent, status, answer[:1_000], refusal))


def _refusal_reason(status: str, text: str) -> MailRefusal:
    """Return the reason: from the server's answer, else from the whole text.

    What we concluded ourselves from the words is no code that a server gave.
    """
    answer = _server_answer(text)
    if answer:
        refusal = refusal_of("", answer)
    else:
        refusal = MailRefusal.OTHER
    if refusal != MailRefusal.OTHER:
        return refusal
    return refusal_of(status if status[:1] == "4" else "", text)


def _server_answer(text: str) -> str:
    """Return the server's answer: from the first reply code to the end of its paragraph."""
    lines = text.split("\n")[:_MOST_LINES]
    first = next((number for number, line in enumerate(lines) if reply_code(line)), None)
    if first is None:
        return ""
    end = next((number for number in range(first, len(lines)) if not lines[number].strip()), len(lines))
    return "\n".join(lines[first:end])


def _parts_by_recipient(text: str, recipients: Sequence[str]) -> dict[str, str]:
    """Return the lines about each recipient: from the line that names it to the next one."""
    parts: dict[str, list[str]] = {}
    names = [recipient.lower() for recipient in recipients]
    current = ""
    for line in text.split("\n")[:_MOST_LINES]:
        lowered = line.lower()
        named = [name for name in names if name in lowered]
        if named:
            current = ""
            if len(named) == 1:
                current = named[0]
        if current:
            parts.setdefault(current, []).append(line)
    return {name: "\n".join(lines) for name, lines in parts.items()}
