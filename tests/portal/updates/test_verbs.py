"""An update from its draft to the customer's answer: planned, written once, approved, taken back, missed, seen."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from comms.models import Message
from crm.documents.models import DocumentKind, DocumentRequest
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.jobs.models.appointments import AppointmentType
from crm.jobs.models.appointments.appointment import Appointment
from crm.jobs.pipelines.stage import CustomerText
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.people.models import Person, Property
from crm.platform import undo
from crm.platform.models import Due, Event
from portal.models import CustomerUpdate, UpdatePlan, UpdatePolicy
from portal.models.customer_update import END_OF_DAY
from portal.updates import tracking
from portal.updates.drafting.drafts import draft_due
from service.models import Milestone, Project
from tests.portal.updates.conftest import NOW, left, letters, work

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def plan_of(job: Job) -> UpdatePlan:
    return UpdatePlan.objects.get(job=job)


def drafted(job: Job) -> CustomerUpdate:
    """The draft of a job, written on its day."""
    at = plan_of(job).draft_at()
    assert at is not None
    work(at)
    return CustomerUpdate.objects.get(job=job, state="draft")


def test_a_sold_job_is_told_of_every_two_weeks_until_it_ends_or_waits(house: Any, job: Job) -> None:
    plan = plan_of(job)
    assert plan.next_due_at is not None
    # Two weeks on is Memorial Day: the day after, at five in Tampa.
    assert plan.next_due_at.isoformat() in ("2026-05-25T21:00:00+00:00", "2026-05-26T21:00:00+00:00")
    job.pause(reason="Rain", until=None, by=house.rita)
    work()
    assert plan_of(job).next_due_at is None
    job.resume(by=house.rita)
    work()
    assert plan_of(job).next_due_at is not None
    job.finish(by=house.rita)
    work()
    assert plan_of(job).next_due_at is None
    assert not Due.objects.filter(kind="update.draft").exists()


def test_a_step_customers_read_of_counts_anew_and_withdraws_what_nobody_touched(house: Any, job: Job) -> None:
    update = drafted(job)
    house.stage("Invoiced").tell_customers({"en": CustomerText("Your work is done", "")}, by=house.ada)
    later = NOW + 13 * DAY
    with clock.at(later):
        Job.objects.get(pk=job.pk).move_to(house.stage("Invoiced"), by=house.rita)
    work(later)
    assert not CustomerUpdate.objects.filter(pk=update.pk).exists()
    due_at = plan_of(job).next_due_at
    assert due_at is not None
    assert due_at > later + 13 * DAY


def test_a_person_pauses_resumes_and_sets_how_often(house: Any, job: Job) -> None:
    plan = plan_of(job)
    with pytest.raises(Refused):
        plan.pause(" ", by=house.rita)
    plan.pause("They are abroad", by=house.rita)
    work()
    assert (plan_of(job).next_due_at, plan_of(job).pause_reason) == (None, "They are abroad")
    plan.resume(by=house.rita)
    plan.set_cadence(7, by=house.rita)
    due_at = plan_of(job).next_due_at
    assert due_at is not None
    assert (due_at - NOW).days == 7
    plan.set_cadence(None, only_the_end=True, by=house.rita)
    assert plan_of(job).next_due_at is None


def test_a_draft_is_written_once_however_often_it_is_asked_for(house: Any, job: Job) -> None:
    type_ = AppointmentType.add("Installation", by=house.ada, minutes=60)
    Appointment.book(job, type_, NOW + 21 * DAY, [house.rita], by=house.rita)
    update = drafted(job)
    draft_due([plan_of(job).pk])
    assert CustomerUpdate.objects.count() == 1
    assert "Installation" in update.next
    assert update.needed.startswith("Please confirm")
    assert Due.objects.get(kind=END_OF_DAY).due_at == update.due_at
    # Something more happens: what nobody has changed is written anew.
    Appointment.objects.get().confirm(by=house.rita)
    work(update.created_at + timedelta(hours=1))
    update.refresh_from_db()
    assert update.needed == ""


def test_one_letter_tells_the_owner_of_several_places(house: Any, job: Job) -> None:
    other = open_job(
        title="Second place",
        person=house.cora,
        site=Property.objects.create(street="9 Gulf Dr", city="Tampa", country="US"),
        stage=house.stage("Scheduled"),
        member=house.rita,
        by=house.rita,
    )
    UpdatePlan.begin_all([other])
    at = plan_of(job).draft_at()
    assert at is not None
    work(at)
    letter, part = CustomerUpdate.objects.order_by("pk")
    assert (letter.job, part.job, part.digest_id) == (job, other, letter.pk)
    assert {line.partition(":")[0] for line in letter.happened.splitlines()} == {"2207 Bayshore Ct", "9 Gulf Dr"}
    with clock.at(at):
        letter.approve(by=house.rita)
    letter.refresh_from_db()
    assert letter.message is not None
    left(letter.message, at + timedelta(minutes=1))
    work(at + timedelta(minutes=1))
    assert {row.state for row in CustomerUpdate.objects.all()} == {"sent"}
    assert {row.last_sent_at for row in UpdatePlan.objects.all()} == {at + timedelta(minutes=1)}


def test_it_is_edited_approved_taken_back_sent_seen_and_answered(house: Any, job: Job) -> None:
    update = drafted(job)
    with pytest.raises(Refused):
        update.edit({"happened": " "}, by=house.rita)
    update.edit({"happened": "The tiles are here.\nThey are red."}, by=house.rita)
    with undo.record_undoable("update.approved", [update], by=house.rita) as change:
        update.approve(by=house.rita)
    message = letters().get()
    assert (message.medium, message.state, message.author) == ("email", "held", house.rita)
    assert "They are red." in message.text
    assert "What we need from you" not in message.text, "nothing is"
    undo.undo_change(change.uid, by=house.rita)
    message.refresh_from_db()
    update.refresh_from_db()
    assert (message.state, update.state) == ("cancelled", "draft")
    work()
    update.approve(by=house.rita, medium="sms")
    update.refresh_from_db()
    assert update.message is not None
    assert update.message.medium == "sms"
    at = update.created_at + timedelta(hours=1)
    left(update.message, at)
    work(at)
    update.refresh_from_db()
    plan = plan_of(job)
    assert (update.state, update.sent_at, plan.told_until, plan.last_sent_at) == ("sent", at, update.until, at)
    with pytest.raises(Stale):
        update.skip("Too late", by=house.rita)
    tracking.note_visit(person_id=house.cora.pk, at=at + timedelta(hours=2))
    update.refresh_from_db()
    assert (update.seen_at, update.seen_by) == (at + timedelta(hours=2), "visit")
    update.delivery.note_answered(at + timedelta(hours=3))
    assert [update.seen_by, update.answered_at] == ["visit", at + timedelta(hours=3)]
    kinds = set(Event.objects.filter(job_id=job.pk).values_list("kind", flat=True))
    assert {"update.edited", "update.approved", "update.taken_back", "update.sent", "update.seen"} <= kinds


def test_what_nobody_sends_is_missed_and_what_may_leave_by_itself_leaves(house: Any, job: Job) -> None:
    update = drafted(job)
    work(update.due_at)
    update.refresh_from_db()
    assert (update.missed_at, update.state) == (update.due_at, "draft")
    assert Event.objects.filter(kind="update.missed").count() == 1
    UpdatePolicy.set(cadence_days=14, ahead_days=2, unseen_days=5, sends_itself=True, by=house.ada)
    with clock.at(update.due_at):
        CustomerUpdate.objects.update(negatives=["delay"], missed_at=None)
        tracking.send_what_is_due([update.pk])
        update.refresh_from_db()
        assert update.state == "draft"
        CustomerUpdate.objects.update(negatives=[], missed_at=None)
        tracking.send_what_is_due([update.pk])
        update.refresh_from_db()
    assert (update.state, update.approved_by) == ("approved", None)


def test_unseen_for_days_another_channel_is_proposed_and_a_skipped_one_counts_anew(house: Any, job: Job) -> None:
    update = drafted(job)
    with clock.at(update.created_at):
        update.approve(by=house.rita)
    update.refresh_from_db()
    assert update.message is not None
    left(update.message, update.created_at)
    work(update.created_at)
    work(update.created_at + 5 * DAY)
    update.refresh_from_db()
    assert update.proposed_medium == "sms"
    with clock.at(update.created_at + 5 * DAY):
        update.send_by("sms", by=house.rita)
    update.refresh_from_db()
    assert (update.medium, update.proposed_medium, letters().count()) == ("sms", "", 2)
    nxt = drafted(job)
    with clock.at(nxt.created_at):
        nxt.skip("We spoke on the phone", by=house.rita)
    plan = plan_of(job)
    assert plan.next_due_at is not None
    assert plan.next_due_at > nxt.created_at + 13 * DAY
    assert plan.told_until == update.until, "it tells of all of it the next time"


def test_a_customer_without_any_way_is_refused_in_words(house: Any, job: Job) -> None:
    update = drafted(job)
    Person.objects.get(pk=house.cora.pk).contact_points.all().delete()
    with pytest.raises(Refused, match="can’t be reached"):
        update.approve(by=house.rita)
    update.refresh_from_db()
    assert update.state == "draft"


def test_it_tells_of_milestones_papers_and_what_stands_still(house: Any, job: Job) -> None:
    project = Project.objects.get(job=job)
    project.milestones.all().delete()
    reached, secret, _coming = (
        Milestone.add(project, name, by=house.sam, planned_on=date(2026, 6, 3), visibility="customer")
        for name in ("The old roof is off", "Invoice checked", "The new tiles are on")
    )
    Milestone.objects.filter(pk=secret.pk).update(visibility="internal")
    work(NOW + DAY)
    with clock.at(NOW + 3 * DAY):
        reached.complete(by=house.sam)
        project.hold("Rain", date(2026, 5, 20), by=house.sam)
        kind = DocumentKind.objects.first() or DocumentKind.add("Contract", by=house.ada)
        DocumentRequest.objects.create(job=job, kind=kind, title="the claim number", due_on=date(2026, 6, 1))
        work(NOW + 3 * DAY)
    due_at = plan_of(job).next_due_at
    assert due_at is not None
    assert due_at > NOW + 16 * DAY, "a milestone they read of counts anew"
    update = drafted(job)
    assert update.happened.splitlines() == [
        "Thursday, May 14: the old roof is off.",
        "Your work has been on hold since Thursday, May 14: Rain.",
    ]
    assert update.next.startswith("Planned for Wednesday, June 3: the new tiles are on.")
    assert update.needed == "Please send us by Monday, June 1: the claim number."
    assert update.negatives == ["hold"]


def test_a_message_that_fails_is_followed_to_the_next_channel_or_the_draft_says_why(house: Any, job: Job) -> None:
    update = drafted(job)
    with clock.at(update.created_at):
        update.approve(by=house.rita)
        failed = letters().get()
        failed.record_event("message.failed", None, {"reason": "mailbox full"})
        instead = Message.objects.get(pk=failed.pk)
        instead.pk, instead.medium, instead.instead_of, instead.message_id = None, "sms", failed, ""
        instead._state.adding = True
        instead.uid = uuid4()
        instead.save()
        work(update.created_at)
        update.refresh_from_db()
        assert (update.state, update.message, update.medium) == ("approved", instead, "sms")
        instead.record_event("message.failed", None, {"reason": "no such number"})
        work(update.created_at)
        update.refresh_from_db()
    assert (update.state, update.problem) == ("draft", "no such number")
