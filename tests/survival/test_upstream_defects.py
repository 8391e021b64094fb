"""What Celery and kombu do wrong and crm/config corrects: a test that fails here says a correction may go."""

from types import SimpleNamespace

import pytest
from celery.concurrency.asynpool import AsynPool
from kombu.asynchronous.hub import Hub
from kombu.transport.redis import Channel, Transport


def test_celery_still_watches_a_process_whose_end_it_saw() -> None:
    """When this fails, delete crm/config/pool.py and its test, and `worker_pool` in crm/config/celery.py."""
    ended = SimpleNamespace(_sentinel_poll=None)
    with pytest.raises(ValueError, match="file descriptor is None"):
        AsynPool.__new__(AsynPool)._track_child_process(ended, Hub.__new__(Hub))


def test_kombu_still_does_not_know_that_a_connection_is_gone() -> None:
    """When this fails, delete crm/config/broker.py and its test, and `broker.use()` in crm/config/celery.py."""
    channel = Channel.__new__(Channel)  # as Connection.close() leaves it, which takes a server to see
    channel.connection = None
    with pytest.raises(AttributeError) as raised:
        channel._connparams()
    assert not isinstance(raised.value, Transport.connection_errors)
