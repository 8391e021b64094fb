"""Customers: who sees whom, the list with its filters, the page with all their leads, and corrections there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Note
from crm.kernel import clock
from crm.people.merging.merge import merge
from crm.people.models import ContactPoint, DuplicateCandidate, Person
from crm.platform.models import AccessLog, Member
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.queries import data_queries

Get = Callable[..., Any]


@pytest.fixture
def get(cast: Cast) -> Get:
    """`get(member, path, **data)`; a POST with `post=True`."""

    def ask(member: Member, path: str = "", *, post: bool = False, **data: Any) -> Any:
        client = Client()
        client.force_login(member.user)
        return (client.post if post else client.get)(f"/{cast.house.tenant.slug}/people/{path}", data)

    return ask


@pytest.fixture
def dora(cast: Cast) -> Person:
    """Somebody whose one lead is Mona's: Rita does not see her."""
    with use_tenant(cast.house.tenant):
        person: Person = Person.objects.create(name="Dora Doe")
        ContactPoint.objects.create(person=person, kind="email", value="dora@example.com")
        job = open_job(title="Dora Doe", person=person, by=cast.house.mona)
        job.assign_to(cast.house.mona, by=cast.house.ada)
        return person


def names(page: Any) -> list[str]:
    return [row.person.name for row in page.context["rows"]]


def test_who_sees_whom(cast: Cast, get: Get, dora: Person) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        Person.objects.create(name="Nobody Yet", unconfirmed_since=clock.now())
    assert names(get(house.mona)) == [house.cora.name, "Dora Doe", "Nobody Yet"]
    assert names(get(house.rita)) == [house.cora.name, "Nobody Yet"]
    assert get(house.rita, f"{dora.uid}/").status_code == 404
    for path in ("correct/", "confirm/"):
        assert get(house.rita, f"{dora.uid}/{path}", post=True, part="name", name="X").status_code == 404
    assert get(house.mona, f"{dora.uid}/").status_code == 200
    with use_tenant(house.tenant):
        assert AccessLog.objects.of(dora).filter(member=house.mona).exists()
        assert not AccessLog.objects.of(dora).filter(member=house.rita).exists()
        Job.objects.filter(person=dora).update(member=None)
    assert get(house.rita, f"{dora.uid}/").status_code == 200


def test_filters_and_search(cast: Cast, get: Get, dora: Person) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        Job.objects.get(person=dora).lose("price", by=house.mona)
        Job.objects.filter(person=house.cora).update(touched_at=clock.now())
        Person.objects.create(name="Nobody Yet", unconfirmed_since=clock.now())
    for query, found in {
        "work=open": [house.cora.name],
        "work=done": ["Dora Doe"],
        "work=none": ["Nobody Yet"],
        "where=touched:within:7": [house.cora.name],
        "where=touched:older:7": ["Dora Doe", "Nobody Yet"],
        "unconfirmed=1": ["Nobody Yet"],
        "reached=none": ["Nobody Yet"],
        "q=dora@exam": ["Dora Doe"],
        "q=nobody+yet": ["Nobody Yet"],
        "q=xyzzy": [],
    }.items():
        assert names(get(house.mona, f"?{query}")) == found, query
    assert names(get(house.rita, "?q=dora")) == []
    client = Client()
    client.force_login(house.mona.user)
    assert f"/people/{dora.uid}/" in client.get(f"/{house.tenant.slug}/search/?q=dora").content.decode()


def test_the_page_has_all_leads_and_one_timeline(cast: Cast, get: Get) -> None:
    house, cora = cast.house, cast.house.cora
    with use_tenant(house.tenant):
        second = open_job(title="Second roof", person=cora, by=house.rita, member=house.rita)
        hidden = open_job(title="Hidden roof", person=cora, by=house.mona, member=house.mona)
        Note.write(house.job, "About the first", by=house.rita)
        Note.write(second, "About the second", by=house.rita)
        Note.write(hidden, "About the hidden", by=house.mona)
    page = get(house.rita, f"{cora.uid}/").content.decode()
    for said in ("About the first", "About the second", f'id="r{second.number}"', f"#{second.number} Second roof"):
        assert said in page
    assert "About the hidden" not in page
    assert "About the hidden" in get(house.mona, f"{cora.uid}/").content.decode()
    with data_queries() as asked:
        get(house.mona, f"{cora.uid}/")
    before = len(asked)
    with use_tenant(house.tenant):
        for nth in range(4):
            Note.write(open_job(title=f"More {nth}", person=cora, by=house.rita), "More", by=house.rita)
    with data_queries() as asked:
        get(house.mona, f"{cora.uid}/")
    assert len(asked) == before


def test_corrections_and_confirming(cast: Cast, get: Get) -> None:
    house, cora = cast.house, cast.house.cora
    with use_tenant(house.tenant):
        Person.objects.filter(pk=cora.pk).update(unconfirmed_since=clock.now())
        title = house.job.title
    form = get(house.rita, f"{cora.uid}/correct/?part=name").context["part"]
    sent = {"part": "name", "version": form.version, "name": "Cora Corrected"}
    assert get(house.rita, f"{cora.uid}/correct/", post=True, **sent | {"name": " "}).status_code == 422
    assert get(house.rita, f"{cora.uid}/correct/", post=True, **sent).status_code == 302
    assert get(house.rita, f"{cora.uid}/correct/", post=True, **sent).status_code == 409
    form = get(house.rita, f"{cora.uid}/correct/?part=reach").context["part"]
    sent = {"part": "reach", "version": form.version, "phone": "(813) 555-0177", "email": ""}
    assert get(house.rita, f"{cora.uid}/correct/", post=True, **sent).status_code == 302
    assert get(house.rita, f"{cora.uid}/confirm/", post=True).status_code == 302
    assert get(house.rita, f"{cora.uid}/correct/?part=point&of={2**40}").status_code == 404
    with use_tenant(house.tenant):
        cora.refresh_from_db()
        assert (cora.name, cora.unconfirmed_since) == ("Cora Corrected", None)
        assert Job.objects.get(pk=house.job.pk).title == ("Cora Corrected" if title == "Cora Customer" else title)
        point = ContactPoint.objects.get(person=cora, value="+18135550177")
    form = get(house.rita, f"{cora.uid}/correct/?part=point&of={point.pk}").context["part"]
    sent = {"part": "point", "of": point.pk, "version": form.version, "value": "", "note": ""}
    assert get(house.rita, f"{cora.uid}/correct/", post=True, **sent).status_code == 302
    with use_tenant(house.tenant):
        assert not ContactPoint.objects.filter(pk=point.pk).exists()


def test_duplicates_and_merged_records(cast: Cast, get: Get, dora: Person) -> None:
    house, cora = cast.house, cast.house.cora
    with use_tenant(house.tenant):
        one, other = sorted((cora, dora), key=lambda person: person.pk)
        DuplicateCandidate.objects.create(one=one, other=other, reason="phone")
    assert "Dora Doe" in get(house.mona, f"{cora.uid}/").content.decode()
    assert "Dora Doe" not in get(house.rita, f"{cora.uid}/").content.decode()
    assert names(get(house.mona, "?alike=1")) == [cora.name, "Dora Doe"]
    with use_tenant(house.tenant):
        merge(cora, dora, by=house.mona)
    assert get(house.mona, f"{dora.uid}/").url == f"/{house.tenant.slug}/people/{cora.uid}/"
    assert "Dora Doe" in get(house.mona, f"{cora.uid}/").content.decode()
    assert names(get(house.mona)) == [cora.name]
