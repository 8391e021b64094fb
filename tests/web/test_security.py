"""A tenant that asks for a second factor: the admin's switch, and what a member without one meets."""

from typing import Any

import pytest
from django.test import Client

from crm.platform.models import Event, Member, Tenant
from crm.platform.tenancy.context import use_tenant
from tests.cast import HOUSE, OTHER, Cast
from tests.web.codes import code, set_up_app, sign_in
from tests.web.confirm import confirm

SECURITY = f"/{HOUSE}/settings/security/"
LEADS = f"/{HOUSE}/leads/"
REQUIRED = f"/account/second-factor/required/?in={HOUSE}"

pytestmark = pytest.mark.usefixtures("mid_step")


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    sign_in(client, cast.house.ada)
    confirm(client)
    return client


@pytest.fixture
def strict(cast: Cast) -> Cast:
    """The house asks for a second factor."""
    with use_tenant(cast.house.tenant):
        cast.house.tenant.ask_second_factor(True, by=cast.house.ada)
    return cast


def switch(client: Client, to: str) -> str:
    return client.post(SECURITY, {"required": to}, follow=True).content.decode()


def asks(cast: Cast) -> bool:
    return Tenant.objects.get(pk=cast.house.tenant.pk).requires_second_factor


def test_an_admin_without_one_does_not_shut_herself_out(ada: Client, cast: Cast) -> None:
    assert "First set one up for yourself" in ada.get(SECURITY).content.decode()
    assert "you would be locked out" in switch(ada, "on")
    assert not asks(cast)


def test_the_switch_counts_who_lacks_one_and_tells(ada: Client, cast: Cast) -> None:
    assert ada.get(SECURITY).context["count"] == 4
    set_up_app(ada)
    page = ada.get(SECURITY)
    assert "3 active members have none" in page.content.decode()
    assert [member.name for member in page.context["lacking"]] == ["Mona Manager", "Rita Rep", "Sam Service"]
    assert "A second factor is required now." in switch(ada, "on")
    assert asks(cast)
    assert "no longer required" in switch(ada, "off")
    assert not asks(cast)
    with use_tenant(cast.house.tenant):
        told = list(Event.objects.filter(kind__startswith="tenant.second").order_by("pk").values_list("kind", "actor"))
    assert told == [
        ("tenant.second_factor_required", cast.house.ada.pk),
        ("tenant.second_factor_optional", cast.house.ada.pk),
    ]


@pytest.mark.parametrize("nonsense", ["", "true", "ON"])
def test_nonsense_switches_nothing(ada: Client, cast: Cast, nonsense: str) -> None:
    set_up_app(ada)
    switch(ada, nonsense)
    assert not asks(cast)


def test_only_the_switch_of_ones_own_tenant_moves(strict: Cast) -> None:
    assert list(Tenant.objects.filter(requires_second_factor=True)) == [strict.house.tenant]


def test_of_two_admins_at_once_one_is_recorded(strict: Cast) -> None:
    with use_tenant(strict.house.tenant):
        stale = Tenant(pk=strict.house.tenant.pk, requires_second_factor=False)
        stale.ask_second_factor(True, by=strict.house.ada)
        assert Event.objects.filter(kind="tenant.second_factor_required").count() == 1


@pytest.mark.parametrize("address", [LEADS, f"/{HOUSE}/", f"/{HOUSE}/search/?q=x", f"/{HOUSE}/preferences/"])
def test_without_one_every_page_leads_to_setting_one_up(client: Client, strict: Cast, address: str) -> None:
    sign_in(client, strict.house.rita)
    assert client.get(address)["Location"] == REQUIRED
    assert client.post(address)["Location"] == REQUIRED
    fragment = client.get(address, headers={"HX-Request": "true"})
    assert fragment["HX-Redirect"] == REQUIRED


def test_one_sets_it_up_and_is_in(client: Client, strict: Cast) -> None:
    sign_in(client, strict.house.rita)
    page = client.get(REQUIRED).content.decode()
    assert "Suncoast-Test requires a second factor to sign in" in page
    assert "/account/second-factor/app/add/" in page
    set_up_app(client)
    assert client.get(LEADS).status_code == 200
    assert client.get(REQUIRED)["Location"] == "/"


def test_one_may_still_leave_for_another_tenant_or_sign_out(client: Client, strict: Cast) -> None:
    with use_tenant(strict.other.tenant):
        Member.objects.create(user=strict.house.rita.user, name="Rita Rep", role="rep")
    sign_in(client, strict.house.rita)
    page = client.get(REQUIRED).content.decode()
    assert f'href="/{OTHER}/"' in page
    assert 'action="/account/logout/"' in page
    assert client.get(f"/{OTHER}/leads/").status_code == 200


def test_the_page_names_no_organization_one_is_not_in(client: Client, strict: Cast) -> None:
    sign_in(client, strict.otto)
    assert client.get(REQUIRED)["Location"] == "/"
    assert client.get(LEADS).status_code == 404, "an outsider finds nothing, whatever it asks for"


def test_removing_the_last_one_shuts_out_at_the_next_click(client: Client, strict: Cast) -> None:
    sign_in(client, strict.house.rita)
    set_up_app(client)
    assert client.get(LEADS).status_code == 200
    client.post("/account/second-factor/app/remove/")
    assert client.get(LEADS)["Location"] == REQUIRED


def test_switched_off_everybody_is_in_again(ada: Client, strict: Cast) -> None:
    rita = Client()
    sign_in(rita, strict.house.rita)
    assert rita.get(LEADS)["Location"] == REQUIRED
    set_up_app(ada)
    switch(ada, "off")
    assert rita.get(LEADS).status_code == 200


def test_a_member_with_one_notices_nothing_but_the_code(client: Client, cast: Cast) -> None:
    sign_in(client, cast.house.rita)
    secret = set_up_app(client)
    with use_tenant(cast.house.tenant):
        cast.house.tenant.ask_second_factor(True, by=cast.house.ada)
    other: Any = Client()
    sign_in(other, cast.house.rita)
    assert other.get(LEADS)["Location"].startswith("/account/login/")
    other.post("/account/second-factor/authenticate/", {"code": code(secret)})
    assert other.get(LEADS).status_code == 200
