"""A house that writes by email, text and WhatsApp, and an appointment of Cora's; all clocks stand still."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from comms.library.seeding import create_library
from comms.models import Channel, Message, TemplateVersion
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.kernel import clock
from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast

# Monday, nine o'clock in Tampa.
NOW = datetime(2026, 5, 11, 13, 0, tzinfo=UTC)
# Wednesday, nine o'clock there: two hours before is too early for anybody.
WEDNESDAY = datetime(2026, 5, 13, 13, 0, tzinfo=UTC)
ADDRESSES = {"email": "hello@suncoast.example", "sms": "+18135550100", "whatsapp": "+18135550199"}


@pytest.fixture
def house(cast: Cast) -> Iterator[Any]:
    with clock.at(NOW), use_tenant(cast.house.tenant):
        brand = Brand.objects.get()
        brand.edit(by=None, phone="+18135550100")
        for medium, address in ADDRESSES.items():
            Channel.create(by=None, brand=brand, medium=medium, role="support", provider="embedded", address=address)
        create_library(["en", "nl"])
        TemplateVersion.objects.filter(medium="whatsapp").update(whatsapp_state=TemplateVersion.WhatsApp.APPROVED)
        yield cast.house


@pytest.fixture
def visit(house: Any) -> AppointmentType:
    return AppointmentType.add("Inspection", by=house.ada, minutes=60, travel_minutes=30)


@pytest.fixture
def booked(house: Any, visit: AppointmentType) -> Appointment:
    return Appointment.book(house.job, visit, WEDNESDAY, [house.rita], by=house.rita)


def sent(message: Message) -> Message:
    """The message, as it is once it has left."""
    message.state, message.sent_at = Message.State.SENT, clock.now()
    message.at = clock.now()
    message.save(update_fields=["state", "sent_at", "at"])
    return message
