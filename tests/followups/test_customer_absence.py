"""What is due while the customer is away moves to the day they are back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from comms.models import Message
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Brand, Event
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from followups.next_step.customer_absence import postpone_follow_ups
from tests.cast import House


def away(house: House, back: str | None, **more: object) -> list[Event]:
    """Have an automatic answer of Cora's arrive, and return its event."""
    told = {"medium": "email", "direction": "in", "state": "received", "automatic": "auto_reply", "person": house.cora}
    message = Message.objects.create(brand=Brand.objects.get(), **(told | more))
    events.record("message.received", subject=message, by=None, data={"returns_on": back})
    return list(Event.objects.of(message))


def test_what_is_due_before_they_are_back_is_moved_once(house: House, planned: Callable[..., FollowUp]) -> None:
    soon, missed = planned(hours=4), planned(hours=-3, kind="email", subject="Write")
    later, visit = planned(hours=24 * 10), planned(hours=5, kind="visit", subject="Measure")
    with use_tenant(house.tenant):
        said = away(house, "2026-11-28")  # a Saturday
        postpone_follow_ups(said)
        stood = [FollowUp.objects.get(pk=row.pk) for row in (soon, missed, later, visit)]
        # On Monday, when we open at eight: New York is five hours behind.
        monday = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)
        assert [row.due_at for row in stood] == [monday, monday, later.due_at, visit.due_at]
        moved = Event.objects.filter(kind="followup.rescheduled")
        assert {event.data["cause"] for event in moved} == {"customer.away"}
        assert {event.actor_id for event in moved} == {None}
        postpone_follow_ups(said)
        assert moved.count() == 2


def test_a_day_that_makes_no_sense_moves_nothing(house: House, planned: Callable[..., FollowUp]) -> None:
    row = planned(hours=4)
    with use_tenant(house.tenant):
        long_off = (clock.now() + timedelta(days=90)).date().isoformat()
        for back in (None, "2026-11-25", "2020-01-01", long_off):
            postpone_follow_ups(away(house, back))
        postpone_follow_ups(away(house, "2026-11-27", person=None))
        assert FollowUp.objects.get(pk=row.pk).due_at == row.due_at
