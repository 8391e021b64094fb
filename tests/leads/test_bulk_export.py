"""The selected leads as a file: the picked ones of all pages, or the view; for who may take lists out."""

import csv
import html
import io
import re

import pytest

from crm.jobs.models import Job
from crm.platform.tenancy.context import use_tenant
from tests.jobs.test_bulk import ROOF, Desk
from tests.web.confirm import confirm


@pytest.fixture
def house(cast, scene):
    cast.house.jobs = scene
    return cast.house


@pytest.fixture
def mona(house):
    return Desk(house, house.mona)


def exported(house, client, url):
    """The lead numbers of the file that the export page of an address leads to."""
    confirm(client)
    page = client.get(url)
    query = html.unescape(re.search(r'name="query" value="([^"]*)"', page.content.decode())[1])
    run = client.post(url.partition("?")[0], {"query": query, "format": "csv"})
    text = b"".join(client.get(f"{run['Location']}file/").streaming_content).decode("utf-8-sig")
    return {int(row["Lead number"]) for row in csv.DictReader(io.StringIO(text))}


def test_the_picked_ones_of_several_pages_are_exported(mona, house):
    one, two, three = (house.jobs[title].number for title in ROOF[:3])
    answer = mona.ask("bulk/", {"act": "export", "picked": f"{one},{two}", "pick": three})
    assert exported(house, mona.client, answer["HX-Redirect"]) == {one, two, three}
    plain = mona.ask("bulk/", {"act": "export", "pick": [one, two]}, htmx=False)
    assert (plain.status_code, exported(house, mona.client, plain["Location"])) == (302, {one, two})


def test_all_of_a_view_is_exported_as_that_view(mona, house):
    answer = mona.ask("bulk/", {"act": "export", "all": "1", "view": "?source=Google+Ads"})
    with use_tenant(house.tenant):
        wanted = set(Job.objects.filter(source__name="Google Ads").values_list("number", flat=True))
    assert wanted
    assert exported(house, mona.client, answer["HX-Redirect"]) == wanted


def test_export_is_offered_to_who_may_and_asks_for_a_selection(mona, house):
    rita = Desk(house, house.rita)
    button = 'name="act" value="export"'
    assert button in mona.ask("", htmx=False).content.decode()
    assert button not in rita.ask("", htmx=False).content.decode()
    assert rita.ask("bulk/", {"act": "export", "pick": house.jobs[ROOF[0]].number}).status_code == 404
    assert mona.ask("bulk/", {"act": "export"}).status_code == 422


def test_thousands_of_picked_ones_are_one_short_address(mona, house):
    numbers = [job.number for job in house.jobs.values()]
    answer = mona.ask("bulk/", {"act": "export", "picked": ",".join(map(str, [*range(10**6, 10**6 + 4000), *numbers]))})
    assert len(answer["HX-Redirect"]) < 200
    assert exported(house, mona.client, answer["HX-Redirect"]) == set(numbers)
    uid = answer["HX-Redirect"].partition("picked=")[2]
    assert mona.ask(f"bulk/{uid}/", htmx=False).status_code == 404, "no act on them is waiting"
