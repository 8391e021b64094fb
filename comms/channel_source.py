"""The source of leads that come in on a channel, if an app above knows a better one than its address."""

from django.dispatch import Signal

from comms.models import Channel
from crm.jobs.models import Source

# Sent with `channel`; a receiver returns the source, or None.
channel_source_asked = Signal()


def find_channel_source(channel: Channel) -> Source | None:
    """Return the source that an app above assigned to a channel; None without one."""
    for _receiver, answer in channel_source_asked.send(Channel, channel=channel):
        if isinstance(answer, Source):
            return answer
    return None
