"""Conditions on leads: what they keep, how a chip says them, what is left out, and the builder that makes them."""

import re
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import html5lib
import pytest
from django.http import QueryDict

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Priority
from crm.kernel import clock
from crm.platform.models import Team
from crm.platform.tenancy.context import use_tenant
from leads.lead_list import LEADS
from tests.markup import flat

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def house(cast, scene):
    return cast.house


@pytest.fixture
def see(client, house):
    """Ask for a page below the list as a member; gives its text."""

    def ask(query="", *, member=None, status=200, **headers):
        client.force_login((member or house.rita).user)
        response = client.get(f"/{house.tenant.slug}/leads/{query}", headers=headers)
        assert response.status_code == status
        return flat(response.content.decode()) if status != 302 else response["Location"]

    return ask


def titles(page):
    return sorted(re.findall(r'<a id="l\d+"[^>]*><bdi>([^<]*)</bdi>', page))


def chips(page):
    found = re.findall(r'<span class="chip"><span>(.*?)</span><b>(.*?)</b><a href="(.*?)"', page)
    return [(label, value, without.replace("&amp;", "&")) for label, value, without in found]


SONS, VEGA = "Priya &amp; Sons &lt;Roofing&gt;", ["Marisol Vega", "Wanda Pruitt"]
LATE = ["Deborah Lindqvist", "Hector Salinas", "Luz Okafor", "Wanda Pruitt"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?step=Quote sent", ["Greta Nyström", "Hector Salinas", SONS, "Yara Solberg"]),
        ("?where=step:is:Quote sent&level=over", ["Hector Salinas"]),
        ("?next=overdue", ["Hector Salinas"]),
        ("?next=missing&level=over", ["Deborah Lindqvist", "Luz Okafor"]),
        ("?side=customer", [SONS]),
        ("?side=paused", ["Ned Faraday"]),
        ("?level=over&where=source:not:Google Ads", ["Deborah Lindqvist", "Luz Okafor", "Wanda Pruitt"]),
        ("?level=over&where=entered:older:5", ["Hector Salinas"]),
        ("?level=over&where=entered:within:4", ["Deborah Lindqvist", "Wanda Pruitt"]),
        ("?level=over&where=touched:within:1", ["Deborah Lindqvist"]),
        ("?level=over&where=touched:older:1", ["Hector Salinas", "Luz Okafor", "Wanda Pruitt"]),
        ("?any1=level:is:none&any1=source:is:Angi", ["Marisol Vega", "Wanda Pruitt", "Yara Solberg"]),
        ("?level=over&any1=step:is:Plan offered&any1=waiting:is:1", ["Deborah Lindqvist", "Luz Okafor"]),
        ("?any1=level:is:none&any1=source:is:Angi&any2=step:is:Reached&any2=level:is:none", VEGA),
    ],
)
def test_conditions_keep_what_they_say(see, query, expected):
    assert titles(see(query)) == expected


def test_amounts_are_compared_within_their_currency(see, house):
    with use_tenant(house.tenant):
        for title, value, currency in (
            ("Small", 10_000, "USD"),
            ("Big", 9_000_000, "USD"),
            ("Euros", 9_500_000, "EUR"),
        ):
            job = open_job(title=title, member=house.rita, value=value, by=None)
            Job.objects.filter(pk=job.pk).update(currency=currency)
    assert titles(see("?where=value:min:20000")) == ["Big"]
    assert titles(see("?where=value:min:20000 EUR")) == ["Euros"]
    assert titles(see("?where=value:max:$100")) == ["Small"]
    assert ("Value is at least", "$20,000", "?") in chips(see("?where=value:min:20,000.00"))


def test_days_begin_at_the_readers_midnight(see, house):
    today = clock.now().astimezone(NEW_YORK).replace(hour=0, minute=0, second=0, microsecond=0)
    with use_tenant(house.tenant):
        for title, at in (("Before", today - timedelta(seconds=1)), ("After", today)):
            with clock.at(at):
                open_job(title=title, member=house.rita, by=None)
    assert {"After"} == {"Before", "After"} & set(titles(see("?where=came:within:1")))
    assert {"Before"} == {"Before", "After"} & set(titles(see("?where=came:older:1")))
    day = today.date().isoformat()
    assert {"After"} == {"Before", "After"} & set(titles(see(f"?where=came:since:{day}")))
    assert {"Before"} == {"Before", "After"} & set(titles(see(f"?where=came:before:{day}")))


def test_today_and_this_week_of_a_next_step(see, house):
    with use_tenant(house.tenant):
        monday = datetime(2026, 5, 4, 15, tzinfo=NEW_YORK)
        job = Job.objects.get(title="Samir Haddad")
        for days, kept in ((0, ("today", "week")), (6, ("week",)), (7, ()), (-1, ("overdue",))):
            Job.objects.filter(pk=job.pk).update(next_step_at=monday + timedelta(days=days, hours=1))
            with clock.at(monday):
                for word in ("today", "week", "overdue"):
                    filters = LEADS.read(QueryDict(f"next={word}&rep=me"), house.rita)
                    found = LEADS.apply(filters, house.rita).filter(pk=job.pk).exists()
                    assert found == (word in kept), (days, word)


def test_any_of_several_is_one_chip_that_goes_as_one(see):
    page = see("?level=over&any1=source:is:Angi&any1=waiting:is:1&where=entered:older:1")
    assert chips(page) == [
        ("Level", "Late or very late", "?where=entered:older:1&any1=source:is:Angi&any1=waiting:is:1"),
        ("Step entered longer ago than", "one day", "?level=over&any1=source:is:Angi&any1=waiting:is:1"),
        ("Any of", "Source is Angi or Unanswered, waiting for our reply", "?level=over&where=entered:older:1"),
    ]


@pytest.mark.parametrize(
    "query",
    [
        "?where=level:is:over",
        "?any1=level:is:over",
        "?level=over&where=level:is:over",
        "?any3=level:is:over&any3=level:is:over",
        "?level=over&utm_source=mail",
    ],
)
def test_equal_filters_have_one_address(see, query):
    page = see(query)
    assert titles(page) == LATE
    assert 'href="?level=over" aria-current="page"' in page


@pytest.mark.parametrize(
    "broken",
    [
        "where=nonsense",
        "where=value:min:much",
        "where=value:is:20",
        "where=came:within:0",
        "where=came:within:99999999999999999999",
        "where=came:since:2026-02-31",
        "where=came:since:0001-01-01",
        "where=level:is:%00",
        "any1=rep:is:0190b0a0-0000-7000-8000-000000000000",
        "where=:::",
        "rep=somebody",
        "step=Nowhere",
        "closed=never",
        "next=",
    ],
)
def test_what_means_nothing_is_left_out_and_told(see, broken):
    page = see(f"?level=over&{broken}")
    assert titles(page) == LATE
    told = "Part of this link was not recognized and left out: " in page
    assert told == (broken != "next=")


def test_a_text_that_so_many_match_that_some_may_be_missing_is_told(see, monkeypatch):
    told = "Many leads match “vega”, so some may be missing here."
    found = titles(see("?q=vega"))
    assert found
    assert told not in see("?q=vega")
    monkeypatch.setattr("crm.jobs.list.search.FEW_FOR_A_REP", len(found))
    assert told in see("?q=vega")
    assert "Many leads" not in see("")


def test_more_conditions_than_anybody_reads_are_left_out(see):
    page = see("?" + "&".join(f"where=entered:within:{days}" for days in range(30, 60)))
    assert "left out: where=entered:within:50, where=entered:within:51" in page


def test_a_rep_cannot_ask_around_the_wall(see, house):
    with use_tenant(house.tenant):
        open_job(title="Somebody else’s", member=house.sam, priority=Priority.URGENT, by=None)
    for query in (
        "?where=rep:not:me",
        "?any1=rep:is:me&any1=priority:is:1",
        f"?any1=rep:is:{house.sam.uid}&any1=priority:is:1",
    ):
        assert "Somebody else’s" not in titles(see(query))
        assert "Somebody else’s" in titles(see(query.replace("rep:is:me", "rep:is:nobody"), member=house.mona))


def test_a_team_is_its_members(see, house):
    with use_tenant(house.tenant):
        team = Team.create("North", by=house.ada)
        team.add(house.sam, by=house.ada)
        for title, member in (("Sam’s", house.sam), ("Mona’s", house.mona), ("Nobody’s", None)):
            open_job(title=title, member=member, by=None)
    asked = f"?team={team.uid}&level=open"
    assert titles(see(asked, member=house.mona)) == ["Sam’s"]
    others = titles(see(f"?where=team:not:{team.uid}&level=none", member=house.mona))
    assert others == ["Marisol Vega", "Mona’s", "Nobody’s"]
    assert "left out: team=" in see(asked)


# The builder


def rows(*triples, **more):
    """A form of the builder: (field, test, value) or (field, test, value, block)."""
    sent = {}
    for at, (name, test, value, *block) in enumerate(triples):
        sent |= {f"f{at}": name, f"o{at}": test, f"v{at}": value, f"g{at}": block[0] if block else ""}
    form = QueryDict(mutable=True)
    form.update(sent | more)
    return f"filter/?{form.urlencode()}"


def shown(page):
    """(field, test, value) of each row the builder shows."""
    found = []
    for row in re.findall(r'<div class="filter-row".*?</div>', page, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', row)
        typed = re.search(r'<input class="input"[^>]* value="([^"]*)"', row)
        found.append((*chosen[:2], typed[1] if typed else chosen[2] if len(chosen) > 2 else ""))
    return found


def asked(location):
    return parse_qs(urlsplit(location).query)


def test_the_builder_shows_a_view_and_gives_it_back(see):
    query = "level=over&where=value:min:20000 USD&any1=source:is:Angi&any1=waiting:is:1&q=roof&closed=all"
    page = see(f"filter/?{query}")
    found = shown(page)
    assert found == [
        ("level", "is", "over"),
        ("value", "min", "$20,000"),
        ("q", "has", "roof"),
        ("closed", "is", "all"),
        ("source", "is", "Angi"),
        ("waiting", "is", "1"),
    ]
    triples = [*found[:4], (*found[4], "1"), (*found[5], "1")]
    assert asked(see(rows(*triples, do="show"), status=302)) == parse_qs(query)


def test_any_of_all_rows(see):
    location = see(rows(("level", "is", "none"), ("source", "is", "Angi"), match="any", do="show"), status=302)
    assert asked(location) == {"any1": ["level:is:none", "source:is:Angi"]}
    page = see(f"filter/?{urlsplit(location).query}")
    assert '<option value="any" selected>' in page
    assert shown(page) == [("level", "is", "none"), ("source", "is", "Angi")]


def test_amounts_and_days_are_spelled_out(see):
    location = see(rows(("value", "min", "$20,000.50"), ("came", "since", "2026-05-04"), do="show"), status=302)
    assert asked(location) == {"where": ["value:min:20000.50 USD", "came:since:2026-05-04"]}


def test_rows_come_and_go(see):
    one = ("level", "is", "over")
    assert len(shown(see(rows(one, do="add")))) == 2
    page = see(rows(one, do="any"), HX_Request="true")
    assert len(shown(page)) == 3
    assert "<html" not in page
    assert len(re.findall(r"autofocus", page)) == 1
    assert page.count('name="g1" value="1"') == page.count('name="g2" value="1"') == 1
    assert shown(see(rows(one, ("source", "is", "Angi"), do="remove:0"))) == [("source", "is", "Angi")]
    assert len(shown(see(rows(*[one] * 20, do="add")))) == 20


def test_the_keyboard_stays_where_a_row_was_taken_away(see):
    one, other = ("level", "is", "over"), ("source", "is", "Angi")

    def focused(act, *triples):
        return re.findall(r'id="([\w-]+)"[^>]*? autofocus', see(rows(*triples, do=act), HX_Request="true"))

    assert focused("remove:0", one, other, one) == ["filter-f0"]
    assert focused("remove:2", one, other, one) == ["filter-f1"]
    assert focused("remove:0", one) == ["filter-add"]


def test_another_field_brings_its_own_tests(see):
    page = see(rows(("value", "is", "over"), do="row:0"), HX_Request="true")
    assert shown(page) == [("value", "min", "")]
    assert '<span id="filter-count" hx-swap-oob="innerHTML">12 leads</span>' in page
    see(rows(("value", "is", "over"), do="row:1"), status=404)
    assert shown(see(rows(("source", "is", "over"), do="row:0"), HX_Request="true")) == [("source", "is", "")]
    assert shown(see(rows(("waiting", "is", "over"), do="row:0"), HX_Request="true")) == [("waiting", "is", "1")]


def test_a_row_nobody_has_touched_is_left_out(see):
    location = see(rows(("level", "is", ""), ("source", "is", "Angi"), do="show"), status=302)
    assert asked(location) == {"source": ["Angi"]}
    assert shown(see("filter/")) == [("level", "is", "")]


def test_what_cannot_be_shown_says_why(see):
    page = see(rows(("value", "min", "plenty"), ("came", "within", ""), ("q", "has", ""), do="show"), status=422)
    assert page.count('aria-invalid="true"') == 3
    for words in ("It is not written as an amount of money.", "Fill this in or remove the row."):
        assert words in page


def test_the_count_follows(see):
    assert see(rows(("level", "is", "over"), do="count"), HX_Request="true").strip() == "4 leads"
    assert see(rows(("level", "is", "none"), do="count"), HX_Request="true").strip() == "1 lead"


@pytest.mark.parametrize(
    "query",
    [
        "filter/",
        "filter/?level=over&any1=source:is:Angi&any1=waiting:is:1",
        rows(("value", "min", "plenty"), ("came", "since", ""), ("q", "has", "x")),
        "?where=bogus&where=value:min:1",
    ],
)
def test_strict_html(see, query):
    html5lib.HTMLParser(strict=True).parse(see(query))


def test_a_boards_builder_leads_back_to_the_board(see):
    assert "/leads/board/?level=over" in see(rows(("level", "is", "over"), do="show", layout="board"), status=302)
    assert "/leads/?level=over" in see(rows(("level", "is", "over"), do="show", layout="//evil"), status=302)
