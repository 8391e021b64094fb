"""Typed email recipients: to, copies, and the addresses "Reply to all" adds."""

from collections.abc import Iterable
from email.utils import getaddresses

from django.utils.translation import gettext as _

from comms.composer.matter import Matter
from comms.inbound.mailboxes import own_addresses
from comms.models import Medium
from crm.kernel.normalization import normalize_email
from crm.kernel.refusal import Refused

# Copies of one mail, and characters of what is typed.
MOST = 20
LONGEST = 4000


def split_addresses(typed: Iterable[str]) -> list[str]:
    """Split a typed address field, dropping names: "Ann <ann@x.com>; bob@y.com"."""
    text = ",".join(typed)[:LONGEST].replace(";", ",").replace("\n", ",")
    addresses = [address.strip() for _name, address in getaddresses([text]) if address.strip()]
    # What can't be read stays as it is, and is refused when it is sent.
    return list(dict.fromkeys(addresses)) or list(filter(None, [text.strip(", ")]))


def check_addresses(typed: Iterable[str]) -> list[str]:
    """Return the normalized addresses. Raises Refused for an invalid one, and for too many."""
    addresses = []
    for text in typed:
        address = normalize_email(text)
        if address is None:
            raise Refused(_("“%(text)s” is not an email address.") % {"text": text})
        addresses.append(address)
    if len(addresses) > MOST:
        raise Refused(_("At most %(most)s people can get a copy.") % {"most": MOST})
    return list(dict.fromkeys(addresses))


def everybody_else(matter: Matter, to: str) -> list[str]:
    """Return the other addresses on the answered email and its participants, without our own."""
    mail = matter.last_received(Medium.EMAIL)
    named = {}
    if mail and isinstance(mail.participants, dict):
        named = mail.participants
    theirs = [normalize_email(address) for key in ("from", "to", "cc") for _name, address in named.get(key, ())]
    addresses = [*theirs, *(normalize_email(address) for _name, address in matter.copies)]
    ours = own_addresses() | {to.lower()} | ({mail.address.lower()} if mail else set())
    return list(dict.fromkeys(address for address in addresses if address and address not in ours))[:MOST]
