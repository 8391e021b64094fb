"""The mailboxes a mail was sent to, our own addresses, and the member behind an address."""

from collections.abc import Sequence

from comms.channels.directory import channels_at, channels_in_use
from comms.models import Channel, Medium
from crm.platform.database.batch import cached_in_batch
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from libs.inbound_mail import Mail, MailAddress


def own_addresses() -> frozenset[str]:
    """Return the addresses of all our mailboxes, in lower case."""
    return frozenset(channel.address.lower() for channel in channels_in_use() if channel.medium == Medium.EMAIL)


def mailboxes_of(mail: Mail, recipients: Sequence[str], channel: Channel | None) -> list[Channel | None]:
    """Return the mailboxes of a mail: by envelope, else the one it was fetched from or addressed to.

    Without either it is the first that the mail itself names, else our first one. None: there is none at all.
    """
    if channels := channels_at(recipients):
        return list(channels)
    if channel and channel.medium == Medium.EMAIL:
        return [channel]
    named = [each.address for each in (*mail.delivered_to, *mail.to, *mail.cc)]
    mailboxes = [each for each in channels_in_use() if each.medium == Medium.EMAIL]
    return [next(iter([*channels_at(named), *mailboxes]), None)]


def member_at(address: MailAddress | None) -> Member | None:
    """Return the active member whose sign-in address or own mailbox an address is."""
    if address is None:
        return None
    owner = next((each.owner_id for each in channels_at([address.address]) if each.owner_id), None)
    if owner:
        return Member.objects.filter(pk=owner, active=True).first()
    return directory().members.get(_by_sign_in().get(address.address.lower(), 0))


@cached_in_batch
def _by_sign_in() -> dict[str, int]:
    """Return the active members by sign-in address, in lower case."""
    members = Member.objects.filter(active=True).order_by("-pk").values_list("user__email", "pk")
    return {email.lower(): pk for email, pk in members}
