"""Who wrote: by an address or number and a name, as docs/rules.md#k19 says; nobody is merged by it."""

from typing import Any

import pytest

from crm.kernel import clock
from crm.people.models import ContactPoint, DuplicateCandidate, Person
from crm.people.senders import find_sender
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast


@pytest.fixture(autouse=True)
def inside(cast: Cast) -> Any:
    with use_tenant(cast.house.tenant):
        yield


def customer(name: str, value: str, *, verified: bool = False) -> Person:
    person: Person = Person.objects.create(name=name)
    kind = "email" if "@" in value else "phone"
    at = clock.now() if verified else None
    ContactPoint.objects.create(person=person, kind=kind, value=value, verified_at=at)
    return person


@pytest.mark.parametrize("verified", [False, True])
@pytest.mark.parametrize("name", ["Jan Jansen", "J. Jansen", ""])
def test_a_point_identifies_whose_name_agrees(name: str, verified: bool) -> None:
    jan = customer("Jan Jansen", "jan@home.example", verified=verified)
    sender = find_sender("email", "jan@home.example", name)
    assert (sender.person, sender.is_new) == (jan, False)
    assert Person.objects.filter(unconfirmed_since__isnull=False).count() == 0


@pytest.mark.parametrize("verified", [False, True])
def test_another_name_is_another_person_to_be_confirmed_and_suggested(verified: bool) -> None:
    jan = customer("Jan Jansen", "home@home.example", verified=verified)
    sender = find_sender("email", "home@home.example", "Marie Claes")
    assert sender.is_new
    assert sender.person
    assert sender.person != jan
    assert (sender.person.name, sender.person.unconfirmed_since is not None) == ("Marie Claes", True)
    pair = DuplicateCandidate.objects.get()
    assert (pair.one, pair.other, pair.reason) == (jan, sender.person, "message")
    assert find_sender("email", "home@home.example", "Marie Claes").person == sender.person


def test_a_number_two_share_identifies_neither_without_a_name() -> None:
    for name in ("Jan Jansen", "Marie Claes"):
        customer(name, "+18135550199")
    sender = find_sender("phone", "+18135550199", "")
    assert sender.is_new
    assert sender.person
    assert sender.person.name == "(813) 555-0199"
    assert DuplicateCandidate.objects.count() == 2


@pytest.mark.parametrize("value", ["noreply@shop.example", "na@na.com", "ada@suncoast-test.example"])
def test_placeholders_and_our_own_addresses_are_nobody(value: str) -> None:
    sender = find_sender("email", value, "Somebody Else")
    assert (sender.person, sender.point) == (None, None)
    assert sender.why


def test_a_roles_address_is_only_the_same_name() -> None:
    firm = customer("Acme Homes", "info@acme.example")
    assert find_sender("email", "info@acme.example", "Acme Homes").person == firm
    assert find_sender("email", "info@acme.example", "").is_new


def test_an_address_under_three_names_is_nobodys() -> None:
    for name in ("Jan Jansen", "Marie Claes", "Piet Bakker"):
        customer(name, "desk@home.example")
    assert find_sender("email", "desk@home.example", "").person is None


def test_nobody_is_made_where_none_is_wanted() -> None:
    before = Person.objects.count()
    assert find_sender("email", "new@home.example", "New One", create=False).person is None
    assert Person.objects.count() == before


def test_who_wrote_is_confirmed_once(cast: Cast) -> None:
    person = find_sender("email", "new@home.example", "New One").person
    assert person
    for _ in range(2):
        person.confirm(by=cast.house.rita)
    person.refresh_from_db()
    assert person.unconfirmed_since is None
