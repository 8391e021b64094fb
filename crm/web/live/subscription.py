"""The one subscription: hints come from the broker's channel as long as the process runs, whatever the broker does."""

import asyncio
import logging

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from crm.platform.events.hint_channel import channel, read_hint
from crm.web.live.hub import Hub

logger = logging.getLogger(__name__)

# Seconds: between tries; without a word after which the broker is asked; and until it must have answered.
PAUSE, QUIET, PATIENCE = 0.5, 10, 5


async def listen(hub: Hub, redis_url: str) -> None:
    """Pass on what is published. Ends only by being cancelled."""
    while True:
        try:
            await _subscribed(hub, redis_url)
        except (RedisError, OSError, TimeoutError):
            hub.deaf()
            logger.warning("no broker to hear hints from")
        await asyncio.sleep(PAUSE)


async def _subscribed(hub: Hub, redis_url: str) -> None:
    # Without retries: redis-py would subscribe anew by itself, and nobody would know that something was missed.
    async with (
        Redis.from_url(redis_url, socket_connect_timeout=PATIENCE, retry=Retry(NoBackoff(), 0)) as broker,
        broker.pubsub() as subscription,
    ):
        await subscription.subscribe(channel())
        logger.info("hears hints")
        waits = False
        while True:
            message = await subscription.get_message(timeout=PATIENCE if waits else QUIET)
            waits = message is None and await _asked(subscription, already=waits)
            if message and message["type"] == "subscribe":
                hub.hears()
            elif message and message["type"] == "message" and (hint := read_hint(message["data"].decode())):
                hub.spread(*hint)


async def _asked(subscription: PubSub, *, already: bool) -> bool:
    """Nothing came for a while: ask whether anybody is there. Raises TimeoutError when that was asked before."""
    if already:
        raise TimeoutError
    await subscription.ping()
    return True
