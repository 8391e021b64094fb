"""Hints for live updates: after each commit the names of the changed topics are published, once, to open pages.

Apps say by `Topic` entries which events touch which topics. A hint may be lost; a dead broker costs a request
nothing but the attempt, and one that hangs a quarter of a second in five.
"""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial

import redis
from django.conf import settings
from django.db import connection, transaction
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from crm.platform import features
from crm.platform.events.hint_channel import EVERYTHING, hint_channel, is_topic, job_topic, write_hint
from crm.platform.features import Feature
from crm.platform.tenancy.context import required_tenant_id

logger = logging.getLogger(__name__)

# Seconds to wait for the broker, and for how long one that hangs is not asked again.
PATIENCE = 0.25
SPARED = 5
# More jobs than this in one transaction are hinted as all jobs.
MOST_JOBS = 20
ALL_JOBS = "job:*"

Gathered = dict[int, set[str]]
_local = threading.local()
_asked_again_at = 0.0
# Tenants whose hints did not get through; their next one says that anything may have changed.
_owed: set[int] = set()


@dataclass(frozen=True)
class Topic(Feature):
    """What open pages may listen to, and the events that touch it: `followup.planned`, or `followup` for all of them.

    Several apps may touch one topic, each by an entry for its own events.
    """

    name: str
    kinds: tuple[str, ...] = ()

    def check(self) -> Iterator[str]:
        if not is_topic(self.name):
            yield "the name of a topic is lower-case letters only"


@features.cached_index
def _topics_by_kind() -> dict[str, set[str]]:
    topics: dict[str, set[str]] = defaultdict(set)
    for topic in features.of(Topic):
        for kind in topic.kinds:
            topics[kind].add(topic.name)
    return topics


def topics_of(kind: str) -> set[str]:
    """Return the topics that an event of this kind touches."""
    return _topics_by_kind().get(kind, set()) | _topics_by_kind().get(kind.partition(".")[0], set())


def missing_topics(names: str) -> Iterator[str]:
    """Report undefined topics; for the system check of an entry that names some, separated by spaces."""
    defined = {topic.name for topic in features.of(Topic)}
    yield from (f"nobody defines the topic {name!r}" for name in names.split() if name not in defined)


def touch_topics_of(events: Iterable[tuple[str, int | None]]) -> None:
    """Touch the topics of events, given as (kind, job id); an event of a job touches the job's own topic, too."""
    topics: set[str] = set()
    jobs: set[int] = set()
    for kind, job_id in events:
        topics |= topics_of(kind)
        if job_id is not None and len(jobs) <= MOST_JOBS:
            jobs.add(job_id)
    tenant_id = required_tenant_id()
    touch(*topics, *(job_topic(tenant_id, pk) for pk in jobs))


def touch(*topics: str, tenant_id: int | None = None) -> None:
    """Mark topics as changed in a tenant (the one in use); published once, when the transaction is committed."""
    if not topics or not settings.LIVE_URL:
        return
    # Topics gathered by a transaction that was rolled back are not published by the next one.
    if not connection.run_on_commit:
        _local.gathered = {}
    gathered: Gathered = getattr(_local, "gathered", {})
    _local.gathered = gathered
    gathered.setdefault(tenant_id or required_tenant_id(), set()).update(topics)
    # Once for each call, as a savepoint that is rolled back drops its own; the first one to run publishes all.
    transaction.on_commit(partial(_publish_gathered, gathered), robust=True)


def _publish_gathered(gathered: Gathered) -> None:
    while gathered:
        tenant_id, topics = gathered.popitem()
        jobs = {topic for topic in topics if topic.startswith("job:")}
        publish_hint(tenant_id, (topics - jobs) | {ALL_JOBS} if len(jobs) > MOST_JOBS else topics)


def publish_hint(tenant_id: int, topics: set[str]) -> None:
    """Publish a hint now. Never raises for a broker that is gone."""
    global _asked_again_at
    if time.monotonic() < _asked_again_at:
        _owed.add(tenant_id)
        return
    if tenant_id in _owed:
        published = {EVERYTHING}
    else:
        published = topics
    try:
        _broker_client().publish(hint_channel(), write_hint(tenant_id, published))
        _owed.discard(tenant_id)
    except (RedisError, OSError) as error:
        _owed.add(tenant_id)
        if isinstance(error, RedisTimeoutError):
            _asked_again_at = time.monotonic() + SPARED
        logger.warning("hint not published", extra={"topics": sorted(published)})


@cache
def _broker_client() -> redis.Redis:
    # Tried twice for a connection that a restarted broker closed; not for one that hangs.
    retry = Retry(NoBackoff(), 1, (RedisConnectionError,))
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE, retry=retry
    )
