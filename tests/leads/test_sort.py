"""The list by value or by time in step: its order, its pages, the heads that lead there, and views that keep it."""

import html
import re
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import QueryDict

from crm.jobs.creation.job_creation import open_job
from crm.jobs.list.rows import amount_html
from crm.jobs.models import Job
from crm.platform.tenancy.context import use_tenant
from leads.lead_list import LEADS
from tests.leads.test_list import fill, house, see
from tests.leads.test_list import titles as escaped
from tests.leads.test_saved_views import call, save
from tests.queries import data_queries

__all__ = ["call", "house", "save", "see"]

VALUES = {"value": lambda job: (-1 if job.value is None else job.value, job.pk), "age": lambda job: job.entered_at}


def titles(page):
    return [html.unescape(title) for title in escaped(page)]


def expected(house, sort):
    """The titles of Rita's open leads, as Python sorts them."""
    name = sort.removeprefix("-")
    with use_tenant(house.tenant):
        jobs = sorted(Job.objects.open().filter(member=house.rita), key=VALUES[name])
    # The oldest in its step entered it first.
    return [job.title for job in (jobs[::-1] if sort in ("-value", "age") else jobs)]


@pytest.mark.parametrize("sort", ["-value", "value", "-age", "age"])
def test_all_pages_are_in_this_order_without_gap_or_double(see, house, sort):
    fill(house, 70)
    with use_tenant(house.tenant):
        for at, job in enumerate(Job.objects.filter(title__startswith="Lead")[:40]):
            Job.objects.filter(pk=job.pk).update(value=at % 7 * 1000)
    wanted = expected(house, sort)
    first = see(f"?sort={sort}")
    onward = re.search(r'href="(\?sort=[^"]+after=[^"]+)"', first)[1].replace("&amp;", "&")
    second = see(onward)
    assert titles(first) + titles(second) == wanted
    back = re.search(r'href="(\?sort=[^"]+before=[^"]+)"', second)[1].replace("&amp;", "&")
    assert titles(see(back)) == wanted[:50]
    assert '<tr class="group">' not in first


@pytest.mark.parametrize("sort", ["-value", "value", "-age", "age"])
@pytest.mark.parametrize("who", ["rita", "mona"])
def test_each_order_is_an_indexs_for_a_rep_and_for_who_sees_all(house, sort, who):
    with use_tenant(house.tenant), connection.cursor() as cursor:
        # What of a thousand leads is chosen anyway: no table is read whole, and no page is sorted where none has to be.
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"set local enable_{way} = off")
        filters = LEADS.read(QueryDict(f"sort={sort}"), getattr(house, who))
        rows = LEADS.order_of(filters).of(LEADS.apply(filters, getattr(house, who)))
        plan = rows[:50].explain()
    assert "Index" in plan
    assert "Sort" not in plan


def test_the_heads_lead_from_order_to_order_and_say_which_it_is(see):
    states = []
    query = ""
    for _turn in range(3):
        page = see(query)
        state, query = re.search(
            r'<th scope="col" class="h-val end"(?: aria-sort="(\w+)")?> ?<a href="([^"]*)"', page
        ).groups()
        query = query.replace("&amp;", "&")
        states.append((state, query))
    assert states == [(None, "?sort=-value"), ("descending", "?sort=value"), ("ascending", "?")]
    page = see("?sort=-value&source=Angi")
    assert "value, highest first" in page
    assert 'href="?source=Angi&amp;sort=-age"' in page, "a head keeps the filters"
    assert page.count("aria-sort") == 1


def test_all_orders_are_in_a_menu_on_a_phone_too(see):
    menu = re.search(r'<nav class="panel[^"]*order-menu".*?</nav>', see("?sort=-value&source=Angi"))[0]
    links = re.findall(r'<a class="menu-line" href="([^"]*)"( aria-current="true")?', menu)
    assert [url.replace("&amp;", "&") for url, _current in links] == [
        "?source=Angi",
        *(f"?source=Angi&sort={key}" for key in ("-value", "value", "-age", "age")),
    ]
    assert [bool(current) for _url, current in links] == [False, True, False, False, False]


def test_an_unknown_order_is_left_out_with_a_word(see):
    page = see("?sort=luck")
    assert "sort=luck" in page
    assert titles(page) == titles(see())


def test_a_saved_view_keeps_its_order(call, save, house):
    address = save(house.rita, "Biggest", "?source=Angi&sort=-value")
    query = urlsplit(address).query
    assert "sort=-value" in query
    same = call(house.rita, f"?{query}").content.decode()
    other = call(house.rita, "?" + query.replace("-value", "-age")).content.decode()
    view = re.search(r"view=([0-9a-f-]+)", query)[1]
    assert f"/views/{view}/update/" in other
    assert f"/views/{view}/update/" not in same


def test_another_order_asks_no_more(see, house, client):
    client.force_login(house.mona.user)
    place = f"/{house.tenant.slug}/leads/"
    client.get(place)
    with data_queries() as plain:
        client.get(place)
    fill(house, 60)
    for sort in ("-value", "age"):
        with data_queries() as asked:
            client.get(f"{place}?sort={sort}")
        assert len(asked) <= len(plain)


def test_what_ended_is_left_out_unless_asked_for(see, house):
    assert "Yara Solberg" not in titles(see("?sort=-value"))
    assert "Yara Solberg" in titles(see("?sort=-value&closed=all"))
    assert "left out while sorted" in see("?sort=-value")


def test_a_great_amount_is_short_in_its_column(see, house):
    with use_tenant(house.tenant):
        open_job(title="Stadium", member=house.rita, by=None, value=112_500_000)
    page = see("?sort=-value")
    assert titles(page)[0] == "Stadium"
    assert '<td class="val">$1.1M</td>' in page


def test_an_amount_that_is_wide_by_its_currency_may_go_on_below_it(see, house):
    with use_tenant(house.tenant):
        for title, value in (("Villa", 99_999_950), ("Shed", 99_950)):
            open_job(title=title, member=house.rita, by=None, value=value)
        Job.objects.filter(title__in=("Villa", "Shed")).update(currency="CAD")
    page = see("?sort=-value")
    assert '<td class="val">CA$<wbr>999,999.50</td>' in page
    assert '<td class="val">CA$999.50</td>' in page


@pytest.mark.parametrize(
    ("amount", "drawn"),
    [
        ("US$\xa01.234,56", "US$ <wbr>1.234,56"),
        ("1.234,56\xa0US$", "1.234,56<wbr> US$"),
        ("€\xa018.400", "€\xa018.400"),
        ("<b>\xa01.234,56", "&lt;b&gt; <wbr>1.234,56"),
        ("US$\xa01,1\xa0mln.", "US$ <wbr>1,1<wbr> mln."),
        ("a long word", "a long word"),
    ],
)
def test_where_an_amount_may_be_broken(amount, drawn):
    assert amount_html(amount) == drawn
