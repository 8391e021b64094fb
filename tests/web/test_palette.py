"""The palette: what it offers to whom and finds, and that the address of what somebody may not refuses."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from crm.jobs.creation.job_creation import open_job
from crm.people.models import Person
from crm.platform import features
from crm.platform.access.permissions import allows
from crm.platform.tenancy.context import use_tenant
from crm.web.models import SavedView
from crm.web.settings.sections import Section
from crm.web.shell import palette
from tests.cast import Cast, House
from tests.leads.test_list import data_queries

EVERY = ["rita", "mona", "ada", "sam"]


class Palette:
    """The palette of one member."""

    def __init__(self, house: House, name: str) -> None:
        self.member, self.client, self.url = getattr(house, name), Client(), f"/{house.tenant.slug}/palette/"
        self.client.force_login(self.member.user)

    def __call__(self, text: str = "", **hand: str) -> str:
        response = self.client.get(self.url, {"q": text, **hand}, headers={"HX-Request": "true"})
        assert response.status_code == 200
        self.raw = response.content.decode()
        return re.sub("</?mark>", "", self.raw)

    def urls(self, text: str = "") -> set[str]:
        return set(re.findall(r'(?:href|formaction)="([^"]+)"', self(text)))


@pytest.fixture
def of(cast: Cast) -> Any:
    return lambda name: Palette(cast.house, name)


@pytest.fixture
def for_admins() -> Iterator[palette.PaletteAction]:
    """An action for admins alone, at a page that is."""
    action = palette.PaletteAction(
        name="access_log", permission="access_log.view", icon="eye", label="Watch the watchers"
    )
    with features.extra_features(action):
        yield action


@pytest.mark.parametrize("who", EVERY)
def test_every_line_leads_where_the_member_may_go(of: Any, who: str) -> None:
    mine = of(who)
    inside = {url for url in mine.urls() | mine.urls("cora") if url.startswith(mine.url.removesuffix("palette/"))}
    assert len(inside) > 6
    for url in inside:
        assert mine.client.get(url.replace("&amp;", "&")).status_code == 200, url


@pytest.mark.parametrize("who", EVERY)
def test_what_one_may_not_is_not_offered_and_refuses(of: Any, for_admins: palette.PaletteAction, who: str) -> None:
    mine = of(who)
    may = allows(mine.member, "access_log.view")
    assert ("Watch the watchers" in mine()) is may
    assert ("Watch the watchers" in mine("watch")) is may
    address = mine.url.replace("palette/", "settings/access-log/")
    assert mine.client.get(address).status_code == (200 if may else 404)


def test_without_the_permission_a_source_is_not_asked(of: Any) -> None:
    asked: list[str] = []

    def source(request: Any, text: str) -> list[palette.PaletteGroup]:
        asked.append(text)
        return []

    with features.extra_features(palette.PaletteSource(name="things", permission="security.manage", find=source)):
        of("rita")("cora")
        assert asked == []
        of("ada")("cora")
        assert asked == ["cora"]


def test_a_lead_is_found_with_its_line_and_what_to_do(of: Any, cast: Cast) -> None:
    mine = of("rita")
    found = mine("cor")
    assert "<mark>Cor</mark>a Customer" in mine.raw
    assert 'class="plb micro' in found
    assert "With Cora Customer" in found
    assert 'href="tel:+18135550142"' in found
    assert f"followups/new/?job={cast.house.job.number}" in found
    assert "New lead “cor”" in found


def test_a_rep_finds_no_lead_of_a_colleague(of: Any, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        person = Person.objects.create(name="Priya Secret")
        open_job(title="Priya Secret", person=person, member=cast.house.mona, by=None)
    assert "Priya Secret" in of("mona")("priya")
    assert "Secret" not in of("rita")("priya")


def test_a_sign_in_front_asks_for_actions_alone(of: Any) -> None:
    assert "Cora" in of("rita")("cora")
    assert "No results" in of("rita")("> cora")
    assert "New lead" in of("rita")("> new l")


@pytest.mark.parametrize("typed", ["<script>", '" onload="', "x" * 5000, "nul\0", "%", "\\"])
def test_whatever_is_typed_stays_text(of: Any, typed: str) -> None:
    shown = of("rita")(typed)
    assert "<script" not in shown
    assert '" onload="' not in shown
    assert typed.startswith(("x", "nul")) or escape(typed) in shown


def groups(page: str) -> list[str]:
    return re.findall(r'role="group" aria-label="([^"]+)"', page)


def test_what_is_named_in_full_comes_first(of: Any, cast: Cast) -> None:
    mine = of("rita")
    assert groups(mine("dark")) == ["Actions", "Anything else"]
    with use_tenant(cast.house.tenant):
        person = Person.objects.create(name="Dark Search")
        open_job(title="Dark Search", person=person, member=cast.house.rita, by=None)
    assert groups(mine("dark"))[:2] == ["Actions", "Leads and customers"]
    assert groups(mine("search"))[0] == "Go to"
    assert groups(mine("dar"))[0] == "Leads and customers"


@pytest.mark.parametrize(
    ("on", "text", "acts"),
    [
        ("lead", "", ["plan", "write", "log", "move-next", "move", "hold", "lose", "priority", "assign", "note"]),
        ("list", "", ["plan", "write", "log", "move-next", "move", "hold", "lose", "priority", "assign"]),
        ("lead", "lost", ["lose"]),
        ("lead", "> hold", ["hold"]),
        ("list", "pause", ["hold"]),
    ],
)
def test_on_a_lead_it_offers_what_can_be_done_with_it(of: Any, cast: Cast, on: str, text: str, acts: list[str]) -> None:
    page = of("rita")(text, job=str(cast.house.job.number), on=on)
    assert groups(page)[0] == "With Cora Customer"
    assert re.findall(r'data-press="([^"]+)"', page) == acts


def test_with_a_selection_it_offers_what_can_be_done_with_all_of_it(of: Any) -> None:
    page = of("rita")(selected="3")
    assert groups(page)[0] == "With the 3 selected"
    assert re.findall(r'data-press="([^"]+)"', page) == ["assign", "plan", "move", "priority"]
    assert "data-press" not in of("sam")(selected="3"), "not without the permission"
    assert 'data-press="export"' in of("mona")(selected="3")


def test_a_lead_of_a_colleague_is_not_in_hand(of: Any, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        cast.house.job.assign_to(cast.house.mona, by=cast.house.mona)
    for number in (str(cast.house.job.number), "999999", "x", "9" * 30):
        assert "data-press" not in of("rita")(job=number, on="lead")


def test_the_look_is_sent_not_linked(of: Any) -> None:
    assert 'form="palette-act" formaction="/account/look/" name="theme" value="dark"' in of("rita")("dark")


def test_what_it_costs(of: Any) -> None:
    mine = of("mona")
    mine("cora")
    with CaptureQueriesContext(connection) as captured:
        mine("")
    empty = len(data_queries(captured))
    with CaptureQueriesContext(connection) as captured:
        mine("cora")
    # The search, the jobs, the first one's addresses and numbers; the customers it means, with theirs; one search
    # of messages; and whose conversations it may mean, with those.
    assert len(data_queries(captured)) == empty + 9


def test_it_finds_the_saved_views_of_every_list(of: Any, cast: Cast) -> None:
    mine = of("mona")
    with use_tenant(cast.house.tenant):
        view = SavedView.save_view("tickets", "Roof leaks", "q=leak", "", by=mine.member)
    assert f"view={view.uid}" in mine("roof leak")
    assert f"view={view.uid}" in mine()
    assert "Roof leaks" not in of("rita")("roof leak")


def test_it_finds_a_page_of_the_settings_by_a_word_of_its_sentence(of: Any) -> None:
    section = next(row for row in features.of(Section) if row.name == "brands")
    word = str(section.affects).split()[-1].strip(".")
    address = of("ada").url.replace("palette/", "settings/brands/")
    assert address in of("ada").urls(word)
    assert address not in of("rita").urls(word)
