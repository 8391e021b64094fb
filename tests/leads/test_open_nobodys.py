"""Opening a lead by hand with an address or number that identifies nobody: nobody is found by it, or given it."""

from typing import Any

import pytest

from crm.jobs.models import Note
from crm.people.models import ContactPoint, Person
from crm.platform.tenancy.context import use_tenant
from tests.cast import House
from tests.leads.test_open import KNOWN, form_of, house

__all__ = ["form_of", "house"]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"email": "noemail@noemail.com"}, "It is a placeholder"),
        ({"email": "rita@suncoast-test.example"}, "your own organization"),
        ({"phone": "813 555 0166"}, "three or more different names"),
    ],
)
def test_what_identifies_nobody_finds_nobody_and_is_kept_in_a_note(
    form_of: Any, house: House, given: dict[str, str], why: str
) -> None:
    value = given.get("email") or "+18135550166"
    kind = "email" if "@" in value else "phone"
    with use_tenant(house.tenant):
        for name in ("Ann Lee", "Bob Ray", "Cid Fox"):
            ContactPoint.objects.create(person=Person.objects.create(name=name), kind=kind, value=value)
    rita = form_of("rita")
    assert rita.client.get(f"{rita.url}known/", given).content.decode().strip() == ""
    job = rita.opened(**given)
    with use_tenant(house.tenant):
        assert not ContactPoint.objects.filter(person=job.person_id).exists()
        note = Note.objects.get(job=job).body
    assert note.startswith(value)
    assert why in note


def test_the_third_name_at_a_number_gets_it_in_a_note(form_of: Any, house: House) -> None:
    with use_tenant(house.tenant):
        other = Person.objects.create(name="Marie Customer")
        ContactPoint.objects.create(person=other, kind="phone", value="+18135550142")
    rita = form_of("rita")
    assert "Is it the same one?" in rita.refused(**KNOWN | {"name": "Hector Salinas"})
    job = rita.opened(**KNOWN | {"name": "Hector Salinas"}, person="new")
    with use_tenant(house.tenant):
        assert not ContactPoint.objects.filter(person=job.person_id).exists()
        assert "three or more" in Note.objects.get(job=job).body
