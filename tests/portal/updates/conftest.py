"""A house that sells: its job is in work, customers read of its steps, and it writes by email, text and WhatsApp."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from comms.library.seeding import create_library
from comms.models import Channel, Message
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from crm.platform.work.tasks import dispatch_events
from service.models import HandOff, HandOffItem
from service.models.hand_off_checklist import checklist_of
from tests.cast import Cast

# Monday, nine o'clock in Tampa; the office closes at five.
NOW = datetime(2026, 5, 11, 13, 0, tzinfo=UTC)


@pytest.fixture
def house(cast: Cast) -> Iterator[Any]:
    with clock.at(NOW), use_tenant(cast.house.tenant):
        brand = Brand.objects.get()
        brand.edit(by=None, phone="+18135550100")
        create_library(["en", "nl"])
        for medium, address in {"email": "hello@suncoast.example", "sms": "+18135550100"}.items():
            Channel.create(by=None, brand=brand, medium=medium, role="support", provider="embedded", address=address)
        yield cast.house


@pytest.fixture
def job(house: Any) -> Job:
    """The house's job, sold and accepted today; its customer is told of it from now on."""
    row: Job = Job.objects.get(pk=house.job.pk)
    row.move_to(house.stage("Scheduled"), by=house.rita)
    work()
    hand_off = HandOff.objects.get(job=row)
    for check in checklist_of(hand_off):
        if check.is_missing:
            HandOffItem.tick(hand_off, check.code, check.label, by=house.sam)
    hand_off.accept(by=house.sam)
    work()
    return Job.objects.get(pk=row.pk)  # type: ignore[no-any-return]


def work(at: datetime | None = None) -> None:
    """Let the workers do what waits, at an instant; messages are queued, and none leaves."""
    with clock.at(at or clock.now()):
        for _round in range(4):
            dispatch_events()
            due.run_due_work()


def letters() -> Any:
    """The messages that updates left as, the first first."""
    return Message.objects.filter(occasion__startswith="update:").order_by("pk")


def left(message: Message, at: datetime) -> None:
    """Have a message leave."""
    with clock.at(at):
        message.state, message.sent_at = Message.State.SENT, at
        message.save(update_fields=["state", "sent_at"])
        message.record_event("message.sent", None)
