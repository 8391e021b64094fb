"""The tenant's channels in use, cached per process until its configuration changes. Treat as read-only."""

from collections.abc import Iterable

from comms.models import Channel, Medium
from crm.platform.organization.configuration import cached_per_tenant


@cached_per_tenant
def channels_in_use() -> tuple[Channel, ...]:
    """Return all channels in use: those of brands before those of members, oldest first."""
    return tuple(sorted(Channel.objects.in_use(), key=lambda channel: (channel.owner_id is not None, channel.pk)))


@cached_per_tenant
def all_channels() -> dict[int, Channel]:
    """Return every channel by ID, including archived ones, which figures refer to."""
    return {channel.pk: channel for channel in Channel.objects.order_by("pk")}


def channels_at(addresses: Iterable[str], medium: str = Medium.EMAIL) -> list[Channel]:
    """Return the channels at these addresses or numbers, in their order, ignoring plus tags."""
    by_address = {channel.address.lower(): channel for channel in channels_in_use() if channel.medium == medium}
    matches = (by_address.get(written.lower()) or by_address.get(without_tag(written)) for written in addresses)
    return list(dict.fromkeys(channel for channel in matches if channel))


def without_tag(address: str) -> str:
    """Return an address in lower case without its plus tag: "Support+abc@…" is "support@…"."""
    mailbox, _at, domain = address.lower().rpartition("@")
    return f"{mailbox.partition('+')[0]}@{domain}"
