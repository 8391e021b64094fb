"""The search box: name, phone in any format, address, number; every word counts, in any order."""

import pytest

from crm.jobs.creation.job_creation import open_job
from crm.jobs.list.search import candidates, search
from crm.jobs.models import Job
from crm.people.models import Claim, Company, ContactPoint, Person, Property
from crm.platform.models import Member
from crm.platform.models.tenant import configuration_changed
from crm.platform.tenancy.context import use_tenant


@pytest.fixture
def house(cast):
    house = cast.house
    with use_tenant(house.tenant):
        configuration_changed()
        yield house


def customer(name: str, *, street: str = "", city: str = "", member: Member | None = None, **points: str):
    """A job of a new person, found by what is given."""
    person = Person.objects.create(name=name)
    for kind, value in points.items():
        ContactPoint.objects.create(person=person, kind=kind, value=value)
    site = Property.objects.create(street=street, city=city, postcode="33626", country="US") if street else None
    return open_job(title=name, person=person, site=site, member=member, by=None)


def found(text: str, by: Member) -> set[int]:
    """What the search box finds, which is what a list filtered by the text has."""
    ids = {hit.job_id for hit in search(text, by=by, most=1000)}
    filtered = Job.objects.visible_to(by).meant_by(candidates(text, by=by))
    assert set(filtered.values_list("pk", flat=True)) == ids
    return ids


@pytest.mark.parametrize(
    "text",
    [
        "6882 Osprey Ridge Dr, Westchase",
        "westchase osprey 6882",
        "osprey ridge dr",
        "6882 osp",
        "dr 6882",
        "Ridge Westchase 33626 Osprey Dr 6882",
    ],
)
def test_every_word_of_an_address_counts_in_any_order(house, text):
    there = customer("Ada Lovelace", street="6882 Osprey Ridge Dr", city="Westchase")
    customer("Mary Shelley", street="6883 Osprey Ridge Ln", city="Valrico")
    assert found(text, house.mona) == {there.pk}


@pytest.mark.parametrize("text", ["Zoë Quintana", "quintana zoe", "zoe q", "quint zo", "ZOE  QUINTANA-RUIZ"])
def test_every_word_of_a_name_counts_in_any_order(house, text):
    there = customer("Zoë Quintana-Ruiz")
    customer("Zoë Martin")
    customer("Ines Quintana-Lopez")
    assert found(text, house.mona) == {there.pk}


@pytest.mark.parametrize("text", ["+18135550177", "(813) 555-0177", "813-555-0177", "813.555.0177", "555-0177"])
def test_a_number_is_found_in_any_format(house, text):
    there = customer("Ada Lovelace", phone="+18135550177")
    customer("Mary Shelley", phone="+18135550178")
    assert found(text, house.mona) == {there.pk}


def test_by_address_company_number_and_claim(house):
    there = customer("Ada Lovelace", street="12 Sea St", email="ada@engine.example")
    claim = Claim(site_id=there.site_id, insurer="Gulf")
    claim.set_number("PX-4471 902")
    claim.save()
    firm = Company.objects.create(name="Gulf Pointe Dental")
    theirs = open_job(title=firm.name, company=firm, by=None)
    assert found("ada@engine.example", house.mona) == {there.pk}
    assert found(f"#{there.number}", house.mona) == {there.pk}
    assert found("px4471902", house.mona) == {there.pk}
    assert found("pointe gulf", house.mona) == {theirs.pk}


@pytest.mark.parametrize("text", ["%", "__", "a%b", "\\", "'; drop", "x", "", "%%%%"])
def test_signs_of_patterns_find_nothing_by_themselves(house, text):
    customer("Ada Lovelace", street="12 Sea St", email="ada@engine.example")
    assert found(text, house.mona) == set()


def test_more_of_one_way_than_are_looked_through_is_told(house, monkeypatch):
    for name in ("Ada Lovelace", "Ada Byron", "Mary Ada"):
        customer(name, street="12 Ada St")
    monkeypatch.setattr("crm.jobs.list.search.FEW", 4)
    assert not candidates("ada", by=house.mona).is_cut, "three names and three addresses"
    monkeypatch.setattr("crm.jobs.list.search.FEW", 3)
    assert candidates("ada", by=house.mona).is_cut
    assert not candidates("byron", by=house.mona).is_cut


def test_a_rep_finds_the_own_and_the_unclaimed(house):
    own, open_, other = (customer("Ada Lovelace", member=who) for who in (house.rita, None, house.sam))
    assert found("lovelace", house.rita) == {own.pk, open_.pk}
    assert found("lovelace", house.mona) == {own.pk, open_.pk, other.pk}


def test_nothing_is_found_across_the_wall(cast, house):
    customer("Ada Lovelace", email="ada@engine.example")
    with use_tenant(cast.other.tenant):
        assert found("lovelace", cast.other.mona) == set()
        assert found("ada@engine.example", cast.other.mona) == set()


def test_the_beginning_of_an_address_is_enough(house):
    there = customer("Ada Lovelace", email="ada.lovelace77@example.com")
    for typed in ("ada.lovelace", "ada.lovelace77", "lovelace77@", "ADA.Lovelace77@example.com"):
        assert found(typed, house.mona) == {there.pk}, typed


def test_a_rep_finds_the_own_leads_among_many_of_a_name(house):
    """The candidates are cut before it is known whose they are."""
    for at in range(300):
        customer(f"Maria Crowd{at}", member=house.mona)
    own = customer("Maria Zuletzt", member=house.rita)
    assert found("maria", house.rita) == {own.pk}
