"""A customer's choice of a time: asked for, chosen once, closed; by the verbs and by their link."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from comms.models import Channel, Message
from crm.jobs.appointments.setup import begin, offered_types
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint
from crm.platform.models import Brand
from crm.platform.tenancy import secrets
from service.booking.links import address_of, read
from service.models import BookingRequest, Project
from tests.cast import Cast, House
from tests.followups.conftest import Browser
from tests.service.conftest import NOON, recorded, said

AT = datetime.fromisoformat("2026-12-01T15:00:00+00:00")


@pytest.fixture
def inspection(house: House) -> AppointmentType:
    begin()
    return offered_types()[0]


@pytest.fixture
def asked(house: House, job: Job, inspection: AppointmentType) -> BookingRequest:
    return BookingRequest.ask(job, inspection, by=house.sam)


def test_asked_again_it_is_one_request_open_for_three_weeks_more(house: House, asked: BookingRequest) -> None:
    with clock.at(NOON + timedelta(days=20)):
        BookingRequest.ask(asked.job, asked.type, by=house.sam)
    row = BookingRequest.objects.get()
    with clock.at(NOON + timedelta(days=41)):
        assert row.is_open
    with clock.at(NOON + timedelta(days=41, seconds=1)):
        assert not row.is_open


def test_of_a_closed_job_no_time_is_asked_for(house: House, job: Job, inspection: AppointmentType) -> None:
    job.lose("price", by=house.rita)
    with pytest.raises(Refused, match="closed"):
        BookingRequest.ask(job, inspection, by=house.sam)


def test_of_an_archived_type_no_time_is_asked_for(house: House, job: Job, inspection: AppointmentType) -> None:
    inspection.archived_at = NOON
    with pytest.raises(Refused, match="no longer available"):
        BookingRequest.ask(job, inspection, by=house.sam)


def test_chosen_twice_it_is_booked_once(house: House, asked: BookingRequest) -> None:
    first = asked.choose(AT, house.sam)
    assert asked.choose(AT + timedelta(days=1), house.sam) == first
    assert (Appointment.objects.count(), recorded("booking.chosen")) == (1, 1)


def test_after_three_weeks_no_time_is_chosen(house: House, asked: BookingRequest) -> None:
    with clock.at(NOON + timedelta(days=22)), pytest.raises(Refused, match="closed"):
        asked.choose(AT + timedelta(days=30), house.sam)
    assert not Appointment.objects.exists()


def test_withdrawn_twice_it_is_withdrawn_once_and_not_chosen(house: House, asked: BookingRequest) -> None:
    for _time in range(2):
        asked.withdraw(by=house.sam)
    assert recorded("booking.withdrawn") == 1
    with pytest.raises(Refused, match="closed"):
        asked.choose(AT, house.sam)


def test_an_appointment_that_was_cancelled_is_not_chosen_anew_by_the_old_link(
    house: House, asked: BookingRequest
) -> None:
    asked.choose(AT, house.sam).cancel("Rain", by=house.sam)
    asked.refresh_from_db()
    with pytest.raises(Refused, match="closed"):
        asked.choose(AT, house.sam)


def test_once_chosen_the_customer_may_be_asked_for_another(house: House, asked: BookingRequest) -> None:
    asked.choose(AT, house.sam)
    assert BookingRequest.ask(asked.job, asked.type, by=house.sam).pk != asked.pk


def test_a_link_of_another_kind_opens_no_booking(asked: BookingRequest) -> None:
    token = address_of(asked).rstrip("/").rsplit("/", 1)[-1]
    assert read(token) == (asked.tenant_id, str(asked.uid))
    assert read(secrets.encrypt(f'["review", {asked.tenant_id}, "{asked.uid}"]')) is None
    assert read(secrets.encrypt('{"not": "a list"}')) is None


def test_a_link_to_what_is_gone_says_that_it_is_over(asked: BookingRequest) -> None:
    path = address_of(asked)
    asked.delete()
    assert Client().get(path).status_code == 410


def test_a_link_of_one_tenant_reads_nothing_of_another(cast: Cast, asked: BookingRequest) -> None:
    token = secrets.encrypt(f'["booking", {cast.other.tenant.pk}, "{asked.uid}"]')
    assert Client().get(f"/public/booking/{token}/").status_code == 410


def test_the_page_is_not_kept_nor_passed_on(asked: BookingRequest) -> None:
    page = Client().get(address_of(asked))
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
    assert "no-store" in page["Cache-Control"]


def test_looking_books_nothing(asked: BookingRequest) -> None:
    for method in (Client().get, Client().head):
        assert method(address_of(asked)).status_code == 200
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("slot", ["", "soon", "2026-12-01T15:00:00+00:00", "x y z", "2026-12-01 \0"])
def test_a_slot_that_was_not_offered_is_not_booked(asked: BookingRequest, slot: str) -> None:
    assert Client().post(address_of(asked), {"slot": slot}).status_code == 422
    assert not Appointment.objects.exists()


def test_a_customer_reads_the_page_in_their_language(house: House, asked: BookingRequest) -> None:
    house.cora.language = "nl"
    house.cora.save(update_fields=["language"])
    assert 'lang="nl"' in Client().get(address_of(asked)).content.decode()


@pytest.fixture
def ask(sam: Browser, project: Project, inspection: AppointmentType) -> Callable[..., str]:
    """Send the form that asks the customer; what the page says."""

    def post(type_: str = "") -> str:
        return said(sam.post(f"service/projects/{project.uid}/booking/", {"type": type_ or str(inspection.pk)}))

    return post


def channel(medium: str, address: str) -> Any:
    return Channel.create(
        by=None, brand=Brand.objects.get(), medium=medium, role="support", provider="embedded", address=address
    )


def test_without_a_channel_the_link_is_given_by_hand(ask: Callable[..., str]) -> None:
    words = ask()
    assert "can’t be reached" in words
    assert address_of(BookingRequest.objects.get()).partition("/public/")[1] in words


def test_the_link_goes_by_mail_first(ask: Callable[..., str]) -> None:
    channel("email", "hello@suncoast.example")
    channel("sms", "+18135550100")
    assert "Sent by Email" in ask()
    message = Message.objects.get()
    assert (message.medium, message.address.endswith("-mail.example")) == ("email", True)
    assert "/public/booking/" in message.text


def test_who_has_no_mail_is_sent_a_text(ask: Callable[..., str]) -> None:
    channel("email", "hello@suncoast.example")
    channel("sms", "+18135550100")
    ContactPoint.objects.filter(kind="email").delete()
    ask()
    assert (Message.objects.get().medium, Message.objects.get().subject) == ("sms", "")


@pytest.mark.parametrize("type_", ["0", "x"])
def test_a_type_that_is_not_offered_is_not_asked_for(ask: Callable[..., str], type_: str) -> None:
    assert "no longer available" in ask(type_)
    assert not BookingRequest.objects.exists()
