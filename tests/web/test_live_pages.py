"""What a page gets to hear of changes: its ticket, the policy that lets it ask, the numbers of the navigation."""

import re
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.core.signing import Signer
from django.test import Client

from crm.kernel import clock
from crm.platform.accounts.sessions import RENEW_AFTER
from crm.platform.events.hint_channel import STREAM, TICKET_SECONDS, issue_ticket, read_ticket
from crm.platform.models import Member
from crm.platform.tenancy.context import use_tenant
from tests.cast import HOUSE, Cast
from tests.isolation.test_urls import signed_in
from tests.production import ROOT, production_like


def test_a_ticket_is_good_for_some_minutes() -> None:
    now = clock.now()
    with clock.at(now):
        text = issue_ticket(3, 14)
        ticket = read_ticket(text)
        assert ticket
        assert (ticket.tenant_id, ticket.member_id, round(ticket.seconds_left)) == (3, 14, TICKET_SECONDS)
    with clock.at(now + timedelta(seconds=TICKET_SECONDS + 1)):
        assert read_ticket(text) is None


def test_a_forged_ticket_is_none() -> None:
    good = issue_ticket(3, 14)
    body, _, signature = good.rpartition(":")
    others = ("", "x", body, f"4{body[1:]}:{signature}", Signer(salt="elsewhere").sign(body), good + "x")
    odd = [Signer(salt="live.ticket").sign(text) for text in ("3.14", "a.b.c", "3.14.15.9", "٣.1.1")]
    assert [read_ticket(text) for text in (*others, *odd)] == [None] * 10


def test_who_may_open_the_tenant_gets_a_ticket(cast: Cast) -> None:
    house = cast.house
    answer = signed_in(house.rita).get(f"/{HOUSE}/live/ticket/")
    ticket = read_ticket(answer.json()["ticket"])
    assert ticket
    assert (ticket.tenant_id, ticket.member_id) == (house.tenant.pk, house.rita.pk)
    assert "no-store" in answer["Cache-Control"]
    with use_tenant(house.tenant):
        Member.objects.filter(pk=house.rita.pk).update(active=False)
    assert signed_in(house.rita).get(f"/{HOUSE}/live/ticket/").status_code == 404
    signed_out = Client().get(f"/{HOUSE}/live/ticket/", headers={"HX-Request": "true"})
    assert (signed_out.content, "HX-Redirect" in signed_out) == (b"", True)


def test_a_page_says_where_hints_come_from(cast: Cast, settings: Any) -> None:
    client = signed_in(cast.house.rita)
    assert "data-live" not in client.get(f"/{HOUSE}/leads/").content.decode()
    settings.LIVE_URL = STREAM
    page = client.get(f"/{HOUSE}/leads/").content.decode()
    assert f' data-live="{STREAM}" data-ticket="{cast.house.tenant.pk}.{cast.house.rita.pk}.' in page
    assert f'data-ticket-url="/{HOUSE}/live/ticket/"' in page
    # Reached by a name the live process does not know, a page does without.
    settings.LIVE_URL, settings.LIVE_ORIGIN = f"http://localhost:1{STREAM}", "http://localhost:1"
    assert "data-live" not in client.get(f"/{HOUSE}/leads/").content.decode()
    settings.SITE_URL = "http://testserver"
    assert "data-live" in client.get(f"/{HOUSE}/leads/").content.decode()


def test_the_policy_lets_a_page_ask_there(
    client: Client, db: None, settings: Any, production_settings: dict[str, Any]
) -> None:
    assert production_settings["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["connect-src"] == ["'self'"]
    assert "connect-src 'self';" in client.get("/account/login/")["Content-Security-Policy"] + ";"


@pytest.mark.parametrize(
    ("url", "allowed"),
    [("http://crm.example:8001/account/live/", "http://crm.example:8001"), ("/account/live/", "")],
)
def test_it_allows_exactly_that_origin(url: str, allowed: str) -> None:
    dump = "from crm.config import settings as s; print(*s.CONTENT_SECURITY_POLICY['DIRECTIVES']['connect-src'])"
    run = subprocess.run(
        [sys.executable, "-c", dump],
        env=production_like() | {"LIVE_URL": url},
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    assert run.stdout.split() == ["'self'", *allowed.split()]


def test_the_numbers_are_true(cast: Cast) -> None:
    house = cast.house

    def numbers(member: Member) -> str:
        return signed_in(member).get(f"/{HOUSE}/counts/").content.decode()

    place = '<small id="count-leads-list" hx-swap-oob="innerHTML">'
    assert f'{place}1<span class="vh"> need us now</span></small>' in numbers(house.rita), "new, and not contacted"
    with use_tenant(house.tenant):
        house.job.contact("call", "reached", by=house.rita)
    assert f"{place}</small>" in numbers(house.rita)
    with use_tenant(house.tenant), clock.at(clock.now() + timedelta(days=30)):
        from crm.jobs.clock.tick import cross
        from crm.jobs.models import Job

        cross(Job, [house.job.pk])
    assert f'{place}1<span class="vh"> need us now</span></small>' in numbers(house.rita)
    assert f"{place}1<" in numbers(house.mona)
    dot = r'<span id="dot-leads-list" hx-swap-oob="innerHTML">\s*<span class="dot is-hot"></span>'
    assert re.search(dot, numbers(house.rita))
    with use_tenant(house.tenant):
        house.job.assign_to(house.sam, by=house.ada)
    assert f"{place}</small>" in numbers(house.rita)
    assert f"{place}1<" in numbers(house.mona)


@pytest.mark.parametrize(("fragment", "renewed"), [(True, False), (False, True)])
def test_what_a_page_asks_by_itself_is_no_click(cast: Cast, fragment: bool, renewed: bool) -> None:
    client, now = signed_in(cast.house.rita), clock.now()
    client.get(f"/{HOUSE}/leads/")
    headers = {"HX-Request": "true"} if fragment else {}
    with clock.at(now + timedelta(seconds=RENEW_AFTER + 60)):
        client.get(f"/{HOUSE}/leads/", headers=headers)
    assert (client.session["seen"] > now.timestamp() + RENEW_AFTER) is renewed
