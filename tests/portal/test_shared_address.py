"""An address that two customers share: a code lets in the one who is chosen, and shows the jobs of that one alone."""

from typing import Any

import pytest
from django.test import Client

from crm.jobs.creation.job_creation import open_job
from crm.people.models import ContactPoint, Person
from portal.access import codes, cookies
from portal.models import PortalAccess, PortalCode, PortalDevice
from tests.cast import House
from tests.portal.conftest import point_of
from tests.portal.test_code import ask, browser, code_in, send_all


@pytest.fixture
def spouse(writing_house: House) -> Person:
    """Somebody invited who has Cora's address too, and another job."""
    person: Person = Person.objects.create(name="Sid Spouse")
    person.refresh_from_db()
    ContactPoint.objects.create(person=person, kind="email", value=point_of(writing_house.cora).value)
    open_job(title="Sid’s shed", person=person, by=writing_house.rita)
    for invited in (person, writing_house.cora):
        PortalAccess.invite(invited, by=writing_house.rita)
    return person


def prove(house: House) -> tuple[Client, str, str, Any]:
    """A browser that has just given the right code, where it gave it, the code, and the answer."""
    client = browser()
    where = ask(client, house, point_of(house.cora).value)["Location"]
    code = code_in(send_all()[-1])
    return client, where, code, client.post(where, {"code": code})


def test_the_one_who_is_chosen_comes_in(spouse: Person, writing_house: House) -> None:
    for person in (spouse, writing_house.cora):
        client, where, code, choice = prove(writing_house)
        assert "Sid’s shed" in choice.content.decode()
        assert cookies.SESSION not in choice.cookies, "nobody is in before the choice"
        assert client.post(where, {"code": code, "who": str(person.uid)}).status_code == 302
        assert PortalDevice.objects.latest("pk").access.person == person
        home = client.get(f"/my/{writing_house.tenant.slug}/", follow=True).content.decode()
        assert ("Sid’s shed" in home) == (person == spouse)


def test_the_choice_needs_the_code_and_is_made_once(spouse: Person, writing_house: House) -> None:
    client, where, code, _choice = prove(writing_house)
    chosen = {"who": str(spouse.uid)}
    assert client.post(where, {"code": "000000" if code != "000000" else "111111", **chosen}).status_code == 422
    assert client.post(where, {"code": code, **chosen}).status_code == 302
    assert browser().post(where, {"code": code, **chosen}).status_code == 422
    assert PortalDevice.objects.count() == 1


def test_a_stranger_cannot_be_chosen(spouse: Person, writing_house: House) -> None:
    stranger = Person.objects.create(name="Uma Uninvited")
    stranger.refresh_from_db()
    client, where, code, _choice = prove(writing_house)
    assert cookies.SESSION not in client.post(where, {"code": code, "who": str(stranger.uid)}).cookies
    assert not PortalDevice.objects.exists()


def test_whose_access_is_removed_is_no_choice(spouse: Person, writing_house: House) -> None:
    PortalAccess.objects.get(person=spouse).revoke(by=None)
    _client, _where, _code, came = prove(writing_house)
    assert came.status_code == 302
    assert PortalDevice.objects.get().access.person == writing_house.cora


def test_a_code_asked_for_one_of_them_lets_that_one_in(spouse: Person, writing_house: House) -> None:
    theirs = ContactPoint.objects.get(person=spouse)
    assert codes.holders_of(PortalCode.ask(theirs.value, point=theirs)) == [theirs]
    assert len(codes.holders_of(PortalCode.ask(theirs.value))) == 2
