"""Two records of one person become one and can be taken apart; nothing is lost either way."""

import pytest

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, JobParty
from crm.kernel.refusal import Refused
from crm.people.merging import merge
from crm.people.models import Company, ContactPoint, Merge, Person
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from tests.cast import Cast, House


def twin(house: House) -> tuple[Person, Job]:
    """Cora once more, with a number of her own, a firm, and a lead."""
    firm = Company.objects.create(name="Vega Homes")
    person = Person.objects.create(name="Cora V.", company=firm, language="es")
    ContactPoint.objects.create(person=person, kind="phone", value="+18135550199", source="import")
    job = open_job(title="Gutters", by=house.mona, person=person, stage=house.stage("New"))
    return person, job


def whole() -> dict[str, object]:
    """All that merging may touch, to be compared."""
    return {
        model.__name__: sorted(model.objects.values_list(*columns))
        for model, columns in (
            (Person, ("pk", "name", "company_id", "language")),
            (ContactPoint, ("person_id", "kind", "value", "source")),
            (Job, ("pk", "person_id")),
            (JobParty, ("job_id", "person_id", "role")),
        )
    }


def test_everything_of_the_other_comes_along_and_goes_back(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        other, job = twin(house)
        before = whole()
        done = merge.merge(house.cora, other, by=house.mona)
        kept, given_up = Person.objects.get(pk=house.cora.pk), Person.objects.get(pk=other.pk)
        assert (kept.name, kept.company_id, kept.language) == (house.cora.name, other.company_id, "es")
        assert given_up.merged_into_id == kept.pk
        assert list(Person.objects.distinct_ones().filter(pk__in=[kept.pk, other.pk])) == [kept]
        assert Job.objects.get(pk=job.pk).person_id == kept.pk
        assert not ContactPoint.objects.filter(person=other).exists()
        point = ContactPoint.objects.get(value="+18135550199")
        assert (point.person_id, point.source) == (kept.pk, "import"), "where it came from stays known"
        fact = Event.objects.get(kind="person.merged")
        assert (fact.actor_id, fact.data["merged"]) == (house.mona.pk, other.pk)

        merge.unmerge(done.uid, by=house.mona)
        assert whole() == before
        merge.unmerge(done.uid, by=house.mona)
        assert Event.objects.filter(kind="person.taken_apart").count() == 1


def test_what_both_had_is_there_once_and_twice_again_afterwards(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        other, _job = twin(house)
        JobParty.objects.create(job=house.job, person=other, role=JobParty.PartyRole.CUSTOMER)
        shared = ContactPoint.objects.filter(person=house.cora)[0]
        ContactPoint.objects.create(person=other, kind=shared.kind, value=shared.value)
        before = whole()
        done = merge.merge(house.cora, other, by=house.mona)
        assert JobParty.objects.filter(job=house.job, role=JobParty.PartyRole.CUSTOMER).count() == 1
        assert ContactPoint.objects.filter(value=shared.value).count() == 1
        merge.unmerge(done.uid, by=house.mona)
        assert whole() == before


def test_chosen_values_are_taken_and_given_back_unless_edited(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        other, _job = twin(house)
        name = house.cora.name
        done = merge.merge(house.cora, other, by=house.mona, take=("name",))
        assert Person.objects.get(pk=house.cora.pk).name == "Cora V."
        merge.unmerge(done.uid, by=house.mona)
        assert Person.objects.get(pk=house.cora.pk).name == name
        done = merge.merge(house.cora, Person.objects.get(pk=other.pk), by=house.mona, take=("name",))
        edited = Person.objects.get(pk=house.cora.pk)
        edited.name = "Cora Vega-Ruiz"
        edited.save()
        merge.unmerge(done.uid, by=house.mona)
        assert Person.objects.get(pk=house.cora.pk).name == "Cora Vega-Ruiz"


def test_what_came_after_the_merge_stays_with_the_kept_one(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        other, job = twin(house)
        done = merge.merge(house.cora, other, by=house.mona)
        later = open_job(title="Later", by=house.mona, person=house.cora)
        Job.objects.filter(pk=job.pk).update(person=None)
        merge.unmerge(done.uid, by=house.mona)
        assert Job.objects.get(pk=later.pk).person_id == house.cora.pk
        assert Job.objects.get(pk=job.pk).person_id is None, "somebody changed it since"


def test_a_chain_is_taken_apart_from_its_end(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        other, _job = twin(house)
        third = Person.objects.create(name="Cora Vega")
        first = merge.merge(other, third, by=house.mona)
        second = merge.merge(house.cora, other, by=house.mona)
        with pytest.raises(Refused, match="Undo that merge first"):
            merge.unmerge(first.uid, by=house.mona)
        merge.unmerge(second.uid, by=house.mona)
        merge.unmerge(first.uid, by=house.mona)
        assert not Person.objects.filter(merged_into__isnull=False).exists()


def test_one_cannot_be_merged_with_itself_nor_twice(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        other, _job = twin(house)
        with pytest.raises(Refused):
            merge.merge(other, other, by=house.mona)
        merge.merge(house.cora, other, by=house.mona)
        third = Person.objects.create(name="Cora Vega")
        with pytest.raises(Refused, match="in the meantime"):
            merge.merge(third, other, by=house.mona)
        assert Merge.objects.count() == 1


def test_every_column_that_points_to_a_person_is_known(cast: Cast) -> None:
    """An app that comes later is not forgotten: its columns are found by walking the models."""
    found = {f"{model.__name__}.{field.name}" for model, field in merge.keys_to_person()}
    assert {"Job.person", "JobParty.person", "ContactPoint.person", f"{FollowUp.__name__}.person"} <= found
    assert not any(name.startswith(("Person.", "Merge.", "Likeness.")) for name in found)
