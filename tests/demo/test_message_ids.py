"""Ids of the messages that the demo is seeded with."""

from datetime import timedelta
from random import Random

from crm.kernel import clock
from demo.conversations.creation import dated_id


def test_ids_are_in_the_order_of_time() -> None:
    random = Random(1)
    ids = [dated_id(clock.now() + timedelta(seconds=second), random.getrandbits(128)) for second in range(50)]

    assert ids == sorted(ids)
    assert {(uid.version, uid.variant) for uid in ids} == {(7, "specified in RFC 4122")}
