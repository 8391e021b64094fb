"""A Redis cache backend that works without its server: rate limits and counters fail open, sign-in keeps working.

django-redis can pass over errors, too, but says no to `add` then, which allauth takes for a lock that somebody else
holds: with the cache dead it would refuse every sign-in.
"""

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

logger = logging.getLogger(__name__)


# Seconds for which a server that hangs is not asked again: one sign-in asks it a dozen times.
SPARED = 5
_asked_again_at = 0.0


class CountingRedisCache(RedisCache):
    """Django's Redis cache, with counters that are counted up together."""

    def count_up(self, keys: Sequence[str], timeout: int) -> dict[str, int]:
        """Add 1 to each counter, in one round trip, and return them. They expire `timeout` seconds after the last call.

        `incr` asks twice for each key and refuses one that is not there.
        """
        pipeline = self._cache.get_client(None, write=True).pipeline(transaction=False)
        for key in keys:
            pipeline.incr(self.make_and_validate_key(key))
            pipeline.expire(self.make_and_validate_key(key), timeout)
        return dict(zip(keys, pipeline.execute()[::2], strict=True))


def _fail_open(method: str, answer: Any) -> Callable[..., Any]:
    def call(self: RedisCache, *args: Any, **kwargs: Any) -> Any:
        global _asked_again_at
        try:
            if time.monotonic() >= _asked_again_at:
                return getattr(CountingRedisCache, method)(self, *args, **kwargs)
        except (RedisError, OSError) as error:
            if isinstance(error, RedisTimeoutError):
                _asked_again_at = time.monotonic() + SPARED
            logger.warning("cache unreachable", extra={"operation": method})
        if method in ("get", "incr") and len(args) > 1:
            return args[1]
        return kwargs.get("default", answer)

    return call


class FailOpenRedisCache(CountingRedisCache):
    """With the server dead, reads miss, writes are dropped and counters are missing."""

    get = _fail_open("get", None)
    set = _fail_open("set", None)
    add = _fail_open("add", True)
    touch = _fail_open("touch", False)
    delete = _fail_open("delete", False)
    incr = _fail_open("incr", 1)
    count_up = _fail_open("count_up", {})
    has_key = _fail_open("has_key", False)
    get_many = _fail_open("get_many", {})
    set_many = _fail_open("set_many", [])
    delete_many = _fail_open("delete_many", None)
    clear = _fail_open("clear", False)
