"""Messages found by their words: as a member may see them, in the palette and on the page of the search."""

from typing import Any

import pytest
from django.test import Client

from comms.message_sharing import sharing_for
from comms.models import Channel, Message
from comms.search.messages import search
from crm.jobs.creation.job_creation import open_job
from crm.people.models import Person
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast


@pytest.fixture(autouse=True)
def inside(cast: Cast) -> Any:
    with use_tenant(cast.house.tenant):
        yield


def message(text: str, **fields: Any) -> Message:
    usual = {"medium": "email", "direction": "in", "state": "received", "address": "cora@mail.example"}
    made: Message = Message.objects.create(brand=directory().default_brand, text=text, **usual | fields)
    made.refresh_from_db()
    return made


def channel(owner: Any, sharing: str) -> Channel:
    return Channel.create(
        by=None,
        brand=directory().default_brand,
        medium="email",
        role="personal",
        provider="imap",
        address=f"{sharing}@suncoast.example",
        owner=owner,
        sharing=sharing,
    )


@pytest.mark.parametrize("typed", ["gutter", "GUTT", "café gutter", "cafe", "cora mail", "urgent"])
def test_every_word_must_occur_or_begin_one(cast: Cast, typed: str) -> None:
    found = message("The gutter at the Café drips", subject="Urgent!")
    message("The roof is fine", address="else@home.example")
    assert [hit.message for hit in search(typed, by=cast.house.ada)] == [found]


@pytest.mark.parametrize("typed", ["", "g", "gutter roof", "utter", "'':* | a", "\\", "& !"])
def test_what_does_not_occur_is_not_found(cast: Cast, typed: str) -> None:
    message("The gutter drips")
    assert search(typed, by=cast.house.ada) == []


def test_a_rep_finds_only_what_they_may_see(cast: Cast) -> None:
    hers = open_job(title="Hector", person=Person.objects.create(name="Hector"), member=cast.house.mona, by=None)
    seen = {
        "of my lead": message("gutter", job=cast.house.job, person=cast.house.cora),
        "nobody's": message("gutter"),
        "a colleague's": message("gutter", job=hers, person=hers.person),
        "of a colleague's customer": message("gutter", person=hers.person),
    }

    def found(by: Any) -> set[str]:
        ids = {hit.message.pk for hit in search("gutter", by=by)}
        return {name for name, each in seen.items() if each.pk in ids}

    assert found(cast.house.rita) == {"of my lead", "nobody's"}
    assert found(cast.house.mona) == set(seen)
    assert set(Message.objects.visible_to(cast.house.rita)) == {seen[name] for name in found(cast.house.rita)}


@pytest.mark.parametrize("sharing", ["private", "metadata", "subject", "full"])
def test_a_colleagues_mailbox_is_found_only_where_it_is_shared_whole(cast: Cast, sharing: str) -> None:
    found = message("gutter", channel=channel(cast.house.rita, sharing))
    assert [hit.message for hit in search("gutter", by=cast.house.rita)] == [found]
    assert bool(search("gutter", by=cast.house.ada)) == (sharing == "full")
    assert sharing_for(found, cast.house.ada) == sharing
    assert sharing_for(found, cast.house.rita) == "full"


def test_another_tenants_messages_are_not_there(cast: Cast) -> None:
    message("gutter")
    with use_tenant(cast.other.tenant):
        assert search("gutter", by=cast.otto) == []


def test_the_palette_and_the_search_page_list_them_marked(cast: Cast) -> None:
    found = message("The <b>gutter</b> drips", person=cast.house.cora, job=cast.house.job)
    client = Client()
    client.force_login(cast.house.rita.user)
    slug = cast.house.tenant.slug
    for page in ("search", "palette"):
        shown = client.get(f"/{slug}/{page}/", {"q": "gutter"}).content.decode()
        assert f"/{slug}/messages/{found.uid}/" in shown
        assert "&lt;b&gt;<mark>gutter</mark>&lt;/b&gt;" in shown


def test_searching_asks_no_more_for_many(cast: Cast, django_assert_num_queries: Any) -> None:
    for _ in range(12):
        message("gutter", person=cast.house.cora, job=cast.house.job)
    with django_assert_num_queries(3):
        assert len(search("gutter", by=cast.house.rita)) == 12
