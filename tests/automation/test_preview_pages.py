"""The pages that look before: counted, planned and drawn, for those who may see triggers."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from crm.automation.definition import Definition
from crm.automation.models import DryRun, Rule
from crm.automation.span import Span, SpanUnit
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from tests.automation.rules import do, rule, work
from tests.cast import Cast, House


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    """A trigger that waits three days at "Quote sent", where the lead has stood for one."""
    house, now = cast.house, clock.now()
    with use_tenant(house.tenant):
        with clock.at(now - timedelta(days=1)):
            Job.objects.get(pk=house.job.pk).move_to(house.stage("Quote sent"), by=None)
        options = {"step": house.stage("Quote sent").pk}
        rule("job.stays", do("job.move", step=house.stage("Reached").pk), options=options, span=Span(3, SpanUnit.DAYS))
        work()
        yield house


def page(client: Client, house: House, path: str, member: str = "ada", **headers: str) -> str:
    client.force_login(getattr(house, member).user)
    answer = client.get(f"/{house.tenant.slug}/triggers/{path}", headers=headers)
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def test_a_count_is_begun_by_a_click_and_shown_beside_the_editor(client: Client, house: House) -> None:
    made = Rule.objects.get()
    beside = {"HX-Request": "true"}
    assert "Count how often" in page(client, house, f"{made.uid}/dry-run/", **beside)
    start = f"/{house.tenant.slug}/triggers/{made.uid}/dry-run/start/"
    answer = client.post(start, headers=beside)
    assert "The conditions are checked" in answer.content.decode()
    assert DryRun.objects.get().status == "done"
    assert client.post(start).status_code == 302
    assert "times in the last 30 days" in page(client, house, f"{made.uid}/dry-run/")
    # What was counted of another version is not shown as this one's.
    made.edit(Definition("job", "job.heard", steps=(do("tell", who="owner"),)), by=None)
    assert "Count how often" in page(client, house, f"{made.uid}/dry-run/")


def test_the_next_days_name_each_step_and_narrow_to_a_rule_or_a_customer(client: Client, house: House) -> None:
    text = page(client, house, "ahead/")
    assert "move to Reached" in text
    assert house.job.title in text
    assert "move to Reached" in page(client, house, f"ahead/?rule={Rule.objects.get().uid}")
    assert "move to Reached" in page(client, house, f"ahead/?person={house.cora.uid}", "mona")
    assert "Nothing is planned" in page(client, house, "ahead/?only=messages")


def test_the_map_draws_each_step_once_and_says_the_same_as_text(client: Client, house: House) -> None:
    text = page(client, house, "map/")
    assert text.count('class="map-step"') == text.count("<foreignObject") - 1
    assert text.count('class="map-rule is-on"') == 1
    assert "→ Reached" in text


def test_they_are_refused_to_a_rep(client: Client, house: House) -> None:
    client.force_login(house.rita.user)
    made = Rule.objects.get()
    for path in ("map/", "ahead/", f"{made.uid}/dry-run/"):
        assert client.get(f"/{house.tenant.slug}/triggers/{path}").status_code == 404
