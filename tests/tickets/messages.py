"""Messages as tests of tickets need them."""

from comms.models import Message
from crm.platform.models import Brand


def message(direction: str, **more: object) -> Message:
    state = "received" if direction == "in" else "sent"
    made = {"medium": "email", "direction": direction, "state": state, "address": "ann@home.example", "text": "Hello"}
    return Message.objects.create(brand=Brand.objects.get(), **(made | more))
