"""The page of duplicates: two records side by side, merged or parted by who may, and taken apart again."""

from collections.abc import Callable

import pytest
from django.test import Client

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.people.merging.duplicate_candidates import look_at
from crm.people.models import ContactPoint, DuplicateCandidate, Merge, Person
from crm.platform.models import AccessLog
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.markup import flat
from tests.queries import data_queries

PHONE = "+18135550142"


@pytest.fixture
def twins(cast: Cast) -> list[Person]:
    with use_tenant(cast.house.tenant):
        people = [Person.objects.create(name=name) for name in ("John Smith", "Jon Smith")]
        for one in people:
            ContactPoint.objects.create(person=one, kind="phone", value=PHONE)
        open_job(title="Gutters", by=None, person=people[1])
        look_at([one.pk for one in people])
        return [Person.objects.get(pk=one.pk) for one in people]


@pytest.fixture
def post(client: Client, cast: Cast) -> Callable[..., str]:
    client.force_login(cast.house.mona.user)

    def send(path: str, **data: object) -> str:
        answer = client.post(f"/{cast.house.tenant.slug}/duplicates/{path}", data, follow=True)
        assert answer.status_code == 200
        return answer.content.decode()

    return send


def form(twins: list[Person], keep: int) -> dict[str, object]:
    return {"one": twins[0].uid, "other": twins[1].uid, "keep": twins[keep].uid, "name": twins[0].uid}


def test_a_pair_is_shown_with_what_each_holds(client: Client, cast: Cast, twins: list[Person]) -> None:
    client.force_login(cast.house.mona.user)
    page = client.get(f"/{cast.house.tenant.slug}/duplicates/").content.decode()
    assert "the same number and a similar name" in page
    assert page.count("(813) 555-0142") == 2
    assert "Gutters" in page
    assert f'value="{twins[1].uid}" checked required' in flat(page), "the one with a lead is offered to be kept"
    with use_tenant(cast.house.tenant):
        assert AccessLog.objects.filter(subject_kind="people.person").count() == 2


def test_merging_keeps_the_chosen_record_and_name(post: Callable[..., str], cast: Cast, twins: list[Person]) -> None:
    page = post("merge/", **form(twins, keep=1))
    assert "is now part of" in page
    with use_tenant(cast.house.tenant):
        kept = Person.objects.get(pk=twins[1].pk)
        assert (kept.name, kept.merged_into_id) == ("John Smith", None)
        assert Person.objects.get(pk=twins[0].pk).merged_into_id == kept.pk
        merge = Merge.objects.get()
    assert "Recently merged" in page
    page = post(f"{merge.uid}/unmerge/")
    assert "two records again" in page
    with use_tenant(cast.house.tenant):
        assert Person.objects.get(pk=twins[1].pk).name == "Jon Smith"
        assert Job.objects.get(title="Gutters").person_id == twins[1].pk


def test_a_pair_that_is_two_is_not_shown_again(post: Callable[..., str], cast: Cast, twins: list[Person]) -> None:
    with use_tenant(cast.house.tenant):
        uid = DuplicateCandidate.objects.get().uid
    assert "No possible duplicates" in post(f"{uid}/part/")


def test_a_second_decision_is_told_that_it_comes_late(
    post: Callable[..., str], cast: Cast, twins: list[Person]
) -> None:
    post("merge/", **form(twins, keep=1))
    assert "merged in the meantime" in post("merge/", **form(twins, keep=0))
    with use_tenant(cast.house.tenant):
        assert Merge.objects.count() == 1


@pytest.mark.parametrize("broken", [{"keep": ""}, {"one": "no-uid"}, {"other": None}, {"keep": "x" * 300}])
def test_a_broken_form_merges_nothing(
    post: Callable[..., str], cast: Cast, twins: list[Person], broken: dict[str, object]
) -> None:
    data = {name: value for name, value in (form(twins, keep=0) | broken).items() if value is not None}
    assert "Choose which of the two records is kept." in post("merge/", **data)
    with use_tenant(cast.house.tenant):
        assert not Merge.objects.exists()


def test_reps_may_not_and_change_nothing(client: Client, cast: Cast, twins: list[Person]) -> None:
    place = f"/{cast.house.tenant.slug}/duplicates/"
    for member in (cast.house.rita, cast.otto):
        client.force_login(member.user)
        assert client.get(place).status_code == 404
        assert client.get(f"{place}of/{twins[0].uid}/").status_code == 404
        assert client.post(f"{place}merge/", form(twins, keep=0)).status_code == 404
    with use_tenant(cast.house.tenant):
        assert not Merge.objects.exists()


def test_any_two_can_be_put_side_by_side(client: Client, cast: Cast, twins: list[Person]) -> None:
    client.force_login(cast.house.mona.user)
    lead = client.get(f"/{cast.house.tenant.slug}/leads/{cast.house.job.number}/").content.decode()
    place = f"/{cast.house.tenant.slug}/duplicates/of/{cast.house.cora.uid}/"
    assert place in lead
    found = client.get(place, {"q": "jon smith"}).content.decode()
    assert f"?with={twins[1].uid}" in found
    side_by_side = client.get(place, {"with": str(twins[1].uid)}).content.decode()
    assert side_by_side.count('name="keep"') == 2
    assert "Not a duplicate" not in side_by_side, "nobody suggested it"
    assert client.get(place, {"with": "nonsense"}).status_code == 200


def test_the_page_asks_as_often_for_many_pairs(client: Client, cast: Cast, twins: list[Person]) -> None:
    client.force_login(cast.house.mona.user)
    place = f"/{cast.house.tenant.slug}/duplicates/"
    client.get(place)
    with data_queries() as few:
        client.get(place)
    with use_tenant(cast.house.tenant):
        for number in range(6):
            people = [Person.objects.create(name=f"Ann Bakker{'s' * at}") for at in range(2)]
            for one in people:
                ContactPoint.objects.create(person=one, kind="email", value=f"ann{number}@mail.example")
                open_job(title="Roof", by=None, person=one)
            look_at([one.pk for one in people])
    with data_queries() as many:
        assert client.get(place).content.count(b'name="keep"') == 14
    assert len(many) <= len(few) + 1, "a firm's, should there be one"


def test_service_merges_customers_without_a_lead_and_goes_back_to_the_conversation(client: Client, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        one, other = (Person.objects.create(name=name) for name in ("Ann Alone", "Anne Alone"))
    client.force_login(cast.house.sam.user)
    base, back = f"/{cast.house.tenant.slug}/duplicates", f"/{cast.house.tenant.slug}/tickets/"
    found = client.get(f"{base}/of/{one.uid}/?q=Anne&next={back}").content.decode()
    assert f"?with={other.uid}" in found
    side_by_side = client.get(f"{base}/of/{one.uid}/?with={other.uid}&next={back}").content.decode()
    assert f'name="next" value="{back}"' in side_by_side
    sent = {"one": one.uid, "other": other.uid, "keep": one.uid, "next": back}
    assert client.post(f"{base}/merge/", sent)["Location"] == back
    with use_tenant(cast.house.tenant):
        other.refresh_from_db()
        assert other.merged_into == one
