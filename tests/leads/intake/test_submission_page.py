"""The page of a submission that could not be read."""

import json

import pytest
from django.test import Client

from leads.intake.posts import meta
from leads.models import IntakeDoor, Submission
from tests.cast import House
from tests.leads.intake.test_intake import house, opened, path_of, read_all

__all__ = ["house"]
pytestmark = pytest.mark.django_db


def page_of(house: House, row: Submission) -> str:
    client = Client()
    client.force_login(house.ada.user)
    return client.get(f"/{house.tenant.slug}/leads/intake/{row.uid}/").text


def test_the_key_of_a_google_form_is_not_shown(house: House) -> None:
    door = opened(house, IntakeDoor.DoorKind.GOOGLE)
    lead = {"google_key": door.key, "user_column_data": [{"column_id": "q1", "string_value": "red"}]}
    Client().post(path_of(door), json.dumps(lead), content_type="application/json")
    read_all()
    page = page_of(house, Submission.objects.get())
    assert ("q1" in page, door.key in page) == (True, False)


def test_a_lead_of_meta_without_a_token_leads_to_the_settings_of_its_endpoint(house: House) -> None:
    door = opened(house, IntakeDoor.DoorKind.META)
    row = Submission.objects.create(door=door, body=b'{"leadgen_id": "11"}', digest="d", key="11")
    meta.fetch(house.tenant.pk, row.pk)
    row.refresh_from_db()
    page = page_of(house, row)
    assert (f"/leads/intake/doors/{door.pk}/" in page, "What its fields mean" in page) == (True, False)
