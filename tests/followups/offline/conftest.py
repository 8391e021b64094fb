"""Changes as a device sends them."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp, FollowUpNote
from followups.offline.seen_state import SeenState
from tests.cast import House


class Device:
    """A member's device: remembers a follow-up as it is shown, and sends changes made from it."""

    def __init__(self, browser: Any, house: House) -> None:
        self.browser, self.house = browser, house

    def show(self, follow_up: FollowUp) -> dict[str, str]:
        with use_tenant(self.house.tenant):
            return {"follow_up": str(follow_up.uid), **SeenState.of(fresh(self.house, follow_up)).data()}

    def send(self, seen: dict[str, str], act: str, *, status: int = 200, **fields: str) -> Any:
        data = {"key": str(uuid4()), "act": act, "age": "600", **seen, **fields}
        return self.browser.post("followups/outbox/", data, status=status).json()


def fresh(house: House, follow_up: FollowUp) -> FollowUp:
    with use_tenant(house.tenant):
        row: FollowUp = FollowUp.objects.get(pk=follow_up.pk)
        return row


def noted(house: House, follow_up: FollowUp) -> str:
    """Return the notes of a follow-up, one below the other."""
    with use_tenant(house.tenant):
        return "\n".join(note.body for note in FollowUpNote.objects.of([follow_up.pk]))


@pytest.fixture
def device(as_member: Callable[[str], Any], house: House) -> Device:
    """Rita's."""
    return Device(as_member("rita"), house)
