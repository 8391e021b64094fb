"""The keys: what the help lists is what the script does, and a member may switch single ones off."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from crm.platform import features
from crm.platform.models import Member
from crm.platform.tenancy.context import use_tenant
from crm.web.shell import shortcuts
from crm.web.shell.navigation import FrameLink, NavigationPage
from tests.cast import Cast

SCRIPT = Path(__file__).resolve().parents[2] / "static/js/keys.js"


@pytest.fixture
def page(cast: Cast) -> Any:
    client = Client()
    client.force_login(cast.house.rita.user)
    return lambda: client.get(f"/{cast.house.tenant.slug}/leads/").content.decode()


def post(cast: Cast, data: dict[str, str], **headers: str) -> Any:
    client = Client()
    client.force_login(cast.house.rita.user)
    return client.post(f"/{cast.house.tenant.slug}/preferences/keys/", data, headers=headers)


def test_each_act_of_a_key_is_one_the_script_does() -> None:
    does = set(re.findall(r'^    "?([a-z_-]+)"?: \(\) =>', SCRIPT.read_text(), re.MULTILINE))
    listed = {one.act for _group, keys in shortcuts.shortcut_groups() for one in keys if one.act}
    pages = {act for act in listed if act.startswith("go:")}
    assert does <= listed
    assert "doing[named] || (() => press(named))" in SCRIPT.read_text(), "every other act is a button of the page"
    named = [page.name for page in features.of(NavigationPage)] + [link.name for link in features.of(FrameLink)]
    assert pages <= set(map(shortcuts.going_to, named))
    assert 'named.startsWith("go:")' in SCRIPT.read_text()


def test_the_help_lists_each_key_with_what_it_does(page: Any) -> None:
    html = page()
    for _group, keys in shortcuts.shortcut_groups():
        for one in keys:
            assert f'data-keys="{one.keys}" data-does="{one.act}"><dt>{one.label}' in html


def test_a_key_has_one_meaning() -> None:
    with features.extra_features(shortcuts.Shortcut(keys="j", act="jump", label="Jump")):
        assert "somebody adds Shortcut 'j', but another has the keystroke 'j' as well." in features.find_problems()
    with features.extra_features(shortcuts.Shortcut(keys="q", act="help", label="Help")):
        assert "somebody adds Shortcut 'q', but another has the act 'help' as well." in features.find_problems()
    assert features.find_problems() == []


def test_single_keys_go_off_and_on(cast: Cast, page: Any) -> None:
    assert 'name="single_keys" value="on" checked' in page()
    assert post(cast, {}, **{"HX-Request": "true"}).status_code == 204
    assert 'name="single_keys" value="on">' in page()
    with use_tenant(cast.house.tenant):
        assert not Member.objects.get(pk=cast.house.rita.pk).single_keys
        assert Member.objects.get(pk=cast.house.mona.pk).single_keys
    assert post(cast, {"single_keys": "on"})["Location"] == f"/{cast.house.tenant.slug}/preferences/"
    assert 'name="single_keys" value="on" checked' in page()
