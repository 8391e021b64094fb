"""Limits of parsing. What exceeds them is left out and reported."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MailLimits:
    """The limits: bytes for the raw email and decoded attachments, characters for text."""

    # More than any provider delivers (Gmail: 50 MB in).
    size: int = 100_000_000
    attachments: int = 60_000_000
    text: int = 1_000_000
    html: int = 4_000_000
    parts: int = 1_000
    # Attachments, whether they are parts or stand within a text.
    files: int = 1_000
    # Parts that are shown as text; what comes after is attached.
    texts: int = 100
    depth: int = 20
    recipients: int = 1_000
    header_block: int = 2_000_000
    header_fields: int = 2_000
    # Of one field, unfolded; a subject or a name is held shorter still.
    header_value: int = 1_000_000
    references: int = 200


USUAL = MailLimits()
