"""Kombu's Redis transport with one bug fixed: a channel whose connection is gone raises a connection error.

kombu lets an AttributeError out there, which nobody expects: when the broker dies while a task is acknowledged, the
whole worker ends of it. Seen in kombu 5.7.0 with Celery 5.7.0, whose worker since
https://github.com/celery/celery/pull/10382 survives the same where a task is given back. No open issue of
kombu names it; in https://github.com/celery/kombu/issues/582, closed, it was the same method. The first kombu that
raises one of its transport's connection errors there ends this file; that day tests/survival/test_upstream_defects.py
fails and says so.
"""

from typing import Any

import redis
from kombu.transport import TRANSPORT_ALIASES
from kombu.transport.redis import Channel as RedisChannel
from kombu.transport.redis import Transport as RedisTransport


class ReconnectingChannel(RedisChannel):
    """A channel that raises a connection error when used after its connection was closed."""

    def _connparams(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if self.connection is None or self.connection.client is None:
            raise redis.ConnectionError("the connection is closed")
        return super()._connparams(*args, **kwargs)


class ReconnectingTransport(RedisTransport):
    """The Redis transport with the fixed channel, for `redis://` and `rediss://`."""

    Channel = ReconnectingChannel


def use_fixed_transport() -> None:
    """Register the fixed transport for every broker URL of this process."""
    TRANSPORT_ALIASES.update(dict.fromkeys(("redis", "rediss"), f"{__name__}:{ReconnectingTransport.__name__}"))
