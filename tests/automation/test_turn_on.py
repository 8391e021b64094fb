"""Turning a trigger on: what happens at once, from now on or for what matches now too."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client

from crm.automation.models import Mode, Rule, RuleRun, RunState
from crm.automation.span import Span, SpanUnit
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from tests.automation.rules import do, rule, work
from tests.automation.test_editor import URGENT, signed_in, url
from tests.automation.test_engine import MONDAY, move
from tests.cast import Cast, House


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        yield cast.house


@pytest.fixture
def ada(house: House) -> Client:
    return signed_in(house.ada)


def test_turning_it_on_says_first_what_happens_at_once(house: House, ada: Client) -> None:
    move(house, "Quote sent")
    made = rule(
        "job.stays",
        do("tell", who="managers"),
        mode=Mode.SHADOW,
        options={"step": house.stage("Quote sent").pk},
        span=Span(3, SpanUnit.DAYS),
    )
    place = url(house, f"{made.uid}/on/")
    with clock.at(MONDAY + timedelta(days=2)):
        ada.force_login(house.ada.user)
        assert "None of these is due yet" in ada.get(place).content.decode()
        side = ada.get(url(house, f"{made.uid}/")).content.decode()
        assert "runs in 1d" in side
    with clock.at(MONDAY + timedelta(days=4)):
        ada.force_login(house.ada.user)
        page = ada.get(place).content.decode()
        assert "It runs now for 1 of them." in page
        assert ada.post(place, {"version": "old"}).status_code == 409
        token = page.partition('name="version" value="')[2].partition('"')[0]
        assert ada.post(place, {"version": token, "begin": "present"}).status_code == 302
        made.refresh_from_db()
        assert made.mode == Mode.ON
    work(MONDAY + timedelta(days=4))
    assert RuleRun.objects.get().state == RunState.DONE


def turned_on(house: House, client: Client, made: Rule, at: datetime, **sent: str) -> str:
    """Turn a rule on by its page, and let the workers go on; returns the page that asked."""
    with clock.at(at):
        client.force_login(house.ada.user)
        page = client.get(url(house, f"{made.uid}/on/")).content.decode()
        token = page.partition('name="version" value="')[2].partition('"')[0]
        assert client.post(url(house, f"{made.uid}/on/"), {"version": token, **sent}).status_code == 302
    work(at)
    return page


def test_turned_on_for_the_future_it_leaves_alone_what_is_due_already(house: House, ada: Client) -> None:
    move(house, "Quote sent")
    made = rule("job.stays", URGENT, mode=Mode.SHADOW, options={"step": house.stage("Quote sent").pk}, span=Span(3))
    turned_on(house, ada, made, MONDAY + timedelta(days=4), begin="future")
    assert not RuleRun.objects.filter(state=RunState.DONE).exists()
    move(house, "Reached", MONDAY + timedelta(days=5))
    move(house, "Quote sent", MONDAY + timedelta(days=6))
    work(MONDAY + timedelta(days=10))
    assert RuleRun.objects.filter(state=RunState.DONE).count() == 1


def test_turned_on_for_the_present_an_event_fires_once_for_what_matches(house: House, ada: Client) -> None:
    move(house, "Quote sent")
    made = rule("job.entered", URGENT, mode=Mode.SHADOW, options={"step": house.stage("Quote sent").pk})
    page = turned_on(house, ada, made, MONDAY + timedelta(days=1), begin="present")
    assert "Also for the 1 that match now" in page
    due.schedule("automation.present", made.pk, MONDAY + timedelta(days=1))
    work(MONDAY + timedelta(days=2))
    assert RuleRun.objects.filter(rule=made, state=RunState.DONE).count() == 1
