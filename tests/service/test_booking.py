"""A customer chooses a time themselves; and what stands on a property is looked after."""

from datetime import date

import pytest
from django.test import Client

from crm.jobs.appointments.setup import begin, offered_types
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from service.booking.links import address_of, read
from service.models import Asset, BookingRequest, Project, ProjectTemplate
from service.models.asset import after_months
from tests.cast import House
from tests.followups.conftest import Browser


def test_months_later() -> None:
    assert after_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert after_months(date(2026, 11, 25), 14) == date(2028, 1, 25)


def test_a_customer_books_what_is_free_and_only_once(house: House, job: Job) -> None:
    begin()
    type_ = offered_types()[0]
    template = ProjectTemplate.objects.get()
    template.edit("Re-roof", by=None, appointments=[{"type": type_.pk, "day": 0}])
    project = Project.start(job, template, by=house.sam)
    here, sam = house.tenant, Browser(house, house.sam)
    assert "Let the customer choose" in sam.get(f"service/projects/{project.uid}/")
    sam.post(f"service/projects/{project.uid}/booking/", {"type": type_.pk})
    with use_tenant(here):
        asked = BookingRequest.objects.get()
        assert BookingRequest.ask(job, type_, by=house.sam).pk == asked.pk
        path = address_of(asked).split("testserver")[-1]
    path = "/" + path.split("/", 3)[-1] if "://" in path else path
    customer = Client()
    page = customer.get(path).content.decode()
    assert "America" not in page
    slot = page.split('name="slot" value="')[1].split('"')[0]
    assert customer.post(path, {"slot": "2026-11-25T15:00:00+00:00 nobody"}).status_code == 422
    assert [customer.post(path, {"slot": slot}).status_code for _again in range(2)] == [302, 422]
    assert "It is booked" in customer.get(path).content.decode()
    with use_tenant(here):
        booked = Appointment.objects.get()
        assert (booked.state, booked.starts_at.isoformat()) == ("confirmed", slot.split()[0])
    for token in ("made-up", path.rstrip("/").rsplit("/", 1)[-1][:-3], "x" * 500):
        assert read(token) is None
        assert customer.get(f"/public/booking/{token}/").status_code == 410


def test_a_link_that_is_closed_says_what_to_do(house: House, job: Job) -> None:
    begin()
    asked = BookingRequest.ask(job, offered_types()[0], by=house.sam)
    asked.withdraw(by=house.sam)
    page = Client().get(address_of(asked))
    assert "Call us or answer our message" in page.content.decode()


def test_the_maintenance_of_an_asset_plans_a_follow_up_that_follows_it(house: House, job: Job) -> None:
    with pytest.raises(Refused):
        Asset.register(job, " ", by=house.sam)
    roof = Asset.register(
        job,
        "Roof, HDZ shingles",
        by=house.sam,
        warranty_until=date(2036, 11, 25),
        maintenance_due=date(2027, 11, 25),
        every_months=12,
    )
    planned = FollowUp.objects.filter(job=job).by_time()
    assert [(one.subject, one.due_at.date()) for one in planned] == [
        ("Maintenance: Roof, HDZ shingles", date(2027, 11, 25)),
    ]
    with undo.record_undoable("asset.maintained", [roof], by=house.sam) as change:
        roof.maintain(date(2027, 11, 20), by=house.sam)
    assert [one.due_at.date() for one in planned.open()] == [date(2028, 11, 20)]
    undo.undo_change(change.uid, by=house.sam)
    roof.refresh_from_db()
    assert roof.maintenance_due == date(2027, 11, 25)
    assert [one.due_at.date() for one in planned.open()] == [date(2027, 11, 25)]
    roof.remove(by=house.sam)
    assert not planned.open().exists()
