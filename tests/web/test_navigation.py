"""The navigation: eight entries at most, the same in sidebar, tab bar and palette; tabs, pins, old addresses."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.platform import features
from crm.platform.access.permissions import permission_matrix
from crm.platform.models import Member, Role
from crm.platform.tenancy.context import use_tenant
from crm.web.shell import navigation, pins
from crm.web.shell.navigation import MOST, FrameLink, NavigationPage, RoleNavigation
from tests.cast import HOUSE, Cast

ORDER = {
    "rita": ["Home", "Inbox", "Leads", "Follow-ups", "Quotes", "Jobs", "Customers", "Reports"],
    "mona": ["Home", "Reports", "Inbox", "Leads", "Follow-ups", "Jobs", "Customers", "Settings"],
    "sam": ["Home", "Jobs", "Inbox", "Calendar", "Customers", "Reports"],
    "ada": ["Home", "Reports", "Inbox", "Leads", "Jobs", "Customers", "Automation", "Settings"],
}
OLD = {
    "reports/home/": "home/",
    "reports/work/": "reports/workload/",
    "reports/past/": "reports/past-day/",
    "leads/sources/": "reports/sources/",
    "leads/sources/file/": "reports/sources/file/",
    "tickets/figures/": "reports/response-times/",
    "updates/figures/": "reports/customer-updates/",
    "updates/satisfaction/": "reports/satisfaction/",
    "messages/outbox/figures/": "reports/messages/",
    "quality/": "reports/data-quality/",
}
HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)


def browser(member: Member, language: str = "en") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(member.user)
    return client


def part(html: str, opening: str, closing: str) -> str:
    """The text of the page between two pieces of markup, each once on it."""
    return html.split(opening, 1)[1].split(closing, 1)[0]


def links(html: str) -> list[str]:
    """Where its links lead, each address once."""
    return list(dict.fromkeys(re.findall(r'<a[^>]*\shref="([^"]+)"', html)))


def words(html: str) -> list[str]:
    """The text of each link."""
    text = (re.sub(r"<[^>]+>", " ", one) for one in re.findall(r"<a .*?</a>", html, re.DOTALL))
    return [" ".join(one.split()) for one in text]


@pytest.mark.parametrize("name", ORDER)
def test_each_role_has_its_entries_in_order(cast: Cast, name: str) -> None:
    html = browser(getattr(cast.house, name)).get(f"/{HOUSE}/home/").content.decode()
    assert words(part(html, '<ul class="nav-entries">', "</ul>")) == ORDER[name]


@pytest.mark.parametrize("name", ORDER)
def test_tab_bar_and_palette_have_the_same_entries(cast: Cast, name: str) -> None:
    client = browser(getattr(cast.house, name))
    html = client.get(f"/{HOUSE}/home/").content.decode()
    sidebar = links(part(html, '<ul class="nav-entries">', "</ul>"))
    menu = part(part(html, 'id="user-menu"', "</section>"), "<hr>", "</div>")
    assert links(part(html, 'class="tabbar"', "</nav>")) + links(menu) == sidebar
    palette = links(client.get(f"/{HOUSE}/palette/", {"q": ""}).content.decode())
    assert [url for url in palette if url in sidebar] == sidebar


@pytest.mark.parametrize("role", Role.values)
def test_every_page_a_role_may_open_is_in_its_navigation(cast: Cast, role: str) -> None:
    areas = navigation.areas_of(role)
    assert len(areas) <= MOST
    pages = [page.name for area in areas for page in area.pages]
    allowed = {page.name for page in features.of(NavigationPage) if role in permission_matrix()[page.permission]}
    assert len(pages) == len(set(pages))
    assert set(pages) == allowed


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("name", ORDER)
def test_a_page_has_the_name_of_its_tab_and_marks_it(cast: Cast, name: str, language: str) -> None:
    member = getattr(cast.house, name)
    client = browser(member, language)
    for page in navigation.pages_of(member):
        response = client.get(reverse(page.name, args=[HOUSE]))
        html = response.content.decode()
        assert response.status_code == 200, page.name
        heading = HEADING.search(html)
        assert heading, page.name
        tabs = part(html, 'class="area-tabs"', "</nav>") if 'class="area-tabs"' in html else ""
        marked = re.findall(r'aria-current="page">\s*<span>(.*?)</span>', tabs)
        entry = words(part(html, '<ul class="nav-entries">', "</ul>"))
        title = marked[0] if tabs else next(one for one in entry if one == heading[1].strip())
        assert heading[1].strip() == title, page.name


@pytest.mark.parametrize("name", ORDER)
def test_every_tab_is_on_each_page_of_its_area(cast: Cast, name: str) -> None:
    member = getattr(cast.house, name)
    client = browser(member)
    for area in navigation.areas_of(member.role):
        if len(area.pages) < 2:
            continue
        wanted = [reverse(page.name, args=[HOUSE]) for page in area.pages]
        for url in wanted:
            html = client.get(url).content.decode()
            row, menu = links(part(html, 'class="area-tabs"', "</nav>")), []
            # The open page stands in the row, so one tab too many leaves no menu on that page.
            if len(wanted) > len(row):
                menu = links(part(html, 'aria-label="More pages">', "</nav>"))
            assert url in row
            assert len(row) <= navigation.TABS_IN_ROW + 1
            assert sorted(row + menu) == sorted(wanted), url
            assert part(html, '<ul class="nav-entries">', "</ul>").count("aria-current") == 1, url


@pytest.mark.parametrize(("old", "new"), OLD.items())
def test_an_old_address_leads_to_the_page(cast: Cast, old: str, new: str) -> None:
    response = browser(cast.house.ada).get(f"/{HOUSE}/{old}?by=rep&a=1")
    assert (response.status_code, response["Location"]) == (301, f"/{HOUSE}/{new}?by=rep&a=1")


def test_an_old_address_tells_nobody_of_a_page_they_may_not_open(cast: Cast) -> None:
    assert browser(cast.house.rita).get(f"/{HOUSE}/reports/work/").status_code == 404


def pin(client: Client, page: str, on: str = "1") -> Any:
    return client.post(f"/{HOUSE}/pins/", {"page": page, "on": on, "next": f"/{HOUSE}/home/"}, follow=True)


def test_a_pinned_page_stands_under_the_entries_until_it_is_unpinned(cast: Cast) -> None:
    client = browser(cast.house.mona)
    html = pin(client, "tickets:figures").content.decode()
    assert words(part(html, 'aria-labelledby="nav-pinned"', "</ul>")) == ["Response times"]
    assert words(part(html, '<ul class="nav-entries">', "</ul>")) == ORDER["mona"]
    assert 'id="nav-pinned"' not in browser(cast.house.rita).get(f"/{HOUSE}/home/").content.decode()
    assert 'id="nav-pinned"' not in pin(client, "tickets:figures", on="").content.decode()


def test_the_page_has_the_pin_and_a_settings_page_as_well(cast: Cast) -> None:
    client = browser(cast.house.ada)
    assert "Pin Teams to the sidebar" in client.get(f"/{HOUSE}/settings/teams/").content.decode()
    pin(client, "teams")
    assert "Unpin Teams" in client.get(f"/{HOUSE}/settings/teams/").content.decode()
    # An entry is there anyway.
    assert 'name="page"' not in client.get(f"/{HOUSE}/home/").content.decode()


def test_what_may_not_be_opened_is_not_pinned(cast: Cast) -> None:
    client = browser(cast.house.rita)
    for page in ("reports:work", "leads:list", "nonesuch", ""):
        assert pin(client, page).status_code == 404
    with use_tenant(cast.house.tenant):
        Member.objects.get(pk=cast.house.rita.pk).pin_pages(["reports:work", "callbacks:list"])
    html = client.get(f"/{HOUSE}/home/").content.decode()
    assert words(part(html, 'aria-labelledby="nav-pinned"', "</ul>")) == ["Calls"]


def test_there_are_no_more_pins_than_fit(cast: Cast) -> None:
    client = browser(cast.house.ada)
    with use_tenant(cast.house.tenant):
        full = list(pins.pinnable_pages(cast.house.ada))[: pins.MOST]
        Member.objects.get(pk=cast.house.ada.pk).pin_pages(full)
    assert "unpin one first" in pin(client, "tickets:figures").content.decode()


def test_a_ninth_entry_and_a_tab_of_nothing_are_refused() -> None:
    ninth = NavigationPage(name="preferences", permission="preferences.edit", icon="eye", label="Ninth")
    with features.extra_features(ninth):
        assert any("role 'admin' has 8 entries without it" in problem for problem in features.find_problems())
    for wrong in (
        NavigationPage(name="preferences", permission="preferences.edit", icon="eye", label="Tab", tab_of="exports"),
        RoleNavigation("nobody", ("exports",)),
    ):
        with features.extra_features(wrong):
            assert any("'exports' is no area of the navigation" in problem for problem in features.find_problems())


def test_an_area_counts_what_its_tabs_count(cast: Cast) -> None:
    numbers = {"mona": "3", "ada": ""}
    number = navigation.Number(lambda member: numbers[member.name.split()[0].lower()], "to do", "jobs", "leads")
    link = FrameLink(name="preferences", permission="preferences.edit", icon="eye", label="Link", number=number)
    tabs = [
        NavigationPage(
            name=name,
            permission="preferences.edit",
            icon="eye",
            label="Tab",
            number=number,
            tab_of="people:list",
        )
        for name in ("own_photo", "recent_changes")
    ]
    with features.extra_features(link, *tabs):
        html = browser(cast.house.mona).get(f"/{HOUSE}/counts/?area=people-list").content.decode()
        none = browser(cast.house.ada).get(f"/{HOUSE}/counts/?area=people-list").content.decode()
    assert 'id="count-people-list" hx-swap-oob="innerHTML">6<span class="vh"> (3 to do, 3 to do)</span>' in html
    assert 'id="tab-count-own_photo" hx-swap-oob="innerHTML">3<' in html
    assert 'id="count-preferences" hx-swap-oob="innerHTML">3<' in html
    assert 'id="count-people-list" hx-swap-oob="innerHTML"></small>' in none
