"""What a follow-up is about: its links, what it takes over from them, who sees it, and what becomes of it with them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from crm.documents.files.inspection import Inspected
from crm.documents.models import Document
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.jobs.removal import remove_all
from crm.kernel import clock
from crm.people import erasure
from crm.people.merging.merge import merge as merge_people
from crm.people.merging.merge import unmerge
from crm.people.models import Person, Property
from crm.platform.models import Brand, Member
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp, FollowUpNote
from tests.cast import Cast, House
from tests.documents.conftest import PDF, begin, files, kind
from tickets.merging.merge import merge as merge_tickets
from tickets.merging.merge import take_back
from tickets.models import Ticket

__all__ = ["files"]


@pytest.fixture
def house(cast: Cast, files: Any) -> Iterator[House]:
    with use_tenant(cast.house.tenant):
        begin()
        yield cast.house


def plan(house: House, about: Any = None, **changed: Any) -> FollowUp:
    values: dict[str, Any] = {"kind": "call", "subject": "Call", "assignee": house.mona, "by": house.mona}
    return FollowUp.plan(about=about, due_at=clock.now() + timedelta(hours=4), **values | changed)


def begin_ticket(**columns: Any) -> Ticket:
    return Ticket.begin(brand=Brand.objects.get(), subject="Leak", medium="email", by=None, **columns)


def add_document(house: House, **of: Any) -> Document:
    return Document.add(Inspected("Deed.pdf", "application/pdf", PDF), kind=kind("Permit"), by=house.mona, **of)


def book(house: House) -> Appointment:
    visit = AppointmentType.add("Inspection", by=house.ada, minutes=60, travel_minutes=0)
    at = clock.now() + timedelta(days=2)
    return Appointment.book(house.job, visit, at, [house.rita], by=house.rita, anyway=True)


def colleagues_job(house: House, **values: Any) -> Job:
    return open_job(title="Theirs", stage=house.stage("New"), member=house.mona, by=house.mona, **values)


def is_seen(row: FollowUp, member: Member) -> bool:
    return bool(FollowUp.objects.visible_to(member).filter(pk=row.pk).exists())


# Links


def test_the_database_refuses_one_about_nothing(house: House) -> None:
    row = FollowUp.build(kind="call", subject="Call", due_at=None)
    assert row.is_personal
    row.is_personal = False
    with pytest.raises(IntegrityError, match="follow_up_is_about_something"), transaction.atomic():
        row.save()


def test_one_of_a_ticket_is_its_jobs_next_step_and_its_customers(house: House) -> None:
    row = plan(house, begin_ticket(job=house.job))
    assert (row.job, row.person, row.is_personal) == (house.job, house.cora, False)
    house.job.refresh_from_db()
    assert house.job.next_step_label == "Call"


def test_one_of_an_appointment_is_its_jobs(house: House) -> None:
    row = plan(house, book(house))
    assert (row.job, row.person) == (house.job, house.cora)


def test_one_of_a_document_is_its_jobs_or_its_customers(house: House) -> None:
    assert plan(house, add_document(house, job=house.job)).job == house.job
    row = plan(house, add_document(house, person=house.cora))
    assert (row.job, row.person) == (None, house.cora)


def test_one_of_a_property_has_neither(house: House) -> None:
    row = plan(house, house.job.site)
    assert (row.job, row.person, row.site) == (None, None, house.job.site)


def test_a_lost_job_is_not_taken_over_but_its_customer_is(house: House) -> None:
    ticket = begin_ticket(job=house.job)
    house.job.drop("", by=house.mona)
    row = plan(house, Ticket.objects.get(pk=ticket.pk))
    assert (row.job, row.person, row.ticket) == (None, house.cora, ticket)


# Who sees it


def test_a_rep_sees_those_about_what_they_see(house: House) -> None:
    for record in (house.cora, begin_ticket(), add_document(house, person=house.cora), house.job.site):
        assert is_seen(plan(house, record), house.rita), record


def test_a_rep_sees_none_about_what_is_a_colleagues(house: House) -> None:
    theirs = Person.objects.create(name="Theirs")
    job = colleagues_job(house, person=theirs, site=Property.objects.create(street="1 Elm St", country="US"))
    document = add_document(house, person=theirs)
    for record in (job, theirs, begin_ticket(member=house.mona), document, job.site):
        row = plan(house, record)
        assert not is_seen(row, house.rita), record
        assert is_seen(row, house.ada)


def test_a_personal_one_is_seen_by_its_assignee_and_its_author_alone(house: House) -> None:
    row = plan(house, assignee=house.sam, by=house.rita)
    assert is_seen(row, house.rita)
    assert is_seen(row, house.mona), "who sees everything"
    assert not is_seen(plan(house), house.rita)
    row.assign_to(house.rita, by=house.mona)
    assert is_seen(row, house.rita)


# What becomes of it


def test_removing_a_job_removes_those_of_its_records(house: House) -> None:
    for record in (begin_ticket(job=house.job), book(house)):
        plan(house, record)
    remove_all([house.job], by=house.mona, data={})
    assert not FollowUp.objects.exists()


def test_a_person_and_a_property_with_a_follow_up_are_not_deleted(house: House) -> None:
    for record in (Person.objects.create(name="P"), Property.objects.create(street="1 Elm St", country="US")):
        plan(house, record)
        with pytest.raises(ProtectedError):
            record.delete()


def test_those_of_a_merged_person_move_and_come_back(house: House) -> None:
    double = Person.objects.create(name="Cora C.")
    row = plan(house, double)
    done = merge_people(house.cora, double, by=house.mona)
    row.refresh_from_db()
    assert row.person == house.cora
    unmerge(done.uid, by=house.mona)
    row.refresh_from_db()
    assert row.person == double


def test_those_of_a_merged_ticket_are_about_the_one_that_stays(house: House) -> None:
    first, second, third = begin_ticket(), begin_ticket(), begin_ticket()
    row = plan(house, first)
    merge_tickets(first, second, by=house.mona)
    last = merge_tickets(second, third, by=house.mona)
    assert list(FollowUp.objects.about(third)) == [row]
    take_back(last, by=house.mona)
    assert not FollowUp.objects.about(third).exists()
    assert list(FollowUp.objects.about(second)) == [row]


def test_erasing_a_customer_blanks_those_about_them_and_their_records(house: House) -> None:
    ticket = begin_ticket(person=house.cora)
    rows = [plan(house, record, notes="needle") for record in (house.cora, house.job, ticket)]
    rows.append(plan(house, add_document(house, person=house.cora), notes="needle"))
    rows[0].note("needle", by=house.rita)
    erasure.erase(house.cora, by=house.ada)
    assert not FollowUpNote.objects.exists()
    for row in rows:
        row.refresh_from_db()
        assert (row.subject, row.notes) == ("Erased person", "")
