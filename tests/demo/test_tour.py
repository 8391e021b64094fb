"""The tour of a demo: who may take it, signing in by it, its strip, and nothing of it anywhere else."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.platform import features
from crm.platform.models import User
from crm.platform.tenancy.context import use_tenant
from crm.web.shell.page_strips import PageStrip
from demo.tour.progress import COOKIE
from demo.tour.seat import ROLES
from demo.tour.stops import TOURS
from portal.models import PortalAccess
from runtime.demo import PASSWORD
from tests.cast import HOUSE, Cast

FIRST, STRIP = reverse("demo:tour"), 'class="tour"'


@pytest.fixture
def demo(settings: Any, cast: Cast) -> Cast:
    """A demo in which Rita is the rep one signs in as, and Cora the customer."""
    settings.DEMO = True
    rita = User.objects.get(pk=cast.house.rita.user_id)
    rita.email = f"rep@{HOUSE}.example"
    rita.set_password(PASSWORD)
    rita.save()
    return cast


def stop(role: str, number: int) -> str:
    return reverse("demo:stop", args=[HOUSE, role, number])


def test_every_role_has_ten_stops() -> None:
    assert {role: len(stops) for role, stops in TOURS.items()} == dict.fromkeys(ROLES, 10)


def test_a_stop_signs_in_and_its_strip_leads_on(client: Client, demo: Cast) -> None:
    asked = client.get(stop("rep", 1))
    assert demo.house.rita.name in asked.content.decode()
    page = client.post(stop("rep", 1), follow=True)
    assert page.redirect_chain[-1][0] == reverse("leads:list", args=[HOUSE])
    assert STRIP in page.content.decode()
    assert stop("rep", 2) in page.content.decode()


def test_the_strip_goes_on_to_other_pages_until_it_is_closed(client: Client, demo: Cast) -> None:
    client.post(stop("rep", 1))
    elsewhere = reverse("followups:list", args=[HOUSE])
    assert f"?next={elsewhere.replace('/', '%2F')}" in client.get(elsewhere).content.decode()
    closed = client.get(reverse("demo:close"), {"next": elsewhere}, follow=True)
    assert closed.redirect_chain[-1][0] == elsewhere
    assert STRIP not in closed.content.decode()


def test_closing_leads_to_no_other_site(client: Client, demo: Cast) -> None:
    assert client.get(reverse("demo:close"), {"next": "https://evil.example/"})["Location"] == FIRST


@pytest.mark.parametrize("number", [0, 11])
def test_no_stop_beyond_the_tenth(client: Client, demo: Cast, number: int) -> None:
    assert client.get(stop("rep", number)).status_code == 404


def test_a_row_that_is_gone_leads_to_its_list(client: Client, demo: Cast) -> None:
    client.force_login(User.objects.get(email=f"rep@{HOUSE}.example"))
    with use_tenant(demo.house.tenant):
        demo.house.job.drop("Double", by=demo.house.rita)
    assert client.get(stop("rep", 3))["Location"] == reverse("leads:list", args=[HOUSE])


def test_the_customer_comes_in_without_a_code(client: Client, demo: Cast) -> None:
    with use_tenant(demo.house.tenant):
        demo.house.cora.contact_points.filter(kind="email").update(value=f"customer@{HOUSE}.example")
    page = client.post(stop("customer", 1), follow=True)
    assert (page.status_code, STRIP in page.content.decode()) == (200, True)
    with use_tenant(demo.house.tenant):
        assert PortalAccess.objects.get(person=demo.house.cora).devices.count() == 1


def test_a_password_that_was_changed_leads_to_the_sign_in(client: Client, demo: Cast) -> None:
    rita = User.objects.get(email=f"rep@{HOUSE}.example")
    rita.set_password("something of my own")
    rita.save()
    assert client.post(stop("rep", 1))["Location"] == reverse("account_login")


def test_nothing_of_it_outside_a_demo(client: Client, cast: Cast, settings: Any) -> None:
    settings.DEMO = False
    client.force_login(cast.house.rita.user)
    client.cookies[COOKIE] = f"{HOUSE}.rep.1"
    assert {client.get(url).status_code for url in (FIRST, stop("rep", 1), reverse("demo:close"))} == {404}
    assert STRIP not in client.get(reverse("leads:list", args=[HOUSE])).content.decode()
    assert FIRST not in Client().get(reverse("account_login")).content.decode()


def test_strips_above_pages_are_of_the_demo_and_of_practice() -> None:
    assert {strip.draw.__module__ for strip in features.of(PageStrip)} == {
        "crm.web.configuration.practice",
        "demo.tour.strip",
    }


def test_the_sign_in_page_leads_to_the_tour(client: Client, demo: Cast) -> None:
    assert FIRST in client.get(reverse("account_login")).content.decode()
