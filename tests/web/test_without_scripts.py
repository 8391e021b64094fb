"""Every button of the calendar, of notices and of health acts without a script: as a form of its own, sent as it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.kernel import clock
from crm.platform import features
from crm.platform.tenancy.context import use_tenant
from crm.web.health import alarms, findings
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import notify
from crm.web.notices.preferences import mute
from tests.automation.rules import taken_back
from tests.cast import HOUSE, Cast, House

# Tuesday at noon in New York.
NOW = datetime(2026, 5, 12, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)
ASKS = NoticeKind(
    name="test.asks",
    permission="notices.view",
    icon="bell",
    label="Asks",
    words="asks",
    needs_acknowledgement=True,
)


@dataclass
class Form:
    """A form as a browser without scripts sends it."""

    method: str
    action: str
    fields: dict[str, Any] = field(default_factory=dict)
    buttons: list[dict[str, str]] = field(default_factory=list)


class Forms(HTMLParser):
    """Collects the forms of a page itself, but for those that are hidden until a script shows them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.open: Form | None = None
        self.is_main = False
        self.select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        self.is_main |= tag == "main"
        if tag == "form" and self.is_main and "hidden" not in given:
            self.open = Form(given.get("method", "get"), given.get("action", ""))
            self.found.append(self.open)
        if self.open is None:
            return
        if tag == "button" and given.get("type", "submit") == "submit":
            self.open.buttons.append({name: value} if name else {})
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in given or self.select not in self.open.fields):
            self.open.fields[self.select] = value
        elif tag == "textarea" and name:
            self.open.fields[name] = ""
        elif tag == "input" and name:
            self._input(given, name, value)

    def _input(self, given: dict[str, str], name: str, value: str) -> None:
        assert self.open is not None
        if given.get("type") in ("checkbox", "radio"):
            if "checked" in given:
                self.open.fields.setdefault(name, []).append(value)
        else:
            self.open.fields[name] = value or ("Because" if "required" in given else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = ""
        self.is_main &= tag != "main"


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    """Two appointments, one of which is on; notices of two kinds, a muted lead; parts that have stopped."""
    house = cast.house
    with clock.at(NOW), use_tenant(house.tenant), features.extra_features(ASKS):
        kind = AppointmentType.add("Inspection", by=None, minutes=60)
        for at in (NOW - HOUR, NOW + 20 * HOUR):
            with clock.at(NOW - 24 * HOUR):
                Appointment.book(house.job, kind, at, [house.rita], by=house.rita)
        notify("test.asks", [house.ada.pk], key="one", about=house.job)
        notify("rule.told", [house.ada.pk], key="two", about=house.job, data={"text": "Look"})
        mute(house.ada, house.cora)
        alarms.watch_tenant([check for check in findings.health_checks() if check.name == "parts"])
        yield house


def pages() -> dict[str, list[str]]:
    begun, coming = Appointment.objects.order_by("starts_at")
    return {
        "calendar": ["", "?view=week", "?view=month", f"{begun.uid}/", f"{coming.uid}/", "feed/", "types/", "book/"],
        "notices": ["", "?which=unread", "settings/"],
        "health": [""],
    }


@pytest.mark.parametrize("part", ["calendar", "notices", "health"])
def test_every_form_acts_when_it_is_sent_as_it_stands(house: House, part: str) -> None:
    client, pressed = Client(), set[str]()
    client.force_login(house.ada.user)
    for path in pages()[part]:
        url = f"/{HOUSE}/{part}/{path}"
        shown = client.get(url)
        assert shown.status_code == 200, url
        for form in Forms(shown.content.decode()).found:
            assert form.buttons or form.method == "get", f"{url}: {form.action} has a button"
            # A field alone is sent by Enter.
            for button in form.buttons or [{}]:
                # Of what stands beside each line of a list one is enough.
                place = f"{re.sub('[0-9a-f-]{36}', '…', form.action)} {sorted(form.fields)} {sorted(button)}"
                if place not in pressed:
                    with taken_back():
                        send(client, form, button, url)
                pressed.add(place)
    assert len(pressed) >= 5, pressed


def send(client: Client, form: Form, button: dict[str, str], url: str) -> None:
    """Press a button: a page comes, never a part of one, and never an error."""
    target, values = form.action or url, form.fields | button
    if form.method.lower() == "get":
        answer = client.get(target.partition("?")[0], values)
        assert answer.status_code in (200, 422), (target, values, answer.status_code)
    else:
        answer = client.post(target, values)
    # What cannot be is refused in words, on the whole page; so is what is shown but once.
    if answer.status_code in (200, 422):
        assert "<html" in answer.content.decode(), (target, values)
        return
    assert answer.status_code in (302, 303), (target, values, answer.status_code)
    assert client.get(answer["Location"]).status_code in (200, 302), answer["Location"]
