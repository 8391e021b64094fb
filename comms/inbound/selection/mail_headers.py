"""AddressFields: of an email that may not be ours to read, who wrote it to which addresses, and what it answers."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.errors import MessageError
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses

# All that is requested of an email before it is known to be wanted: neither subject nor text.
FIELDS = "FROM REPLY-TO TO CC BCC IN-REPLY-TO REFERENCES"
_MESSAGE_IDS = re.compile(r"<[^<>\s]{1,990}>")
# References name the nearest ones last.
_MOST_IDS = 60


@dataclass(frozen=True)
class AddressFields:
    """Addresses in lower case; `answers`: Message-IDs in brackets."""

    senders: frozenset[str] = frozenset()
    recipients: frozenset[str] = frozenset()
    answers: tuple[str, ...] = ()

    @property
    def addresses(self) -> frozenset[str]:
        return self.senders | self.recipients


def parse_headers(raw: bytes) -> AddressFields:
    """Parse header fields. What can't be read counts as absent, so that such an email is not wanted."""
    try:
        fields = BytesHeaderParser(policy=compat32).parsebytes(raw)
        named = {name: [str(value) for value in fields.get_all(name, [])] for name in FIELDS.split()}
    except (MessageError, ValueError, LookupError):
        return AddressFields()
    ids = _MESSAGE_IDS.findall(" ".join(named["REFERENCES"] + named["IN-REPLY-TO"]))
    return AddressFields(
        senders=_addresses(named["FROM"] + named["REPLY-TO"]),
        recipients=_addresses(named["TO"] + named["CC"] + named["BCC"]),
        answers=tuple(dict.fromkeys(ids[-_MOST_IDS:])),
    )


def _addresses(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(address.lower() for _name, address in getaddresses(list(texts)) if "@" in address)
