"""A test notice, and the ways by which notices reached a member: said as they are."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from comms.models import Channel, Message
from crm.kernel import clock
from crm.platform.models import Brand, Due
from crm.platform.tenancy.context import use_tenant
from crm.web.models import Notice, PushDelivery, PushSubscription, StaffNumber
from crm.web.models.push_subscription import SEND
from crm.web.notices.delivery.push import TRIES, push_notices
from crm.web.notices.preferences import save_preference
from followups.offline.trial_notice import MOST, TRIAL
from tests.cast import House
from tests.comms.http_peer import Peer, http_peer
from tests.web.test_push import read, subscribe

PAGE = "followups/device/"


@pytest.fixture
def service(settings: Any) -> Iterator[Peer]:
    settings.PRIVATE_HOSTS = ["127.0.0.1"]
    with http_peer() as peer:
        peer.will(201)
        yield peer


@pytest.fixture
def phone(as_member: Any, house: House, service: Peer) -> Any:
    """Rita's browser, which shows her notices."""
    browser = as_member("rita")
    subscribe(browser.client, f"{service.origin}/push/1")
    return browser


def deliver(house: House, *, times: int = 1) -> None:
    for _time in range(times):
        for pk in Due.objects.filter(kind=SEND).values_list("subject_id", flat=True):
            push_notices(house.tenant.pk, pk)


def send(browser: Any, status: int = 200) -> str:
    return str(browser.post(f"{PAGE}test/", {}, status=status, htmx=True).content.decode())


def result(browser: Any, house: House) -> str:
    with use_tenant(house.tenant):
        uid = Notice.objects.filter(kind=TRIAL).latest("pk").uid
    return str(browser.get(f"{PAGE}test/{uid}/", htmx=True))


def test_a_test_is_pushed_and_said_to_be_handed_over(phone: Any, house: House, service: Peer) -> None:
    said = send(phone)
    assert "Firefox, Linux: on its way" in said
    assert "load delay" in said
    deliver(house)
    assert read(service.asked[0].body)["body"] == "1 new notice"
    said = result(phone, house)
    assert "Firefox, Linux: handed over at 10:00" in said
    assert "load delay" not in said


def test_what_a_push_service_does_not_take_is_said(phone: Any, house: House, service: Peer) -> None:
    service.will(503)
    send(phone)
    deliver(house)
    assert "It is tried again." in result(phone, house)
    deliver(house, times=TRIES)
    assert "Its push service did not take it (It answered 503)." in result(phone, house)
    assert "push not delivered" in phone.get(PAGE)


def test_a_browser_that_is_gone_is_said_to_be(phone: Any, house: House, service: Peer) -> None:
    service.will(410)
    send(phone)
    deliver(house)
    assert "Firefox, Linux: not delivered" in result(phone, house)
    with use_tenant(house.tenant):
        assert not PushSubscription.objects.exists()


def test_without_a_device_a_text_says_what_became_of_it(as_member: Any, house: House) -> None:
    with use_tenant(house.tenant):
        brand = Brand.objects.get()
        Channel.create(by=None, brand=brand, medium="sms", role="support", provider="embedded", address="+18135550100")
        StaffNumber.objects.create(member=house.rita, number="+18135550177", confirmed_at=clock.now())
    rita = as_member("rita")
    send(rita)
    with use_tenant(house.tenant):
        text = Message.objects.get(address="+18135550177")
        assert "Text message: Waiting to be sent" in result(rita, house)
        Message.objects.filter(pk=text.pk).update(state=Message.State.SENT)
    assert "load delay" not in result(rita, house)
    assert "by text message" in rita.get(PAGE)


def test_with_no_way_there_is_no_test_and_the_reason(as_member: Any, house: House) -> None:
    assert "no test can reach you" in send(as_member("rita"), status=422)
    with use_tenant(house.tenant):
        assert not Notice.objects.filter(kind=TRIAL).exists()


def test_without_scripts_the_page_says_the_result(phone: Any, house: House) -> None:
    place = phone.post(f"{PAGE}test/", {})["Location"]
    assert "Firefox, Linux: on its way" in phone.get(place.removeprefix(phone.prefix))


def test_a_test_that_is_switched_off_or_too_often_is_refused(phone: Any, house: House) -> None:
    for _time in range(MOST):
        send(phone)
    assert "Five tests within an hour" in send(phone, status=422)
    with use_tenant(house.tenant):
        Notice.objects.all().delete()
        save_preference(house.rita, {TRIAL: "off"}, working_hours_only=False)
    assert "You switched tests off" in send(phone, status=422)


def test_a_colleagues_test_is_nobodys_to_read(phone: Any, house: House, as_member: Any) -> None:
    send(phone)
    with use_tenant(house.tenant):
        uid = Notice.objects.get(kind=TRIAL).uid
    as_member("mona").get(f"{PAGE}test/{uid}/", status=404)


def test_the_ways_of_the_last_days_are_counted(as_member: Any, house: House) -> None:
    now = clock.now()
    with use_tenant(house.tenant):
        for seconds in (4, 4, 90):
            columns = {"notices": 1, "last_notice": 0, "since": now - timedelta(seconds=seconds), "at": now}
            PushDelivery.record(house.rita.pk, **columns)
        Notice.objects.create(member=house.rita, kind=TRIAL, key="x", mail_at=now + timedelta(hours=3))
    page = as_member("rita").get(PAGE)
    assert "3 times, half of them within 4 s" in page
    assert "1 time, the next at today, 1:00" in page
    assert "No notice was sent" in as_member("mona").get(PAGE)


def test_old_records_are_deleted(house: House) -> None:
    columns: dict[str, Any] = {"notices": 1, "last_notice": 0, "since": clock.now()}
    with use_tenant(house.tenant):
        PushDelivery.record(house.rita.pk, **columns, at=clock.now() - timedelta(days=9))
        PushDelivery.record(house.rita.pk, **columns)
        assert PushDelivery.objects.count() == 1
