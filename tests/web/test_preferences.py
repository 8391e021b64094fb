"""What a person prefers, where it is kept, and that it holds from the next page on."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from crm.platform.models import AccessLog, Member, User
from crm.platform.tenancy.context import use_tenant
from tests.cast import HOUSE, OTHER, Cast
from tests.web.codes import sign_in

PREFERENCES = f"/{HOUSE}/preferences/"
ALL = {"language": "en", "time_zone": "", "start_page": "leads:list", "theme": "system", "density": "comfortable"}


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    sign_in(client, cast.house.ada)
    return client


def prefer(client: Client, **chosen: str) -> Any:
    return client.post(PREFERENCES, ALL | chosen)


def html(client: Client) -> str:
    return client.get(PREFERENCES).content.decode().split(">", 2)[1]


def test_theme_and_density_hold_at_once_and_elsewhere_after_the_sign_in(ada: Client, cast: Cast) -> None:
    assert prefer(ada, theme="dark", density="compact")["Location"] == PREFERENCES
    assert 'data-theme="dark" data-density="compact"' in html(ada)
    elsewhere = Client()
    sign_in(elsewhere, cast.house.ada)
    assert 'data-theme="dark" data-density="compact"' in html(elsewhere)
    prefer(ada)
    assert "data-theme" not in html(ada)


def test_the_language_holds_at_once_and_elsewhere_after_the_sign_in(ada: Client, cast: Cast) -> None:
    prefer(ada, language="nl")
    assert '<html lang="nl"' in ada.get(PREFERENCES).content.decode()
    assert User.objects.get(pk=cast.house.ada.user_id).language == "nl"
    elsewhere = Client()
    answer = sign_in(elsewhere, cast.house.ada)
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "nl"
    assert '<html lang="nl"' in elsewhere.get(PREFERENCES).content.decode()


def test_the_menu_of_every_page_writes_the_same(ada: Client, cast: Cast) -> None:
    ada.post("/account/look/", {"theme": "dark", "next": PREFERENCES})
    assert 'data-theme="dark"' in html(ada)
    assert ada.get(PREFERENCES).context["form"].initial["theme"] == "dark"
    assert User.objects.get(pk=cast.house.ada.user_id).theme == "dark"


def test_single_keys_are_among_the_preferences(ada: Client, cast: Cast) -> None:
    assert ada.get(PREFERENCES).context["form"].initial["single_keys"] is True
    prefer(ada)
    assert ada.get(PREFERENCES).context["form"].initial["single_keys"] is False
    prefer(ada, single_keys="on")
    with use_tenant(cast.house.tenant):
        assert Member.objects.get(pk=cast.house.ada.pk).single_keys


def test_signed_out_a_choice_stays_in_the_browser(client: Client, cast: Cast) -> None:
    client.post("/account/look/", {"theme": "dark", "next": "/account/login/"})
    assert 'data-theme="dark"' in client.get("/account/login/").content.decode()
    sign_in(client, cast.house.ada)
    assert 'data-theme="dark"' in html(client), "nothing was chosen elsewhere"


def test_the_zone_holds_at_once_in_this_tenant(ada: Client, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        AccessLog.objects.note_read(cast.house.cora, by=cast.house.mona)
    reads = f"/{HOUSE}/settings/access-log/"
    before = ada.get(reads).context["reads"][0].when
    assert prefer(ada, time_zone="Asia/Kolkata").status_code == 302
    after = ada.get(reads).context["reads"][0].when
    assert before != after
    prefer(ada)
    assert ada.get(reads).context["reads"][0].when == before


def test_a_visit_begins_at_the_start_page(ada: Client) -> None:
    assert ada.get("/")["Location"] == f"/{HOUSE}/home/"
    prefer(ada, start_page="settings")
    assert ada.get("/")["Location"] == f"/{HOUSE}/settings/"
    assert ada.get(f"/{HOUSE}/")["Location"] == f"/{HOUSE}/settings/"


def test_a_page_one_may_no_longer_see_is_no_start(ada: Client, cast: Cast) -> None:
    prefer(ada, start_page="settings")
    with use_tenant(cast.house.tenant):
        demoted = Member.objects.get(pk=cast.house.ada.pk)
        demoted.role = "rep"
        demoted.save(update_fields=["role"])
    assert ada.get("/")["Location"] == f"/{HOUSE}/home/"


@pytest.mark.parametrize(
    "nonsense",
    [
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"language": "xx"},
        {"theme": "pink"},
        {"density": ""},
        {"start_page": "healthz"},
        {"start_page": "https://evil.example/"},
    ],
)
def test_what_is_not_offered_is_refused_and_nothing_is_kept(ada: Client, cast: Cast, nonsense: dict[str, str]) -> None:
    answer = prefer(ada, **{"theme": "dark", "language": "nl"} | nonsense)
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    kept = User.objects.get(pk=cast.house.ada.user_id)
    assert (kept.theme, kept.language) == ("", "")
    assert "data-theme" not in html(ada)


def test_a_rep_is_offered_no_page_of_the_admins(client: Client, cast: Cast) -> None:
    sign_in(client, cast.house.rita)
    offered = dict(client.get(PREFERENCES).context["form"].fields["start_page"].choices)
    assert "leads:list" in offered
    assert "settings" not in offered
    assert prefer(client, start_page="settings").status_code == 422


def test_zone_and_start_page_are_of_one_tenant(ada: Client, cast: Cast) -> None:
    with use_tenant(cast.other.tenant):
        Member.objects.create(user=cast.house.ada.user, name="Ada Admin", role="admin")
    prefer(ada, time_zone="Asia/Kolkata", start_page="settings")
    assert ada.get(f"/{OTHER}/")["Location"] == f"/{OTHER}/home/"
    assert ada.get(f"/{OTHER}/preferences/").context["form"].initial["time_zone"] == ""
