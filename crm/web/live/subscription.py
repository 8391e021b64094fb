"""The live process's pub/sub subscription: receives hints from the broker and reconnects whenever it is lost."""

import asyncio
import logging

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from crm.platform.events.hint_channel import hint_channel, read_hint
from crm.web.live.hub import Hub

logger = logging.getLogger(__name__)

# Seconds: between tries; without a word after which the broker is asked; and until it must have answered.
PAUSE = 0.5
QUIET = 10
PATIENCE = 5


async def listen_for_hints(hub: Hub, redis_url: str) -> None:
    """Forward the published hints. Ends only by being cancelled."""
    while True:
        try:
            await _forward_hints(hub, redis_url)
        except (RedisError, OSError, TimeoutError):
            hub.mark_disconnected()
            logger.warning("no broker to hear hints from")
        await asyncio.sleep(PAUSE)


async def _forward_hints(hub: Hub, redis_url: str) -> None:
    # Without retries: redis-py would subscribe anew by itself, and nobody would know that something was missed.
    async with (
        Redis.from_url(redis_url, socket_connect_timeout=PATIENCE, retry=Retry(NoBackoff(), 0)) as broker,
        broker.pubsub() as subscription,
    ):
        await subscription.subscribe(hint_channel())
        logger.info("hears hints")
        waits = False
        while True:
            message = await subscription.get_message(timeout=PATIENCE if waits else QUIET)
            waits = message is None and await _ping_broker(subscription, already=waits)
            if message and message["type"] == "subscribe":
                hub.mark_connected()
            elif message and message["type"] == "message" and (hint := read_hint(message["data"].decode())):
                hub.broadcast_hint(*hint)


async def _ping_broker(subscription: PubSub, *, already: bool) -> bool:
    """Ping the broker after a silence. Raises TimeoutError when the previous ping was not answered."""
    if already:
        raise TimeoutError
    await subscription.ping()
    return True
