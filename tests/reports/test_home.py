"""A member's own page: who sees which part, that a number is the length of its list, and what the page costs."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

from django.test import Client

from crm.jobs.creation.job_creation import open_job
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from leads.models import Lead
from tests.cast import Cast, House
from tests.queries import data_queries

NOW = datetime(2026, 3, 18, 15, tzinfo=UTC)


def page_of(client: Client, house: House, reader: Member) -> str:
    client.force_login(reader.user)
    response = client.get(f"/{house.tenant.slug}/home/")
    assert response.status_code == 200
    return response.content.decode()


def headings(page: str) -> list[str]:
    return re.findall(r'<h2 id="section-(\w+)">', page)


def numbers(page: str) -> dict[str, tuple[str, str]]:
    """Count and address by label, of each line."""
    found = re.findall(r'<a href="([^"]+)">\s*<span>([^<]+)</span>\s*<b[^>]*>([\d+]+)</b>', page)
    return {unescape(label): (count, unescape(url)) for url, label, count in found}


def work(house: House, count: int) -> None:
    """Leads of Rita's of this month and the month before, and a follow-up that is overdue."""
    with use_tenant(house.tenant):
        for number in range(count):
            with clock.at(NOW - timedelta(days=2)):
                job = open_job(title=f"New {number}", stage=house.stage("New"), member=house.rita, by=None)
                Lead.objects.create(job=job, rep=house.rita).win(by=house.rita)
                due_at = NOW - timedelta(hours=3)
                FollowUp.plan(job=job, kind="call", subject="Ring", due_at=due_at, assignee=house.rita, by=house.rita)
            with clock.at(NOW - timedelta(days=30)):
                open_job(title=f"Old {number}", stage=house.stage("New"), member=house.rita, by=None)
        events.chosen_kinds()


def listing(client: Client, reader: Member, shown: dict[str, tuple[str, str]]) -> None:
    """Each number of leads is the length of its list."""
    client.force_login(reader.user)
    for label, (count, url) in shown.items():
        if "/leads/" in url:
            listed = client.get(url).content.decode()
            assert len(re.findall('<tr class="lead"', listed)) == int(count), label


def test_everybody_has_a_page_of_their_own_and_its_numbers_are_their_lists(cast: Cast, client: Client) -> None:
    house = cast.house
    with clock.at(NOW):
        work(house, 2)
        own = ["leads", "answers", "followups", "sales", "period"]
        assert headings(page_of(client, house, house.mona)) == [*own, "service"]
        assert headings(page_of(client, house, house.sam)) == ["service", *own]
        assert headings(page_of(client, house, house.ada)) == [*own, "service", "admin"]
        page = page_of(client, house, house.rita)
        assert headings(page) == own
        with data_queries() as few:
            page = page_of(client, house, house.rita)
        shown = numbers(page)
        assert (shown["Came in"][0], shown["Won"][0], shown["Overdue"][0]) == ("2", "2", "2")
        assert 'aria-label="previous: 2">2</a>' in page, "of the month before"
        assert page.count("Previous period") == 1, "the heading of the figures that are compared"
        assert "New 0" in page
        everybodys = page_of(client, house, house.mona)
        assert "of the whole team" in everybodys
        assert "of the whole team" not in page
        assert numbers(everybodys)["Came in"][0] == "2", "none of them is hers"
        listing(client, house.mona, numbers(everybodys))
        listing(client, house.rita, shown)
        work(house, 3)
        with data_queries() as more:
            page_of(client, house, house.rita)
        assert len(few) == len(more)


def test_the_page_of_who_leads_others_stays_everybodys_with_a_lead_of_their_own(cast: Cast, client: Client) -> None:
    house = cast.house
    before = page_of(client, house, house.mona)
    assert "Cora Customer" in before.split("home-cards")[0]
    with use_tenant(house.tenant):
        house.job.assign_to(house.mona, by=house.ada)
    after = page_of(client, house, house.mona)
    assert "of the whole team" in after
    assert numbers(after)["Unclaimed"] == numbers(before)["Unclaimed"]


def test_everybody_starts_there(cast: Cast, client: Client) -> None:
    house = cast.house
    home = f"/{house.tenant.slug}/"
    for member in (house.rita, house.mona, house.ada, house.sam):
        client.force_login(member.user)
        assert client.get(home)["Location"] == f"{home}home/"
