"""Tags of tickets: put on and taken off, undone, found by, and asked by response times and assignment rules."""

from typing import Any

import pytest
from django.test import Client

from crm.jobs.models import Tag
from crm.jobs.models.assignment import AssignmentRule
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.models import Change, Event
from tests.cast import House
from tests.tickets.test_inbox import begin
from tickets.assignment import facts
from tickets.inbox.choices import ALL, NONE
from tickets.inbox.ticket_list import TICKETS
from tickets.models import SlaPolicy, Status
from tickets.models.sla_terms import Case, Conditions, default_matrix
from tickets.models.ticket_verbs.status_change import enter_status

pytestmark = pytest.mark.django_db


@pytest.fixture
def tags(house: House) -> dict[str, Tag]:
    return {name: Tag.add(name, by=None) for name in ("Hail", "Insurance", "Storm")}


def listed(house: House, **asked: str) -> set[str]:
    return {row.subject for row in TICKETS.apply(TICKETS.filters(who=ALL, **asked), house.sam)}


def test_a_merged_tag_is_the_other_in_list_policy_and_rule(house: House, tags: dict[str, Tag]) -> None:
    leak, gutter = begin(house, "Leak", member=house.sam), begin(house, "Gutter", member=house.sam)
    begin(house, "Untagged", member=house.sam)
    leak.tag([tags["Hail"]], by=house.sam)
    gutter.tag([tags["Storm"]], by=house.sam)
    SlaPolicy.add("Storms", targets=default_matrix(), tag_id=tags["Storm"].pk, by=None)
    rule = AssignmentRule.add("tickets", "Storms", tag=tags["Storm"], by=None)
    [fact] = facts([leak])

    def holds() -> tuple[str, bool]:
        asked = {"brand_id": fact.brand_id, "priority": fact.priority, "channel": fact.channel, "source_id": None}
        return leak.promises.policy.name, rule.matches(**asked, tag_ids=fact.tag_ids)

    storm = str(tags["Storm"].uid)
    assert (listed(house, tag=storm), holds()) == ({"Gutter"}, ("", False))
    tags["Hail"].merge(tags["Storm"], by=None)
    assert (listed(house, tag=storm), holds()) == ({"Gutter", "Leak"}, ("Storms", True))
    assert [tag.name for tag in leak.tags] == ["Storm"]
    leak.tag([tags["Storm"]], by=house.sam)
    assert Event.objects.filter(kind="ticket.tagged").count() == 2, "it has it already"
    tags["Hail"].take_apart(by=None)
    assert (listed(house, tag=storm), holds()) == ({"Gutter"}, ("", False))
    tags["Hail"].merge(tags["Storm"], by=None)
    leak.tag(take=[tags["Storm"]], by=house.sam)
    assert (leak.tags, listed(house, tag=NONE)) == ([], {"Leak", "Untagged"})
    assert not Conditions(tag_id=7).match(Case(1, 3))


def test_the_form_puts_on_and_takes_off_what_was_ticked_since_and_is_undone(
    house: House, tags: dict[str, Tag], client: Client
) -> None:
    ticket = begin(house, "Leak", member=house.sam)
    ticket.save(update_fields=enter_status(ticket, Status.CLOSED))
    client.force_login(house.sam.user)
    url = f"/{house.tenant.slug}/tickets/{ticket.number}/tags/"
    assert "Insurance" in client.get(url).content.decode()
    ticket.tag([tags["Hail"]], by=house.mona)  # meanwhile: the form below was shown before
    uids = {name: str(tag.uid) for name, tag in tags.items()}
    posted = {"version": ticket.form_version, "tag": [uids["Storm"], uids["Insurance"], "nonesuch"]}
    assert client.post(url, posted).status_code == 302
    ticket.refresh_from_db()
    assert [tag.name for tag in ticket.tags] == ["Hail", "Insurance", "Storm"], "a closed one is tagged as well"
    page = client.get(f"/{house.tenant.slug}/tickets/{ticket.number}/").content.decode()
    assert f"?who=all&amp;tag={uids['Storm']}" in page
    assert "tagged it “Insurance”, “Storm”" in page
    client.post(url, {"version": ticket.form_version, "had": [uids["Hail"], uids["Storm"]], "tag": [uids["Hail"]]})
    ticket.refresh_from_db()
    assert [tag.name for tag in ticket.tags] == ["Hail", "Insurance"]
    with pytest.raises(Refused):
        ticket.tag([Tag.add(f"T{at}", by=None) for at in range(19)], by=None)


def test_many_are_tagged_at_once_and_all_of_it_is_undone(house: House, tags: dict[str, Tag], client: Client) -> None:
    rows = [begin(house, subject, member=house.sam) for subject in ("Leak", "Gutter")]
    rows[0].tag([tags["Storm"]], by=house.mona)
    client.force_login(house.sam.user)

    def press(act: str, **more: Any) -> None:
        picked = ",".join(str(row.number) for row in rows)
        client.post(f"/{house.tenant.slug}/tickets/bulk/", {"act": act, "picked": picked, **more})

    press("tag", tag="nonesuch")
    assert listed(house, tag=str(tags["Storm"].uid)) == {"Leak"}
    press("tag", tag=str(tags["Storm"].uid))
    assert listed(house, tag=str(tags["Storm"].uid)) == {"Leak", "Gutter"}
    undo.undo_change(Change.objects.get(kind="ticket.tagged").uid, by=house.sam)
    assert listed(house, tag=str(tags["Storm"].uid)) == {"Leak"}
    press("untag", tag=str(tags["Storm"].uid))
    assert listed(house, tag=str(tags["Storm"].uid)) == set()
