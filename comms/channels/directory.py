"""The channels in use of a tenant, kept in each process until its configuration changes. Treat them as read-only."""

from collections.abc import Iterable

from comms.models import Channel, Medium
from crm.platform.organization.configuration import cached_per_tenant


@cached_per_tenant
def channels_in_use() -> tuple[Channel, ...]:
    """Return them all, the brands' own before those of single colleagues, the oldest first."""
    return tuple(sorted(Channel.objects.in_use(), key=lambda channel: (channel.owner_id is not None, channel.pk)))


@cached_per_tenant
def all_channels() -> dict[int, Channel]:
    """Return every channel by its id, archived ones too, as figures tell of those."""
    return {channel.pk: channel for channel in Channel.objects.order_by("pk")}


def channels_at(addresses: Iterable[str], medium: str = Medium.EMAIL) -> list[Channel]:
    """Return the channels these addresses or numbers are, in their order; what follows a plus is no matter."""
    known = {channel.address.lower(): channel for channel in channels_in_use() if channel.medium == medium}
    found = (known.get(written.lower()) or known.get(without_tag(written)) for written in addresses)
    return list(dict.fromkeys(channel for channel in found if channel))


def without_tag(address: str) -> str:
    """Return an address in lower case without what follows a plus: "Support+abc@…" is "support@…"."""
    mailbox, _at, domain = address.lower().rpartition("@")
    return f"{mailbox.partition('+')[0]}@{domain}"
