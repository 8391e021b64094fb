"""Saved views: whose they are, what tabs open, how they are shared, updated, ordered and archived; and columns."""

import re
from urllib.parse import parse_qs, urlsplit

import html5lib
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.jobs.creation.job_creation import open_job
from crm.platform.models import Event, Team
from crm.platform.tenancy.context import use_tenant
from crm.web.lists.saved.tabs import MOST_TABS
from crm.web.models import SavedView
from crm.web.models.saved_view import MOST
from tests.leads.test_filters import LATE, chips, titles
from tests.leads.test_list import data_queries
from tests.markup import flat

ANGI = "?where=level:not:ended&source=Angi"


@pytest.fixture
def house(cast, scene):
    return cast.house


@pytest.fixture
def call(client, house):
    """Ask as a member: GET, or POST with `data`; gives the response."""

    def ask(member, path, data=None, status=200):
        client.force_login(member.user)
        url = f"/{house.tenant.slug}/leads/{path}"
        response = client.get(url) if data is None else client.post(url, data)
        assert response.status_code == status, response.content.decode()[:2000]
        return response

    return ask


@pytest.fixture
def save(call):
    """Save a view through the form; gives the address it opens."""

    def ask(member, name, query=ANGI, **more):
        response = call(member, "views/save/", {"name": name, "query": query, "shared": "nobody", **more}, status=302)
        return response["Location"]

    return ask


def tabs(response):
    """(name, address, whether it is the current one) of each tab."""
    nav = re.search(r'<nav class="views".*?</nav>', flat(response.content.decode()))[0]
    found = re.findall(r'<a href="([^"]*)"( aria-current="page")?>(?:<span class="age[^>]*></span>)?<span>(.*?)<', nav)
    return [(name, url.replace("&amp;", "&"), bool(current)) for url, current, name in found]


def names(response):
    return [name for name, _url, _current in tabs(response)]


def saved_of(house, name):
    with use_tenant(house.tenant):
        return SavedView.objects.get(name=name)


def test_a_saved_view_is_a_tab_whose_address_says_all(call, save, house):
    address = save(house.rita, "Angi")
    view = saved_of(house, "Angi")
    assert parse_qs(urlsplit(address).query) == {
        "source": ["Angi"],
        "where": ["level:not:ended"],
        "view": [str(view.uid)],
    }
    page = call(house.rita, urlsplit(address).path.partition("/leads/")[2] + "?" + urlsplit(address).query)
    assert titles(page.content.decode()) == ["Wanda Pruitt"]
    assert tabs(page)[-1] == ("Angi", "?" + urlsplit(address).query, True)
    assert sum(current for _name, _url, current in tabs(page)) == 1
    with use_tenant(house.tenant):
        assert Event.objects.get(kind="view.saved").actor_id == house.rita.pk


def test_only_its_owner_has_it_until_it_is_shared(call, save, house):
    save(house.rita, "Mine")
    assert "Mine" in names(call(house.rita, ""))
    for other in (house.mona, house.ada, house.sam):
        assert "Mine" not in names(call(other, ""))
    uid = saved_of(house, "Mine").uid
    for path in (f"views/{uid}/", f"views/{uid}/update/", f"views/{uid}/archive/", f"views/{uid}/move/"):
        call(house.mona, path, {"seen": saved_of(house, "Mine").version, "name": "Taken"}, status=404)
    assert saved_of(house, "Mine").archived_at is None


def test_shared_with_a_team_or_everyone(call, save, house):
    with use_tenant(house.tenant):
        team = Team.create("North", by=house.ada)
        team.add(house.rita, by=house.ada)
    save(house.mona, "For the team", shared=f"team:{team.uid}")
    save(house.mona, "For all", shared="everyone")
    assert {"For the team", "For all"} <= set(names(call(house.rita, "")))
    assert "For the team" not in names(call(house.sam, ""))
    assert "For all" in names(call(house.sam, ""))
    # Seen, but not theirs to change.
    call(house.rita, f"views/{saved_of(house, 'For all').uid}/", status=404)
    call(house.ada, f"views/{saved_of(house, 'For all').uid}/")


def test_a_rep_cannot_share(call, save, house):
    save(house.rita, "Mine", shared="everyone", standard_for=["rep", "manager"])
    view = saved_of(house, "Mine")
    assert (view.shared, view.standard_for) == ("nobody", [])
    form = call(house.rita, f"views/{view.uid}/").content.decode()
    assert 'name="shared"' not in form
    assert 'name="shared"' in call(house.mona, "views/save/").content.decode()


def test_a_standard_view_stands_in_front_for_its_roles(call, save, house):
    save(house.mona, "Start here", standard_for=["rep"])
    assert names(call(house.rita, ""))[0] == "Start here"
    assert "Start here" not in names(call(house.sam, ""))
    assert names(call(house.mona, ""))[-1] == "Start here"


def test_a_shared_view_shows_nobody_more_than_they_may_see(call, save, house):
    with use_tenant(house.tenant):
        open_job(title="Somebody else’s", member=house.sam, by=None)
    address = save(house.mona, "No status", "?level=none&where=rep:not:nobody", shared="everyone")
    query = "?" + urlsplit(address).query
    assert titles(call(house.mona, query).content.decode()) == ["Marisol Vega", "Somebody else’s"]
    assert titles(call(house.rita, query).content.decode()) == ["Marisol Vega"]
    named = save(house.mona, "Sam’s", f"?rep={house.sam.uid}", shared="everyone")
    page = call(house.rita, "?" + urlsplit(named).query).content.decode()
    assert "Somebody else’s" not in titles(page)
    assert "left out: rep=" in page


def test_a_link_works_for_who_does_not_have_the_view(call, save, house):
    address = save(house.rita, "Mine", "?level=over")
    page = call(house.mona, "?" + urlsplit(address).query)
    assert titles(page.content.decode()) == LATE
    assert "Mine" not in names(page)
    assert ("Late", "?level=over", True) in tabs(page)
    call(house.mona, "?level=over&view=%00")


def test_updating_the_view_one_came_from(call, save, house):
    save(house.rita, "Mine", "?level=over")
    view = saved_of(house, "Mine")
    unchanged = call(house.rita, f"?level=over&view={view.uid}").content.decode()
    assert "Update “Mine”" not in unchanged
    changed = call(house.rita, f"?level=over&source=Angi&view={view.uid}").content.decode()
    assert "Update “Mine”" in changed
    assert ("Source", "Angi", f"?level=over&view={view.uid}") in chips(flat(changed))
    sent = {"query": f"?level=over&source=Angi&view={view.uid}", "seen": view.version}
    call(house.rita, f"views/{view.uid}/update/", sent, status=302)
    assert saved_of(house, "Mine").query == "level=over&source=Angi"
    # Another tab still shows the old one: its update is refused.
    call(house.rita, f"views/{view.uid}/update/", sent | {"query": "?level=none"}, status=302)
    assert saved_of(house, "Mine").query == "level=over&source=Angi"


def test_changing_name_and_audience_and_losing_a_race(call, save, house):
    save(house.mona, "Mine")
    view = saved_of(house, "Mine")
    sent = {"name": "Ours", "shared": "everyone", "standard_for": ["rep", "service"], "seen": view.version}
    call(house.mona, f"views/{view.uid}/", sent, status=302)
    view = saved_of(house, "Ours")
    assert (view.shared, view.standard_for) == ("everyone", ["rep", "service"])
    page = call(house.ada, f"views/{view.uid}/", sent | {"name": "Theirs"}, status=409).content.decode()
    assert "Someone else changed this in the meantime" in page
    assert 'value="Ours"' in page
    with use_tenant(house.tenant):
        kinds = list(Event.objects.filter(kind__startswith="view.").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["view.saved", "view.renamed", "view.shared", "view.standard_changed"]


def test_a_name_is_needed_and_had_once(call, save, house):
    save(house.rita, "Mine")
    for name in ("", "   ", "Mine", "x" * 61):
        page = call(house.rita, "views/save/", {"name": name, "query": ANGI}, status=422).content.decode()
        assert 'class="error"' in page
    save(house.mona, "Mine")
    save(house.rita, "Other")
    other = saved_of(house, "Other")
    call(house.rita, f"views/{other.uid}/", {"name": "Mine", "seen": other.version}, status=422)
    assert saved_of(house, "Other").pk == other.pk


def test_there_is_a_limit(call, house):
    everybodys = len(tabs(call(house.rita, "")))
    with use_tenant(house.tenant):
        for number in range(MOST):
            SavedView.save_view("leads", f"View {number}", "level=over", "", by=house.rita)
    page = call(house.rita, "views/save/", {"name": "One more", "query": ANGI}, status=422).content.decode()
    assert "You have 50 views" in page
    assert len(tabs(call(house.rita, ""))) == everybodys + MOST_TABS


def test_archived_it_is_gone_from_the_tabs_and_its_link_stays(call, save, house):
    address = save(house.mona, "Mine", "?level=over", shared="everyone")
    view = saved_of(house, "Mine")
    call(house.ada, f"views/{view.uid}/archive/", {}, status=302)
    assert "Mine" not in names(call(house.mona, ""))
    assert titles(call(house.mona, "?" + urlsplit(address).query).content.decode()) == LATE
    save(house.mona, "Mine")


def test_own_views_are_put_in_order(call, save, house):
    for name in ("One", "Two", "Three"):
        save(house.rita, name)
    call(house.rita, f"views/{saved_of(house, 'Three').uid}/move/", {"to": "up"}, status=302)
    call(house.rita, f"views/{saved_of(house, 'One').uid}/move/", {"to": "up"}, status=302)
    assert names(call(house.rita, ""))[-3:] == ["One", "Three", "Two"]


def test_opening_a_saved_view_costs_what_the_list_costs(call, save, house, client):
    def cost(member, query):
        call(member, query)
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/{house.tenant.slug}/leads/{query}")
        return len(data_queries(captured))

    plain = cost(house.mona, "?source=Angi")
    address = "?" + urlsplit(save(house.mona, "Angi", "?source=Angi", keep_columns="on")).query
    for number in range(12):
        save(house.mona, f"More {number}", f"?level=over&where=entered:older:{number + 1}")
    save(house.mona, "With text", "?q=okafor")
    assert cost(house.mona, address) == plain
    assert cost(house.mona, "counts/?shown=jump+phases") <= 6


def test_tabs_of_saved_views_are_counted_but_not_those_with_text(call, save, house):
    save(house.rita, "Angi")
    save(house.rita, "Roofs", "?q=roof")
    page = call(house.rita, "counts/").content.decode()
    counts = dict(re.findall(r'id="tab-([\w-]+)" hx-swap-oob="innerHTML">(\d+\+?)<', page))
    assert counts[str(saved_of(house, "Angi").uid)] == "1"
    assert str(saved_of(house, "Roofs").uid) not in counts
    assert counts["hole"] == "6"


# Columns


def heads(response):
    found = re.findall(
        r'<th scope="col"[^>]*>(?: ?<a href="[?][^"]*" title="Sort[^>]*>)?([^<]*)<', flat(response.content.decode())
    )
    return [head.strip() for head in found if head.strip()]


def cells(response, title):
    rows = re.findall(r'<tr class="lead".*?</tr>', response.content.decode(), re.DOTALL)
    row = next(row for row in rows if title in row)
    return re.findall(r'<td class="(?:val|extra)">(.*?)</td>', row)


def test_the_quick_actions_keep_a_cell_without_a_value(call, house):
    for columns in ("none", "owner", "value,next"):
        html = call(house.mona, f"?columns={columns}").content.decode()
        table = html5lib.parse(html, namespaceHTMLElements=False).find(".//table")
        head, row = (len(table.find(path)) for path in ("thead/tr", "tbody/tr[@class='lead']"))
        # The next step stays for phones, in a cell the wide table hides.
        assert row - ("next" not in columns) == head == len(table.findall("colgroup/col")), columns
        assert table.find("tbody/tr[@class='lead']/td[@class='val']") is not None
        assert table.find("tbody/tr[@class='group']/th").get("colspan") == str(head)


def test_the_columns_of_an_address(call, house):
    page = call(house.mona, "?columns=source,value,owner,priority,brand,came,touched&level=over")
    assert heads(page) == ["Lead", "In step", "Value", "Rep", "Priority", "Source", "Brand", "Came in", "Last contact"]
    shown = cells(page, "Hector Salinas")
    assert shown[:5] == ["$18,400", "Rita R.", "Normal", "Google Ads", "Suncoast-Test Roofing"]
    assert "no-next" in page.content.decode()
    assert "left out: columns=colour" in call(house.mona, "?columns=colour").content.decode()
    assert heads(call(house.mona, "?columns=none")) == ["Lead", "In step"]


def test_a_members_own_columns(call, house):
    assert heads(call(house.rita, "")) == ["Lead", "In step", "Value", "Next step"]
    chosen = {"column": ["source", "next", "nonsense"], "query": "?level=over"}
    assert call(house.rita, "columns/", chosen, status=302)["Location"].endswith("/leads/?level=over")
    assert heads(call(house.rita, "")) == ["Lead", "In step", "Source", "Next step"]
    assert heads(call(house.mona, "")) == ["Lead", "In step", "Value", "Next step"]
    call(house.rita, "columns/", {"query": ""}, status=302)
    assert heads(call(house.rita, "")) == ["Lead", "In step"]


def test_columns_chosen_in_a_view_are_the_views(call, save, house):
    address = "?" + urlsplit(save(house.mona, "Mine", "?level=over&columns=brand", keep_columns="on")).query
    view = saved_of(house, "Mine")
    assert view.columns == "brand"
    assert heads(call(house.mona, address)) == ["Lead", "In step", "Brand"]
    changed = call(house.mona, "columns/", {"column": ["value"], "query": address}, status=302)["Location"]
    page = call(house.mona, "?" + urlsplit(changed).query)
    assert heads(page) == ["Lead", "In step", "Value"]
    assert "Update “Mine”" in page.content.decode()
    assert heads(call(house.mona, "")) == ["Lead", "In step", "Value", "Next step"]
    call(house.mona, f"views/{view.uid}/update/", {"query": urlsplit(changed).query, "seen": view.version}, status=302)
    assert saved_of(house, "Mine").columns == "value"


def test_without_columns_of_its_own_a_view_shows_the_readers(call, save, house):
    address = "?" + urlsplit(save(house.mona, "Mine", "?level=over", shared="everyone")).query
    call(house.rita, "columns/", {"column": ["came"], "query": ""}, status=302)
    page = call(house.rita, address)
    assert heads(page) == ["Lead", "In step", "Came in"]
    assert "Update “Mine”" not in page.content.decode()


def test_a_row_with_every_column_stays_small(call, house):
    page = call(house.mona, "?columns=value,owner,priority,source,brand,came,touched,next").content.decode()
    rows = re.findall(r'<tr class="lead".*?</tr>', page, re.DOTALL)
    assert sum(map(len, rows)) / len(rows) <= 1500


def test_strict_html(call, save, house):
    save(house.mona, "<b>Bold & brave</b>", shared="everyone", standard_for=["manager"])
    view = saved_of(house, "<b>Bold & brave</b>")
    for path in ("", f"?source=Angi&view={view.uid}", "views/", "views/save/?level=over", f"views/{view.uid}/"):
        page = call(house.mona, path).content.decode()
        assert "<b>Bold" not in page
        html5lib.HTMLParser(strict=True).parse(page)
    html5lib.HTMLParser(strict=True).parse(call(house.rita, "views/").content.decode())
