"""The facts of a lead are edited in place, one form each: with htmx, without scripts, and only as they were shown."""

from collections.abc import Callable
from typing import Any

import html5lib
import pytest
from django.test import Client

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, JobParty, StageTarget
from crm.kernel import clock
from crm.people.models import ContactPoint, Person
from crm.platform.models import Brand, Change
from crm.platform.organization.configuration import clear_configuration_caches
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.markup import flat

HTMX = {"HX-Request": "true"}


@pytest.fixture
def bare(cast: Cast) -> Job:
    """A lead of Rita's without a phone number, email address, place, value or source."""
    with use_tenant(cast.house.tenant):
        person = Person.objects.create(name="Ned Faraday")
        return open_job(title="Ned Faraday", by=None, person=person, member=cast.house.rita)


@pytest.fixture
def edit(client: Client, cast: Cast) -> Callable[..., Any]:
    """Ask for the form of a part as Rita, and send it back with other values."""
    client.force_login(cast.house.rita.user)

    def send(job: Job, part: str, of: object = "", **given: object) -> Any:
        place, on = f"/{cast.house.tenant.slug}/jobs/{job.number}/correct/", given.pop("on", "")
        headers = HTMX if on else {}
        form = client.get(f"{place}?part={part}&of={of}&on={on}", headers=headers)
        if form.status_code != 200:
            return form
        given = {"part": part, "of": of, "on": on, "version": form.context["version"]} | given
        return client.post(place, given, headers=headers)

    return send


def page_of(client: Client, cast: Cast, job: Job) -> str:
    page = client.get(f"/{cast.house.tenant.slug}/leads/{job.number}/").content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    return flat(page)


def points(cast: Cast, job: Job) -> list[tuple[str, str]]:
    with use_tenant(cast.house.tenant):
        found = ContactPoint.objects.filter(person_id=Job.objects.get(pk=job.pk).person_id).order_by("pk")
        return list(found.values_list("value", "note"))


def test_what_is_missing_can_be_added_where_it_would_stand(client: Client, cast: Cast, bare: Job, edit: Any) -> None:
    page = page_of(client, cast, bare)
    assert "Add phone or email" in page
    for part in ("name", "reach", "place", "value", "source"):
        assert page.count(f"correct/?part={part}&amp;of=&amp;on=facts") == 1
    place = f"/{cast.house.tenant.slug}/jobs/{bare.number}/correct/?part=name&of=&on=facts"
    form = client.get(place, headers={"HX-Request": "true"}).content.decode()
    assert "<h1" in form, "the page keeps its heading while the name is edited"
    assert edit(bare, "reach", phone="813 555 0177").status_code == 302
    assert points(cast, bare) == [("+18135550177", "")]
    assert "Add email" in page_of(client, cast, bare)


def test_a_lead_without_a_customer_gets_one_with_the_first_number(cast: Cast, edit: Any) -> None:
    with use_tenant(cast.house.tenant):
        job = open_job(title="Roof on 5th", by=None, member=cast.house.rita)
    edit(job, "reach", email="ned@mail.example")
    assert points(cast, job) == [("ned@mail.example", "")]
    with use_tenant(cast.house.tenant):
        assert Job.objects.get(pk=job.pk).person.name == "Roof on 5th"
        assert JobParty.objects.filter(job=job, role="customer").count() == 1


def test_each_number_is_corrected_labelled_and_removed_by_itself(cast: Cast, bare: Job, edit: Any) -> None:
    with use_tenant(cast.house.tenant):
        home, work = (
            ContactPoint.objects.create(person=bare.person, kind="phone", value=value, verified_at=clock.now())
            for value in ("+18135550170", "+18135550171")
        )
    edit(bare, "point", home.pk, value="(813) 555-0170", note="wife")
    assert points(cast, bare) == [("+18135550170", "wife"), ("+18135550171", "")]
    with use_tenant(cast.house.tenant):
        assert ContactPoint.objects.get(pk=home.pk).verified_at, "a label alone leaves it confirmed"
    edit(bare, "point", home.pk, value="813 555 0179", note="wife")
    with use_tenant(cast.house.tenant):
        assert ContactPoint.objects.get(pk=home.pk).verified_at is None
    edit(bare, "point", work.pk, value="", note="")
    assert points(cast, bare) == [("+18135550179", "wife")]
    assert edit(bare, "point", work.pk, value="1").status_code == 409, "it is gone"


def test_anothers_number_is_not_reached_through_a_lead(cast: Cast, bare: Job, edit: Any) -> None:
    with use_tenant(cast.house.tenant):
        strange = ContactPoint.objects.create(
            person=Person.objects.create(name="Else"), kind="phone", value="+18135550188"
        )
    assert edit(bare, "point", strange.pk, value="").status_code == 409
    with use_tenant(cast.house.tenant):
        assert ContactPoint.objects.filter(pk=strange.pk).exists()


def test_in_place_the_answer_brings_the_facts_and_the_focus_back(cast: Cast, bare: Job, edit: Any) -> None:
    answer = edit(bare, "value", value="18,400", on="facts")
    page = flat(answer.content.decode())
    for part in ("who", "ways", "facts", "timeline"):
        assert f'id="{part}" hx-swap-oob="true"' in page
    assert "$18,400" in page
    assert "Ned Faraday: saved." in page
    assert page.count("autofocus") == 1
    assert "part=value&amp;of=&amp;on=facts" in page[: page.index("autofocus")].rpartition("<a ")[2]
    assert "$" not in flat(edit(bare, "value", value="", on="facts").content.decode())


def test_in_place_a_refusal_stands_in_the_form_with_what_was_typed(bare: Job, edit: Any) -> None:
    answer = edit(bare, "reach", phone="12", on="facts")
    assert answer.status_code == 422
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#edit-reach", "outerHTML")
    page = answer.content.decode()
    assert 'value="12"' in page
    assert "No such phone number" in page
    assert "<html" not in page


def test_without_a_part_it_leads_to_the_lead(client: Client, cast: Cast, bare: Job) -> None:
    client.force_login(cast.house.rita.user)
    answer = client.get(f"/{cast.house.tenant.slug}/jobs/{bare.number}/correct/")
    assert answer["Location"] == f"/{cast.house.tenant.slug}/leads/{bare.number}/"


def test_the_expected_day_is_set_and_removed(cast: Cast, bare: Job, edit: Any) -> None:
    assert edit(bare, "expected", expected="2026-12-18").status_code == 302
    with use_tenant(cast.house.tenant):
        assert str(Job.objects.get(pk=bare.pk).expected_on) == "2026-12-18"
    assert edit(bare, "expected", expected="soon").status_code == 422
    assert edit(bare, "expected", expected="").status_code == 302
    with use_tenant(cast.house.tenant):
        assert Job.objects.get(pk=bare.pk).expected_on is None


def test_another_brand_has_its_own_target_and_is_undone(client: Client, cast: Cast, bare: Job, edit: Any) -> None:
    with use_tenant(cast.house.tenant):
        care = Brand.objects.create(name="Suncoast Care", country="US", currency="USD")
        before = Job.objects.get(pk=bare.pk)
        StageTarget.objects.create(pipeline=before.pipeline, brand=care, ours=60)
        care.refresh_from_db()
        clear_configuration_caches()
    assert edit(bare, "brand", brand=str(care.uid)).status_code == 302
    with use_tenant(cast.house.tenant):
        job = Job.objects.get(pk=bare.pk)
        assert (job.brand_id, job.allowed) == (care.pk, 60)
        client.post(f"/{cast.house.tenant.slug}/jobs/undo/{Change.objects.latest('pk').uid}/")
        job = Job.objects.get(pk=bare.pk)
        assert (job.brand_id, job.allowed) == (before.brand_id, before.allowed)


def test_a_lead_with_a_value_keeps_its_currency(cast: Cast, bare: Job, edit: Any) -> None:
    with use_tenant(cast.house.tenant):
        dutch = Brand.objects.create(name="Zonkust", country="NL", currency="EUR")
        dutch.refresh_from_db()
        Job.objects.filter(pk=bare.pk).update(value=100)
        clear_configuration_caches()
    assert edit(bare, "brand", brand=str(dutch.uid)).status_code == 422
