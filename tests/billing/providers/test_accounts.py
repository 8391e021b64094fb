"""The settings page of payment providers: keys are stored encrypted, kept when left blank, and never shown."""

import re
from typing import Any

import pytest

from billing.models import ProviderAccount
from billing.providers.events import count_forged
from billing.providers.health import provider_findings
from crm.web.health.snapshot import HealthSnapshot
from tests.billing.providers.conftest import Connect
from tests.cast import House
from tests.followups.conftest import Browser

PAGE = "settings/payments/"
VERSION = re.compile(r'name="version" value="([^"]+)"')


@pytest.fixture
def ada(house: House) -> Browser:
    return Browser(house, house.ada)


def post_keys(ada: Browser, house: House, **posted: str) -> Any:
    return post_form(ada, "connect", brand=str(house.job.brand.uid), **posted)


def post_form(ada: Browser, act: str, **posted: str) -> Any:
    """Send a form of the page, with the mark of what it showed."""
    version = VERSION.search(ada.get(PAGE))
    assert version
    return ada.client.post(f"{ada.prefix}{PAGE}{act}/", {"version": version[1], **posted})


def test_stripe_is_connected_and_its_address_shown(ada: Browser, house: House) -> None:
    post_keys(ada, house, provider="stripe", secret_key="sk_live_secret")
    account = ProviderAccount.objects.get()
    page = ada.get(PAGE)
    assert account.secrets["secret_key"] == "sk_live_secret"
    assert "sk_live_secret" not in account.sealed + page
    assert "/public/payments/hook/" in page


def test_a_blank_key_stays(ada: Browser, house: House) -> None:
    post_keys(ada, house, provider="stripe", secret_key="sk_live_1")
    post_keys(ada, house, provider="stripe", signing_secret="whsec_1")
    assert ProviderAccount.objects.get().secrets == {"secret_key": "sk_live_1", "signing_secret": "whsec_1"}


def test_a_wrong_key_is_refused(ada: Browser, house: House) -> None:
    assert post_keys(ada, house, provider="mollie", api_key="sk_live_1").status_code == 422
    assert ProviderAccount.objects.count() == 0


def test_the_built_in_page_is_refused_in_production(ada: Browser, house: House, settings: Any) -> None:
    settings.DEMO = settings.DEBUG = False
    assert post_keys(ada, house, provider="demo").status_code == 404


def test_disconnecting_forgets_the_keys(ada: Browser, house: House) -> None:
    post_keys(ada, house, provider="mollie", api_key="live_1")
    account = ProviderAccount.objects.get()
    post_form(ada, "disconnect", account=str(account.uid))
    account.refresh_from_db()
    assert (account.sealed, account.disconnected_at is None) == ("", False)


def test_others_find_no_page(sam: Browser) -> None:
    sam.get(PAGE, status=404)


def test_health_counts_the_forged_and_tells_refusals(house: House, connect: Connect) -> None:
    connect("stripe").note_problem("Invalid API Key")
    count_forged()
    words = " ".join(str(one.words) for one in provider_findings(HealthSnapshot()))
    assert "Invalid API Key" in words
    assert "refused today" in words
