"""The Redis transport of kombu, with one correction: a channel whose connection is gone says so, as a connection error.

kombu 5.7 lets an AttributeError out, which nobody expects: when the broker dies while a task is acknowledged or given
back, the whole worker ends of it.
"""

from typing import Any

import redis
from kombu.transport import TRANSPORT_ALIASES
from kombu.transport.redis import Channel as RedisChannel
from kombu.transport.redis import Transport as RedisTransport


class Channel(RedisChannel):
    """A channel that can be asked after its connection was closed."""

    def _connparams(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if self.connection is None or self.connection.client is None:
            raise redis.ConnectionError("the connection is closed")
        return super()._connparams(*args, **kwargs)


class Transport(RedisTransport):
    """What `redis://` and `rediss://` mean in this product."""

    Channel = Channel


def use() -> None:
    """Make every broker URL of this process use it."""
    TRANSPORT_ALIASES.update(dict.fromkeys(("redis", "rediss"), f"{__name__}:Transport"))
