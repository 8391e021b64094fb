"""Events in the order in which programs read them, while several connections write and commit out of order."""

import time
from threading import Event as Signal

from django.db import connection, transaction

from crm.platform.events import events
from crm.platform.events.settled_events import (
    START,
    EventPlace,
    find_place,
    newest_place,
    read_settled,
    shift_restored_events,
)
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, House, load_cast
from tests.platform.test_tenant_commands import as_owner
from tests.together import together

__all__ = ["as_owner"]
KIND = "test.written"


def write_events(house: House, count: int = 1) -> None:
    for _time in range(count):
        events.record(KIND, subject=house.job, by=None)


def poll(place: EventPlace) -> tuple[list[int], EventPlace]:
    """Read on from a place; return the ids of what was written here, and the place behind them."""
    rows = read_settled(place, 50)
    if rows:
        place = EventPlace(rows[-1].transaction, rows[-1].pk)
    return [row.pk for row in rows if row.kind == KIND], place


def test_what_is_committed_late_does_not_appear_behind_the_reader(transactional_db: None) -> None:
    house = load_cast().house
    has_first, is_read = Signal(), Signal()

    def write_slowly() -> None:
        with use_tenant(house.tenant):
            write_events(house)
            has_first.set()
            assert is_read.wait(timeout=60)

    def write_quickly_and_read() -> tuple[list[int], EventPlace]:
        assert has_first.wait(timeout=60)
        with use_tenant(house.tenant):
            write_events(house)
        with use_tenant(house.tenant):
            early = poll(START)
        is_read.set()
        return early

    _nothing, (early, place) = together(write_slowly, write_quickly_and_read)
    with use_tenant(house.tenant):
        assert early == []
        assert sorted(poll(place)[0]) == list(
            Event.objects.filter(kind=KIND).order_by("pk").values_list("pk", flat=True)
        )


def test_a_poller_beside_writers_reads_each_event_once(transactional_db: None) -> None:
    house = load_cast().house
    is_over = Signal()

    def write() -> list[int]:
        for _round in range(20):
            with use_tenant(house.tenant):
                write_events(house, 3)
                time.sleep(0.002)
        return []

    def read() -> list[int]:
        seen, place, ends = [], START, time.monotonic() + 60
        while len(seen) < 180 and time.monotonic() < ends:
            with use_tenant(house.tenant):
                ids, place = poll(place)
            seen += ids
        is_over.set()
        return seen

    seen = together(read, write, write, write)[0]
    with use_tenant(house.tenant):
        written = list(Event.objects.filter(kind=KIND).order_by("transaction", "pk").values_list("pk", flat=True))
    assert seen == written


def test_a_place_is_behind_its_event_and_none_is_behind_one_that_is_gone(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        write_events(cast.house)
        event = Event.objects.latest("pk")
        assert find_place(event.pk) == EventPlace(event.transaction, event.pk)
        assert find_place(event.pk + 1) is None
    with use_tenant(cast.other.tenant):
        assert find_place(event.pk) is None


def test_the_newest_place_is_behind_all_that_is_settled(transactional_db: None) -> None:
    house = load_cast().house
    with use_tenant(house.tenant):
        write_events(house)
    with use_tenant(house.tenant):
        place = newest_place()
        assert poll(place)[0] == []
        assert place.event_id == Event.objects.latest("pk").pk


def test_the_events_of_another_cluster_keep_their_order_and_come_first(as_owner: None, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        write_events(cast.house, 2)
        first, last = Event.objects.filter(kind=KIND).order_by("pk")
        # As a dump has them whose cluster was far ahead, and which were committed out of order.
        with connection.cursor() as cursor:
            cursor.execute("update platform_event set transaction = %s where id = %s", [2**50 + 1, first.pk])
            cursor.execute("update platform_event set transaction = %s where id = %s", [2**50, last.pk])
    assert shift_restored_events() > 0
    assert shift_restored_events() == 0
    with use_tenant(cast.house.tenant), transaction.atomic():
        old = list(Event.objects.filter(pk__in=[first.pk, last.pk]).order_by("transaction"))
        write_events(cast.house)
        assert [row.pk for row in old] == [last.pk, first.pk]
        assert old[-1].transaction < 0 < Event.objects.latest("pk").transaction
