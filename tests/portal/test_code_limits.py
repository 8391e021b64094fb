"""Who asks for codes and tries them shuts out their own network; a day of that shuts new browsers, and staff reopen."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from crm.kernel import clock
from crm.platform.models import Event
from portal.access import cookies
from portal.models import PortalAccess, PortalCode
from portal.models.code import TRIES
from portal.models.code_limits import SENT_AN_HOUR_IN_ALL, TRIES_A_DAY, TRIES_A_DAY_IN_ALL
from tests.cast import House
from tests.portal.conftest import FIREFOX, point_of
from tests.portal.test_code import ask, code_in, send_all, wrong

HOME, CAFE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def invited(writing_house: House) -> PortalAccess:
    return PortalAccess.invite(writing_house.cora, by=writing_house.rita)


def browser(network: str) -> Client:
    return Client(REMOTE_ADDR=network, headers={"user-agent": FIREFOX})


def sign_in(client: Client, house: House) -> Any:
    """Ask for a code and give it; the answer to the code, None where none was sent."""
    before = len(send_all())
    asked = ask(client, house, point_of(house.cora).value)["Location"]
    sent = send_all()
    return client.post(asked, {"code": code_in(sent[-1])}) if len(sent) > before else None


def attack(client: Client, house: House) -> None:
    """Ask for codes and try each until it is over."""
    for _code in range(7):
        asked = ask(client, house, point_of(house.cora).value)["Location"]
        sent = send_all()
        for _try in range(TRIES + 1):
            client.post(asked, {"code": wrong(code_in(sent[-1]))})


def test_a_stranger_shuts_their_own_network_alone(invited: PortalAccess, writing_house: House) -> None:
    attack(browser(CAFE), writing_house)
    assert sign_in(browser("198.51.100.77"), writing_house) is None, "of the same network"
    assert sign_in(browser(HOME), writing_house).status_code == 302
    assert sign_in(browser("2001:db8::7"), writing_house).status_code == 302


def test_a_network_is_let_in_again_after_an_hour(invited: PortalAccess, writing_house: House) -> None:
    client = browser(HOME)
    attack(client, writing_house)
    assert invited.shut_sign_in() == "origin"
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert sign_in(client, writing_house).status_code == 302


def shut_to_strangers(house: House) -> None:
    """What a day of tries from very many networks leaves."""
    for number in range(TRIES_A_DAY_IN_ALL // TRIES_A_DAY + 1):
        code = PortalCode.ask(point_of(house.cora).value, origin=f"network {number}")
        code.make(point_of(house.cora))
        PortalCode.objects.filter(pk=code.pk).update(tries=TRIES_A_DAY, asked_at=clock.now() - timedelta(hours=2))


def test_a_browser_that_came_in_before_comes_in_whatever_strangers_do(
    invited: PortalAccess, writing_house: House
) -> None:
    mine = browser(HOME)
    sign_in(mine, writing_house)
    mine.cookies.pop(cookies.SESSION)
    shut_to_strangers(writing_house)
    assert sign_in(browser(CAFE), writing_house).status_code == 422
    assert sign_in(mine, writing_house).status_code == 302


def test_staff_open_it_again(invited: PortalAccess, writing_house: House) -> None:
    house, staff = writing_house, Client()
    shut_to_strangers(house)
    staff.force_login(house.rita.user)
    page = f"/{house.tenant.slug}/portal/people/{house.cora.uid}/"
    assert "New devices cannot sign in." in staff.get(page).content.decode()
    told = staff.post(f"{page}reopen/", follow=True).content.decode()
    assert "They can sign in again" in told
    assert "Sign-in closed" not in staff.get(page).content.decode()
    assert Event.objects.filter(kind="portal.reopened", actor=house.rita).count() == 1
    assert sign_in(browser(HOME), house).status_code == 302


def test_a_mailbox_is_not_flooded_from_everywhere(invited: PortalAccess, writing_house: House) -> None:
    before = len(send_all())
    for number in range(SENT_AN_HOUR_IN_ALL + 3):
        ask(browser(f"198.51.{number}.9"), writing_house, point_of(writing_house.cora).value)
    assert len(send_all()) - before == SENT_AN_HOUR_IN_ALL
    assert invited.shut_sign_in() == "strangers"
