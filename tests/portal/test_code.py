"""The code: sent to whom it belongs, good once, for ten minutes and five tries; nobody learns who is a customer."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comms.models import KillSwitch, Message, Purpose
from comms.outbox import send_results
from crm.kernel import clock
from crm.people.models import ContactPoint, Person
from crm.platform.models import Due, Event
from crm.platform.work import due
from portal.access import codes, cookies, sessions
from portal.models import PortalAccess, PortalCode, PortalDevice
from portal.models.code import KEPT, LASTS, TRIES
from portal.models.code_limits import TRIES_AN_HOUR
from tests.cast import House
from tests.portal.conftest import FIREFOX, Coming, point_of

CODE = re.compile(r"\b\d{6}\b")


@pytest.fixture
def invited(writing_house: House) -> PortalAccess:
    return PortalAccess.invite(writing_house.cora, by=writing_house.rita)


def at(house: House, page: str = "sign-in/") -> str:
    return f"/my/{house.tenant.slug}/{page}"


def browser() -> Client:
    return Client(headers={"user-agent": FIREFOX})


def ask(client: Client, house: House, address: str, **data: str) -> Any:
    return client.post(at(house), {"address": address, **data})


def send_all() -> list[Message]:
    """Let a worker send the codes that are asked for; the messages, the oldest first."""
    for row in Due.objects.filter(kind=codes.SEND).order_by("pk"):
        codes.send_code(row.tenant_id, row.subject_id)
        row.delete()
    return list(Message.objects.order_by("pk"))


def code_in(message: Message) -> str:
    found = CODE.search(message.text)
    assert found
    return found[0]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_code_lets_a_device_in_and_confirms_the_address(invited: PortalAccess, writing_house: House) -> None:
    house, client = writing_house, browser()
    page = at(house, "devices/")
    assert client.get(page)["Location"] == f"{at(house)}?next=%2Fmy%2F{house.tenant.slug}%2Fdevices%2F"
    # Their kill switch stops what we write to them, not what lets them in.
    KillSwitch.switch_on(reason="Called us", by=house.mona, person=house.cora)
    asked = ask(client, house, f" CORA@{house.tenant.slug}-mail.example", next=page)
    (message,) = send_all()
    assert (message.purpose, message.address) == (Purpose.SECURITY, point_of(house.cora).value)
    code = code_in(message)
    assert client.post(asked["Location"], {"code": wrong(code)}).status_code == 422
    with clock.at(clock.now()):
        came = client.post(asked["Location"], {"code": f"{code[:3]} {code[3:]}"})
    assert (came.status_code, came["Location"]) == (302, page)
    cookie = came.cookies[cookies.SESSION]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", at(house, ""))
    assert cookie["max-age"] == 30 * 24 * 3600
    shown = client.get(page).content.decode()
    assert "Firefox on Linux" in shown
    assert "This device" in shown
    assert point_of(house.cora).verified_at is not None
    assert Event.objects.filter(kind="portal.signed_in").count() == 1
    # Once used it is used up, by whoever has it.
    assert browser().post(asked["Location"], {"code": code}).status_code == 422
    assert cookies.SESSION not in browser().post(asked["Location"], {"code": code}).cookies


def test_nobody_learns_who_is_a_customer(invited: PortalAccess, writing_house: House) -> None:
    house, pages = writing_house, []
    stranger, uninvited = "nobody@mail.example", Person.objects.create(name="Uma Uninvited")
    ContactPoint.objects.create(person=uninvited, kind="email", value="uma@mail.example")
    browser().get(at(house))
    theirs = point_of(house.cora).value
    with CaptureQueriesContext(connection) as known:
        pages.append(ask(browser(), house, theirs))
    for address in (stranger, "uma@mail.example"):
        with CaptureQueriesContext(connection) as other:
            pages.append(ask(browser(), house, address))
        assert len(other) == len(known)
    assert {page.status_code for page in pages} == {302}
    shown = [browser().get(page["Location"]) for page in pages]
    assert len({_bare(page.content.decode()) for page in shown}) == 1
    assert len(send_all()) == 1
    refused = [browser().post(page["Location"], {"code": "000000"}) for page in pages]
    assert len({(page.status_code, _bare(page.content.decode())) for page in refused}) == 1


def _bare(page: str) -> str:
    """A page without what is of one request: its token, and the address it was asked by."""
    return re.sub(r'value="[^"]*"|/sign-in/[0-9a-f-]{36}/', "", page)


def test_a_code_is_not_guessed(invited: PortalAccess, writing_house: House) -> None:
    client = browser()
    asked = ask(client, writing_house, point_of(writing_house.cora).value)["Location"]
    code = code_in(send_all()[-1])
    for _try in range(TRIES):
        assert client.post(asked, {"code": wrong(code)}).status_code == 422
    assert client.post(asked, {"code": code}).status_code == 422, "right, and too late"
    assert not PortalDevice.objects.exists()


def test_nor_one_after_another(invited: PortalAccess, writing_house: House) -> None:
    point = point_of(writing_house.cora)
    for tried in (TRIES_AN_HOUR, TRIES_AN_HOUR - 1):
        PortalCode.objects.all().delete()
        before, asked = PortalCode.ask(point.value), PortalCode.ask(point.value)
        before.make(point)
        PortalCode.objects.filter(pk=before.pk).update(tries=tried)
        assert (asked.take(asked.make(point)) is None) == (tried == TRIES_AN_HOUR)


def test_it_is_over_after_ten_minutes_and_goes_out_three_times_at_most(
    invited: PortalAccess, writing_house: House
) -> None:
    client, value = browser(), point_of(writing_house.cora).value
    asked = [ask(client, writing_house, value)["Location"] for _time in range(5)]
    sent = send_all()
    assert len(sent) == 3
    with clock.at(clock.now() + LASTS + timedelta(seconds=1)):
        assert client.post(asked[0], {"code": code_in(sent[0])}).status_code == 422
    assert client.post(asked[1], {"code": code_in(sent[1])}).status_code == 302
    with clock.at(clock.now() + KEPT + timedelta(minutes=1)):
        PortalCode.ask(value)
        assert PortalCode.objects.count() == 1, "what was typed is kept for a day"


def test_an_address_of_two_is_whose_who_confirmed_it(invited: PortalAccess, writing_house: House) -> None:
    spouse = Person.objects.create(name="Sid Spouse")
    value = point_of(writing_house.cora, "phone").value
    theirs = ContactPoint.objects.create(person=spouse, kind="phone", value=value)
    assert codes.point_of(value) == point_of(writing_house.cora, "phone"), "who was not invited gets no code"
    PortalAccess.invite(spouse, by=None)
    theirs.verified_at = clock.now()
    theirs.save(update_fields=["verified_at"])
    assert codes.point_of(value) == theirs
    PortalAccess.objects.get(person=spouse).revoke(by=None)
    assert codes.point_of(value) == point_of(writing_house.cora, "phone")


def test_nobody_reads_a_code_that_has_left(invited: PortalAccess, writing_house: House) -> None:
    ask(browser(), writing_house, point_of(writing_house.cora, "phone").value)
    (message,) = send_all()
    assert CODE.search(message.text)
    assert message.channel
    message.channel.provider = "twilio"
    send_results.forget_secret(message)
    message.refresh_from_db()
    assert not CODE.search(f"{message.text} {message.html} {message.subject} {message.search_text}")


def test_the_built_in_phone_forgets_a_code_that_counts_no_more(invited: PortalAccess, writing_house: House) -> None:
    ask(browser(), writing_house, point_of(writing_house.cora, "phone").value)
    (message,) = send_all()
    send_results.forget_secret(message)
    assert CODE.search(message.text), "the demo shows it while it counts"
    with clock.at(clock.now() + send_results.CODE_LASTS):
        due.run_due_work()
    message.refresh_from_db()
    assert not CODE.search(f"{message.text} {message.html} {message.subject} {message.search_text}")


def test_a_device_gets_another_secret_each_day(writing_house: House, portal_client: Coming) -> None:
    client, home = portal_client(writing_house.cora), at(writing_house, "devices/")
    before = client.cookies[cookies.SESSION].value
    assert client.get(home).status_code == 200
    assert client.cookies[cookies.SESSION].value == before
    with clock.at(clock.now() + sessions.ROTATED_AFTER + timedelta(minutes=1)):
        late = Client(headers={"user-agent": FIREFOX})
        late.cookies[cookies.SESSION] = before
        assert client.get(home).status_code == 200
        assert client.cookies[cookies.SESSION].value != before
        assert late.get(home).status_code == 200, "it was on its way"
    with clock.at(clock.now() + sessions.ROTATED_AFTER + timedelta(minutes=3)):
        assert late.get(home).status_code == 302
        assert client.get(home).status_code == 200
    with clock.at(clock.now() + timedelta(days=31)):
        assert client.get(home).status_code == 302


def test_devices_are_signed_out_one_and_all(writing_house: House, portal_client: Coming) -> None:
    here, there, third = (portal_client(writing_house.cora) for _device in range(3))
    home = at(writing_house, "devices/")
    other = PortalDevice.objects.get(digest=sessions.secret_digest(there.cookies[cookies.SESSION].value))
    assert here.post(at(writing_house, f"devices/{other.uid}/forget/")).status_code == 302
    assert (there.get(home).status_code, third.get(home).status_code) == (302, 200)
    here.post(at(writing_house, "devices/forget/"))
    assert (here.get(home).status_code, third.get(home).status_code) == (200, 302)
    here.post(at(writing_house, "sign-out/"))
    assert not PortalDevice.objects.exists()


@pytest.mark.parametrize("page", ["../../otherside/leads/", "%2e%2e/%2e%2e/otherside/leads/", "..%2f..%2fotherside/"])
def test_a_code_leads_out_of_the_portal_nowhere(invited: PortalAccess, writing_house: House, page: str) -> None:
    client = browser()
    asked = ask(client, writing_house, point_of(writing_house.cora).value, next=at(writing_house, page))
    came = client.post(asked["Location"], {"code": code_in(send_all()[-1])})
    assert came["Location"] == at(writing_house, "")
