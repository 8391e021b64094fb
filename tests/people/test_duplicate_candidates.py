"""Who may be one person is suggested, once a pair, and never decided by the product."""

from datetime import timedelta

import pytest

from crm.jobs.creation.job_creation import open_job
from crm.kernel import clock
from crm.people.merging import duplicate_candidates, merge
from crm.people.models import ContactPoint, DuplicateCandidate, Person, Property
from crm.platform.models import Due
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from tests.cast import Cast

PHONE = "+18135550142"


def person(name: str, phone: str = "", *, verified: bool = False) -> Person:
    found = Person.objects.create(name=name)
    if phone:
        ContactPoint.objects.create(
            person=found, kind="phone", value=phone, verified_at=clock.now() if verified else None
        )
    return found


def pairs() -> dict[tuple[str, str], str]:
    return {(pair.one.name, pair.other.name): pair.reason for pair in DuplicateCandidate.objects.all()}


def test_the_same_number_and_a_similar_name(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        people = [person("John Smith", PHONE), person("Jon Smith", PHONE), person("Ann Baker", PHONE)]
        duplicate_candidates.look_at([one.pk for one in people])
        assert pairs() == {("John Smith", "Jon Smith"): "phone"}, "a household is not one person"


def test_a_confirmed_number_needs_no_name(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        people = [person("J. Smith", PHONE, verified=True), person("Jonathan", PHONE)]
        duplicate_candidates.look_at([people[1].pk])
        assert pairs() == {("J. Smith", "Jonathan"): "point"}


def test_the_same_address_and_a_similar_name(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        people = [person("Marisol Vega"), person("Marisol Vega Ruiz"), person("Otto Kern")]
        for one in people:
            site = Property.objects.create(street="12 Palm Ave", postcode="33602", city="Tampa", country="US")
            open_job(title=one.name, by=None, person=one, site=site)
        duplicate_candidates.look_at([people[0].pk])
        assert pairs() == {("Marisol Vega", "Marisol Vega Ruiz"): "address"}


def test_a_number_that_a_crowd_shares_says_nothing(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        people = [person("Front Desk", PHONE) for _ in range(duplicate_candidates.CROWD + 1)]
        assert duplicate_candidates.look_at([one.pk for one in people]) == 0


def test_a_pair_is_asked_once_and_not_after_it_was_parted(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        people = [person("John Smith", PHONE), person("Jon Smith", PHONE)]
        for _ in range(2):
            duplicate_candidates.look_at([one.pk for one in people])
        pair = DuplicateCandidate.objects.get()
        pair.part(by=cast.house.mona)
        duplicate_candidates.look_at([one.pk for one in people])
        assert DuplicateCandidate.objects.get().decided_by_id == cast.house.mona.pk
        DuplicateCandidate.objects.update(decided_at=None, decided_by=None)
        merge.merge(people[0], people[1], by=cast.house.mona)
        assert DuplicateCandidate.objects.get().decided_at
        assert duplicate_candidates.look_at([one.pk for one in people]) == 0, "who was merged away is not looked at"


def test_another_tenants_people_are_never_in_a_pair(cast: Cast) -> None:
    with use_tenant(cast.other.tenant):
        person("John Smith", PHONE, verified=True)
    with use_tenant(cast.house.tenant):
        here = person("John Smith", PHONE)
        assert duplicate_candidates.look_at([here.pk]) == 0


def test_new_people_are_looked_at_soon_and_all_of_them_nightly(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicate_candidates.walk, "share", 2)
    with use_tenant(cast.house.tenant):
        duplicate_candidates.keep_looking()
        person("John Smith", PHONE), person("Ann Baker"), person("Jon Smith", PHONE)
    with clock.at(clock.now() + duplicate_candidates.walk.soon + timedelta(seconds=1)):
        while due.run_due_work():
            pass
        with use_tenant(cast.house.tenant):
            assert pairs() == {("John Smith", "Jon Smith"): "phone"}
            ContactPoint.objects.create(person=person("Anne Baker"), kind="email", value="ann@mail.example")
            ContactPoint.objects.create(
                person=Person.objects.get(name="Ann Baker"), kind="email", value="ann@mail.example"
            )
    with clock.at(clock.now() + duplicate_candidates.walk.nightly + timedelta(seconds=1)):
        while due.run_due_work():
            pass
        with use_tenant(cast.house.tenant):
            assert pairs()["Ann Baker", "Anne Baker"] == "email"
            assert Due.objects.filter(kind=duplicate_candidates.walk.every, subject_id=0).count() == 1
