"""The ways into the portal and what is counted on them: addresses, codes, hosts, cookies, limits, requests."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from comms.models import Message
from crm.jobs.creation.job_creation import open_job
from crm.kernel import clock
from crm.people.models import ContactPoint, Person
from crm.platform.models import Brand, Event
from crm.platform.models.tenant import configuration_changed
from crm.platform.organization.configuration import clear_configuration_caches
from crm.platform.tenancy.context import use_tenant
from portal.access import codes, cookies, hosts, preview, sessions
from portal.access.code_origin import origin_of, remember_browser
from portal.access.entrance import brand_for
from portal.access.viewer import Level, PortalViewer
from portal.models import PortalAccess, PortalCode, PortalSending
from portal.models.code_limits import (
    SENT_A_DAY,
    SENT_A_DAY_IN_ALL,
    SENT_AN_HOUR_IN_ALL,
    SENT_AT_ONCE,
    TRIES_A_DAY,
    TRIES_A_DAY_IN_ALL,
    TRIES_AN_HOUR,
    CodeLimits,
)
from portal.models.quotas import DAY, MINUTE, QuotaReached, spend_files, spend_message
from tests.cast import Cast, House
from tests.portal.conftest import point_of

NOW = datetime(2026, 5, 11, 13, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
See = Callable[..., PortalViewer]


@pytest.fixture
def house(writing_house: House) -> Iterator[House]:
    with clock.at(NOW):
        yield writing_house


@pytest.fixture
def access(house: House) -> PortalAccess:
    return PortalAccess.invite(house.cora, by=house.rita)


@pytest.fixture
def see(house: House) -> See:
    """Look as somebody who gave a code."""

    def look(person: Person, **more: Any) -> PortalViewer:
        return PortalViewer(person, brand_for(person.pk), Level.SESSION, PortalAccess.invite(person, by=None), **more)

    return look


@pytest.fixture
def nora(house: House) -> Person:
    """Somebody who has Cora's address, too."""
    found: Person = Person.objects.create(name="Nora")
    ContactPoint.objects.create(person=found, kind="email", value=point_of(house.cora).value)
    return found


@dataclass
class Asked:
    """A code that was asked for, as the limits count it."""

    origin: str = "here"
    asked_at: datetime = NOW - timedelta(minutes=1)
    is_known_device: bool = False
    digest: str = "sent"
    tries: int = 0


@pytest.mark.parametrize(
    ("others", "enough"),
    [
        ([Asked()] * (SENT_AT_ONCE - 1), False),
        ([Asked()] * SENT_AT_ONCE, True),
        ([Asked(asked_at=NOW - timedelta(minutes=15))] * SENT_AT_ONCE, False),
        ([Asked(asked_at=NOW - 2 * HOUR)] * (SENT_A_DAY - 1), False),
        ([Asked(asked_at=NOW - 2 * HOUR)] * SENT_A_DAY, True),
        ([Asked(digest="")] * SENT_A_DAY, False),
        ([Asked("there")] * (SENT_AN_HOUR_IN_ALL - 1), False),
        ([Asked("there")] * SENT_AN_HOUR_IN_ALL, True),
        ([Asked("there", is_known_device=True)] * SENT_AN_HOUR_IN_ALL, False),
        ([Asked(f"{at}", asked_at=NOW - 2 * HOUR) for at in range(SENT_A_DAY_IN_ALL)], True),
    ],
)
def test_how_many_codes_are_sent_to_a_stranger(others: list[Asked], enough: bool) -> None:
    assert CodeLimits(others, NOW).is_sent_enough(Asked()) is enough


@pytest.mark.parametrize(("count", "enough"), [(SENT_AT_ONCE - 1, False), (SENT_AT_ONCE, True)])
def test_a_known_browser_is_counted_by_itself(count: int, enough: bool) -> None:
    own = Asked("mine", is_known_device=True)
    strangers = [Asked(f"{at}") for at in range(SENT_A_DAY_IN_ALL)]
    assert CodeLimits([*strangers, *[own] * count], NOW).is_sent_enough(own) is enough


@pytest.mark.parametrize(
    ("others", "enough"),
    [
        ([Asked(tries=TRIES_AN_HOUR)], False),
        ([Asked(tries=TRIES_AN_HOUR + 1)], True),
        ([Asked(tries=TRIES_A_DAY, asked_at=NOW - 2 * HOUR)], False),
        ([Asked(tries=TRIES_A_DAY + 1, asked_at=NOW - 2 * HOUR)], True),
        ([Asked(f"{at}", tries=TRIES_A_DAY, asked_at=NOW - 2 * HOUR) for at in range(5)], False),
        ([Asked(f"{at}", tries=TRIES_A_DAY, asked_at=NOW - 2 * HOUR) for at in range(6)], True),
        ([Asked("there", tries=TRIES_A_DAY_IN_ALL + 1)], False),
    ],
)
def test_how_many_tries_a_stranger_has(others: list[Asked], enough: bool) -> None:
    assert CodeLimits(others, NOW).is_tried_enough(Asked()) is enough


def test_strangers_who_try_shut_no_known_browser(house: House) -> None:
    strangers = [Asked(f"{at}", tries=TRIES_A_DAY, asked_at=NOW - 2 * HOUR) for at in range(6)]
    limits = CodeLimits(strangers, NOW)
    assert (limits.is_tried_enough_by_strangers, limits.is_tried_enough(Asked("mine", is_known_device=True))) == (
        *(True, False),
    )
    assert not limits.has_shut_origin


def test_an_address_of_nobody_who_may_come_in_is_nobodys(house: House, access: PortalAccess) -> None:
    address = point_of(house.cora).value
    assert codes.point_of(address) == point_of(house.cora)
    access.revoke(by=house.mona)
    assert (codes.point_of(address), codes.point_of("stranger@x.example")) == (None, None)


def test_an_address_of_two_is_whose_who_confirmed_it(house: House, access: PortalAccess, nora: Person) -> None:
    PortalAccess.invite(nora, by=house.rita)
    address = point_of(house.cora).value
    assert codes.point_of(address) == point_of(nora), "who was invited last"
    ContactPoint.objects.filter(person=house.cora, value=address).update(verified_at=NOW)
    assert codes.point_of(address) == point_of(house.cora)


def test_a_code_lets_in_all_who_have_its_address_or_the_one_named(
    house: House, access: PortalAccess, nora: Person
) -> None:
    PortalAccess.invite(nora, by=house.rita)
    address = point_of(house.cora).value
    named = PortalCode.ask(address, point=point_of(nora))
    holders = [{point.person for point in codes.holders_of(code)} for code in (PortalCode.ask(address), named)]
    assert holders == [{house.cora, nora}, {nora}]


def test_who_was_let_out_meanwhile_holds_no_code(house: House, access: PortalAccess) -> None:
    code = PortalCode.ask(point_of(house.cora).value)
    access.revoke(by=house.mona)
    assert codes.holders_of(code) == []


def test_a_code_is_sent_once(house: House, access: PortalAccess) -> None:
    origin = origin_of(RequestFactory().get("/"), point_of(house.cora).value)
    code = codes.ask_code(point_of(house.cora).value, origin)
    for _time in range(2):
        codes.send_code(house.tenant.pk, code.pk)
    assert Message.objects.count() == 1


def test_nobodys_address_is_sent_nothing(house: House) -> None:
    code = codes.ask_code("stranger@x.example", origin_of(RequestFactory().get("/"), "stranger@x.example"))
    codes.send_code(house.tenant.pk, code.pk)
    assert not Message.objects.exists()


def test_a_browser_that_came_in_by_an_address_is_known_for_it_alone(house: House) -> None:
    response = HttpResponse()
    remember_browser(RequestFactory().get("/"), response, "cora@x.example", company=house.tenant.slug)
    again = RequestFactory().get("/")
    again.COOKIES[cookies.KNOWN] = response.cookies[cookies.KNOWN].value
    known, other = (origin_of(again, address) for address in ("cora@x.example", "nora@x.example"))
    assert (known.is_known_device, other.is_known_device, known.key != other.key) == (True, False, True)


def test_a_browser_that_makes_its_cookie_up_is_not_known(house: House) -> None:
    request = RequestFactory().get("/")
    request.COOKIES[cookies.KNOWN] = "made:up"
    assert not origin_of(request, "cora@x.example").is_known_device


def test_a_cookie_of_no_length_of_ours_is_none() -> None:
    request = RequestFactory().get("/")
    request.COOKIES |= {"short": "x" * cookies.LONGEST, "long": "x" * (cookies.LONGEST + 1)}
    assert [len(cookies.read_cookie(request, name)) for name in ("short", "long", "none")] == [cookies.LONGEST, 0, 0]


def test_a_cookie_goes_no_further_than_its_companys_pages(house: House) -> None:
    response = HttpResponse()
    cookies.set_cookie(response, cookies.SESSION, "x", company=house.tenant.slug, seconds=60)
    made = response.cookies[cookies.SESSION]
    assert (made["path"], bool(made["httponly"]), made["samesite"]) == (f"/my/{house.tenant.slug}/", True, "Lax")


@pytest.fixture
def own_host(house: House, settings: Any) -> Brand:
    """A second brand, with a host of its own."""
    brand: Brand = Brand.objects.create(
        name="Bay Roofing", country="US", currency="USD", language="en", calendar=Brand.objects.get().calendar
    )
    configuration_changed()
    clear_configuration_caches()
    settings.PORTAL_HOSTS = {"My.Bay.example": f"{house.tenant.slug}/Bay Roofing", "my.sun.example": house.tenant.slug}
    return brand


def test_a_host_leads_to_its_brand(house: House, own_host: Brand) -> None:
    found = [hosts.brand_of(host) for host in ("my.bay.example", "MY.BAY.EXAMPLE", "my.sun.example", "other.example")]
    assert [brand.name if brand else None for brand in found] == [
        *("Bay Roofing", "Bay Roofing", "Suncoast-Test Roofing", None),
    ]


def test_links_of_a_brand_begin_with_its_own_host(house: House, own_host: Brand, settings: Any) -> None:
    assert hosts.origin_of(own_host).endswith("://My.Bay.example")
    settings.PORTAL_HOSTS = {}
    assert hosts.origin_of(own_host) == settings.SITE_URL


def test_a_person_knows_us_by_the_brand_of_their_newest_job(house: House, own_host: Brand) -> None:
    assert brand_for(house.cora.pk).name == "Suncoast-Test Roofing"
    open_job(title="Second", person=house.cora, brand=own_host, by=house.rita)
    assert (brand_for(house.cora.pk), brand_for(house.cora.pk, house.job.pk).name) == (
        *(own_host, "Suncoast-Test Roofing"),
    )


def test_whom_we_know_no_job_of_knows_the_default_brand(house: House, own_host: Brand, nora: Person) -> None:
    assert brand_for(nora.pk).name == "Suncoast-Test Roofing"


def request_with(name: str, value: str) -> Any:
    request = RequestFactory().get("/")
    request.COOKIES[name] = value
    return request


def test_a_device_is_known_by_its_secret_until_its_person_is_let_out(house: House, access: PortalAccess) -> None:
    device, secret = sessions.begin_session(access, RequestFactory().get("/"))
    request = request_with(cookies.SESSION, secret)
    assert (sessions.find_session(request), sessions.find_session(request_with(cookies.SESSION, "other"))) == (
        device,
        None,
    )
    access.revoke(by=house.mona)
    assert sessions.find_session(request) is None


def test_a_secret_changes_once_a_day_and_the_one_before_counts_for_a_minute(house: House, access: PortalAccess) -> None:
    device, secret = sessions.begin_session(access, RequestFactory().get("/"))
    tomorrow, response = NOW + timedelta(days=1), HttpResponse()
    with clock.at(tomorrow):
        sessions.rotate_secret(device, response, company=house.tenant.slug)
        assert response.cookies[cookies.SESSION].value != secret
        assert sessions.find_session(request_with(cookies.SESSION, secret)) == device
    with clock.at(tomorrow + timedelta(minutes=1)):
        assert sessions.find_session(request_with(cookies.SESSION, secret)) is None


def test_a_secret_of_today_stays(house: House, access: PortalAccess) -> None:
    device, _secret = sessions.begin_session(access, RequestFactory().get("/"))
    response = HttpResponse()
    with clock.at(NOW + timedelta(hours=23)):
        sessions.rotate_secret(device, response, company=house.tenant.slug)
    assert not response.cookies


def test_a_pass_that_is_no_pass_shows_nothing(house: House) -> None:
    for token in ("", "made up", "x" * 5000):
        assert preview.find_preview(request_with(cookies.PREVIEW, token), house.tenant.pk) is None


def spend(count: int, access: PortalAccess) -> None:
    for _time in range(count):
        spend_message(access)


def test_messages_of_a_minute_and_a_day_are_some(house: House, access: PortalAccess, settings: Any) -> None:
    settings.PORTAL_MESSAGES_A_MINUTE, settings.PORTAL_MESSAGES_A_DAY = 2, 3
    spend(2, access)
    with pytest.raises(QuotaReached) as minute:
        spend_message(access)
    with clock.at(NOW + MINUTE):
        spend_message(access)
        with pytest.raises(QuotaReached) as day:
            spend_message(access)
    assert (minute.value.retry_after, day.value.retry_after) == (60, 86_400)
    with clock.at(NOW + DAY):
        spend_message(access)


def test_all_of_a_company_together_send_some(house: House, access: PortalAccess, nora: Person, settings: Any) -> None:
    settings.PORTAL_MESSAGES_A_DAY_IN_ALL = 1
    spend_message(access)
    with pytest.raises(QuotaReached, match="here today"):
        spend_message(PortalAccess.invite(nora, by=None))


def test_another_company_sends_as_before(cast: Cast, house: House, access: PortalAccess, settings: Any) -> None:
    settings.PORTAL_MESSAGES_A_DAY_IN_ALL = 1
    spend_message(access)
    with use_tenant(cast.other.tenant):
        spend_message(PortalAccess.invite(cast.other.cora, by=None))
        assert PortalSending.objects.count() == 1


@pytest.mark.parametrize(
    ("limit", "value", "sizes"),
    [
        ("PORTAL_FILES_A_MINUTE", 2, (1, 1, 1)),
        ("PORTAL_FILES_A_DAY", 2, (1, 1, 1)),
        ("PORTAL_MEGABYTES_A_DAY", 1, (600_000, 600_000)),
        ("PORTAL_MEGABYTES_A_DAY_IN_ALL", 1, (600_000, 600_000)),
    ],
)
def test_files_beyond_a_limit_are_refused_all_together(
    access: PortalAccess, settings: Any, limit: str, value: int, sizes: tuple[int, ...]
) -> None:
    setattr(settings, limit, value)
    with pytest.raises(QuotaReached):
        spend_files(access, *sizes)
    assert not PortalSending.objects.exists()
    spend_files(access, *sizes[:1])


def test_a_colleague_who_never_asked_to_look_looks_as_nobody(house: House, access: PortalAccess) -> None:
    request = request_with(cookies.PREVIEW, preview.token_of(house.cora, by=house.rita, session_key="a"))
    request.user = house.mona.user
    assert preview.find_preview(request, house.tenant.pk) is None
    assert not Event.objects.filter(kind="portal.looked").exists()
