"""Intake keeps everything that was sent, in a field or in a note, and one visitor's words on one lead."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from crm.jobs.models import Note, Pipeline, Source
from crm.platform.models.tenant import configuration_changed
from crm.platform.tenancy.context import use_tenant
from leads.intake.fields import read
from leads.intake.loose_names import match_name
from leads.models import IntakeDoor, Lead, Submission
from tests.cast import Cast, House
from tests.leads.intake.test_intake import LEAD, DoorKind, opened, read_all, send


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant):
        yield cast.house


def lead_from(door: IntakeDoor, **fields: Any) -> Lead:
    send(door, LEAD | fields)
    read_all()
    lead: Lead | None = Submission.objects.latest("pk").lead
    assert lead is not None
    return lead


def notes_of(lead: Lead) -> str:
    return "\n".join(Note.objects.filter(job=lead.job).order_by("pk").values_list("body", flat=True))


def test_a_town_without_a_street_is_kept(house: House) -> None:
    lead = lead_from(opened(house, DoorKind.JSON), city="Tampa", postcode="33611")
    assert lead.job.place == "Tampa"
    assert ("City: Tampa" in notes_of(lead), "Postal code: 33611" in notes_of(lead)) == (True, True)


def test_a_name_that_is_nearly_one_is_taken_and_asked_about(house: House) -> None:
    Source.objects.create(name="Google Ads")
    Pipeline.objects.create(name="Gutter repairs")
    configuration_changed()
    lead = lead_from(opened(house, DoorKind.JSON), source="google", work="Gutter repair")
    assert (lead.job.source.name, lead.job.pipeline.name) == ("Google Ads", "Gutter repairs")
    assert "google (taken as “Google Ads”: is that right?)" in notes_of(lead)


def test_a_name_of_nothing_is_kept_in_words(house: House) -> None:
    lead = lead_from(opened(house, DoorKind.JSON), source="My neighbour", work="Sauna")
    assert ("My neighbour" in notes_of(lead), "Sauna" in notes_of(lead)) == (True, True)


class Row:
    def __init__(self, name: str) -> None:
        self.name = name


@pytest.mark.parametrize(
    ("words", "name"),
    [("ROOFING", "Roofing"), ("roof repairs", "Roof repair"), ("Roof", ""), ("Reparis", "Repairs"), ("Pool", "")],
)
def test_words_name_one_row_or_none(words: str, name: str) -> None:
    rows = [Row(each) for each in ("Roofing", "Roof repair", "Roof replacement", "Repairs")]
    row = match_name(words, rows).row
    assert (row.name if row else "") == name


def test_a_second_value_and_a_nested_label_are_kept_and_the_envelope_is_not() -> None:
    fields = {"email": "a@b.co", "E-mail": "c@d.co", "contact.unit": "4B", "form_id": "7", "submittedAt": "now"}
    assert read(fields, {}).more == {"E-mail": "c@d.co", "contact.unit": "4B"}


def test_the_same_external_id_is_one_lead_whatever_else_was_corrected(house: House) -> None:
    door = opened(house, DoorKind.JSON)
    first = lead_from(door, external_id="8731")
    again = lead_from(door, external_id="8731", phone="(813) 555-0199", email="ann@home.example")
    assert again == first
    assert "ann@home.example" in notes_of(first)
    other = lead_from(door, external_id="8731", name="Bob Stone", phone="(813) 555-0777", email="bob@s.example")
    assert other != first, "an ID that everybody sends is nobody's"
    assert "External ID: 8731" in notes_of(other)


def test_a_visitor_who_sends_a_form_twice_is_one_lead_with_both_messages(house: House) -> None:
    door = opened(house, DoorKind.JSON)
    first = lead_from(door)
    assert lead_from(door, message="And the gutters") == first
    assert ("A new roof" in notes_of(first), "And the gutters" in notes_of(first)) == (True, True)
    elsewhere = lead_from(door, street="1 Other Rd", city="Tampa")
    third = lead_from(door, name="Somebody Else")
    assert (elsewhere == first, third == first) == (True, False), "no address was known; another name is another"
    at_last = lead_from(door, external_id="1")
    assert lead_from(door, external_id="2") != at_last, "another ID is another job"


def test_their_words_are_their_message_and_no_note_of_the_team(house: House) -> None:
    lead = lead_from(opened(house, DoorKind.JSON), city="Tampa")
    client = Client()
    client.force_login(house.mona.user)
    page = " ".join(client.get(f"/{house.tenant.slug}/leads/{lead.job.number}/").text.split())
    assert "The customer wrote · A json door" in page
    assert page.count("Only the team sees this.") == 1, "of what has no field alone"
