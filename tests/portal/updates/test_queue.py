"""The queue of updates: what stands there, what the keys and buttons do, and who sees which."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.models import Change, Event
from crm.web.models import Notice
from portal.models import CustomerUpdate, UpdatePlan
from portal.models.update_policy import update_policy
from service.models import Project
from tests.portal.updates.conftest import NOW, letters, work

pytestmark = pytest.mark.django_db


def signed_in(member: Any) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


@pytest.fixture
def update(house: Any, job: Job) -> CustomerUpdate:
    at = UpdatePlan.objects.get(job=job).draft_at()
    assert at is not None
    work(at)
    row: CustomerUpdate = CustomerUpdate.objects.get()
    return row


def act(client: Client, house: Any, update: CustomerUpdate, verb: str, **data: str) -> Any:
    update.refresh_from_db()
    url = reverse(f"updates:{verb}", args=[house.tenant.slug, update.uid])
    sent = {"version": str(update.version), "next": f"/{house.tenant.slug}/updates/"} | data
    return client.post(url, sent, headers={"HX-Request": "true", "HX-Target": "updates"})


def test_one_is_read_changed_approved_and_taken_back(house: Any, update: CustomerUpdate) -> None:
    slug = house.tenant.slug
    with clock.at(update.created_at):
        client = signed_in(house.rita)
        page = client.get(f"/{slug}/updates/")
        assert "Nothing has changed since our last update" in page.text
        assert all(f'data-act="update-{name}"' in page.text for name in ("approve", "edit", "skip", "pause"))
        refused = act(client, house, update, "edit", happened="", next="x")
        assert "Enter what happened" in refused.text
        changed = act(client, house, update, "edit", happened="The tiles are here.", next="We begin on Monday.")
        assert "The tiles are here." in changed.text
        stale = client.post(
            reverse("updates:approve", args=[slug, update.uid]), {"version": "1"}, headers={"HX-Request": "true"}
        )
        assert "changed" in stale.text.lower()
        approved = act(client, house, update, "approve")
        assert "It will be sent in 15 seconds." in approved.text
        assert "Nothing to approve" in approved.text
        undo = approved.text.partition('hx-post="/')[2].partition('"')[0]
        client.post(f"/{undo}", headers={"HX-Request": "true"})
        update.refresh_from_db()
        assert (update.state, letters().get().state) == ("draft", "cancelled")
        shown = client.get(reverse("updates:update", args=[slug, update.uid]))
        assert "As the customer gets it" in shown.text
        assert "Hi Cora," in shown.text
        assert client.get(f"/{slug}/updates/counts/", headers={"HX-Request": "true"}).status_code == 200


def test_it_is_left_out_with_a_reason_paused_and_resumed_and_a_missed_one_is_told(
    house: Any, update: CustomerUpdate
) -> None:
    slug = house.tenant.slug
    work(update.due_at)
    assert Notice.objects.get(kind="update.missed").member == house.rita
    with clock.at(update.due_at):
        client = signed_in(house.mona)
        assert "Missed:" in client.get(f"/{slug}/updates/?missed=1&state=draft").text
        act(client, house, update, "pause", reason="They are abroad")
        plan = UpdatePlan.objects.get()
        assert (plan.is_paused, CustomerUpdate.objects.get().state) == (True, "skipped")
        act(client, house, update, "resume")
        assert not UpdatePlan.objects.get().is_paused
        assert "Skipped: They are abroad" in client.get(f"/{slug}/updates/?state=skipped").text
        assert Event.objects.filter(kind="update.skipped", actor=house.mona).count() == 1
        # A rep sees what is of leads they see.
        Job.objects.filter(pk=update.job_id).update(member=house.mona)
        assert signed_in(house.rita).get(reverse("updates:update", args=[slug, update.uid])).status_code == 404


def test_an_admin_sets_how_often_and_a_rep_does_not(house: Any) -> None:
    url = reverse("updates:set_policy", args=[house.tenant.slug])
    days = {"cadence_days": "10", "ahead_days": "1", "unseen_days": "4", "sends_itself": "1"}
    assert signed_in(house.rita).post(url, days).status_code == 404
    client = signed_in(house.ada)
    assert client.post(url, days | {"ahead_days": "10"}).status_code == 422
    assert client.post(url, days).status_code == 302
    assert (update_policy().cadence_days, update_policy().sends_itself) == (10, True)


def test_work_that_could_not_begin_moves_the_appointment_and_is_told_once_approved(house: Any, job: Job) -> None:
    type_ = AppointmentType.add("Installation", by=house.ada, minutes=60)
    booked = Appointment.book(job, type_, NOW + timedelta(days=1), [house.rita], by=house.rita)
    project, first = Project.start(job, None, by=house.rita), (NOW + timedelta(days=1)).date()
    project.schedule(first, first, by=house.rita)
    client, slug = signed_in(house.rita), house.tenant.slug
    url = reverse("updates:take_off", args=[slug, job.number])
    assert "Installation" in client.get(url).text
    sent = {"reason": "weather", "words": "It rains all week.", "appointment": str(booked.uid), "time": "09:00"}
    assert client.post(url, sent | {"day": "2026-05-10"}).status_code == 422
    saved = client.post(url, sent | {"day": "2026-05-20"})
    update = CustomerUpdate.objects.get(kind="take_off")
    assert saved.url == f"{reverse('updates:update', args=[slug, update.uid])}?job={job.number}"
    booked.refresh_from_db()
    assert booked.starts_at.isoformat() == "2026-05-20T13:00:00+00:00"
    assert update.happened.splitlines() == ["We could not begin because of the weather.", "It rains all week."]
    assert update.next == "The new day: Installation on Wednesday, May 20 at 9:00\xa0AM."
    assert (update.negatives, update.may_leave_by_itself) == (["delay"], False)

    def undo_it(row: CustomerUpdate) -> list[CustomerUpdate]:
        """One undo takes all of it back: the draft, the appointment, the project."""
        change = Change.objects.get(kind="update.take_off_failed", rows__row_id=row.pk)
        assert client.post(reverse("undo", args=[slug, change.uid])).status_code == 302
        booked.refresh_from_db()
        project.refresh_from_db()
        return list(CustomerUpdate.objects.filter(kind="take_off", state="draft"))

    assert undo_it(update) == []
    assert client.get(saved.url)["Location"] == reverse("updates:of_job", args=[slug, job.number]), "where one was"
    assert (booked.starts_at, project.starts_on) == (NOW + timedelta(days=1), first)
    # A newer one stands in the place of a draft; without it, the draft is there again.
    client.post(url, sent | {"day": "2026-05-20"})
    update = CustomerUpdate.objects.get(kind="take_off", state="draft")
    client.post(url, sent | {"day": "2026-05-22"})
    assert undo_it(CustomerUpdate.objects.get(kind="take_off", state="draft")) == [update]
    assert (booked.starts_at.day, project.starts_on) == (20, date(2026, 5, 20))
    update.refresh_from_db()
    update.approve(by=house.rita)
    assert "We could not begin as planned" in letters().get().subject
    # Once approved it is not undone with the appointment: that is told, or is being told.
    change = Change.objects.get(kind="update.take_off_failed", rows__row_id=update.pk)
    with pytest.raises(Refused):
        undo.undo_change(change.uid, by=house.rita)


def test_the_lead_says_when_the_next_is_due_and_how_often_is_set_there(house: Any, job: Job) -> None:
    client, slug = signed_in(house.rita), house.tenant.slug
    panel = client.get(reverse("updates:of_job", args=[slug, job.number]), headers={"HX-Request": "true"}).text
    assert "The next is due" in panel
    url = reverse("updates:set_cadence", args=[slug, job.number])
    version = str(UpdatePlan.objects.get(job=job).version)
    assert client.post(url, {"version": version, "days": "x"}, headers={"HX-Request": "true"}).status_code == 422
    assert client.post(url, {"version": version, "days": "7"}, headers={"HX-Request": "true"}).status_code == 200
    assert UpdatePlan.objects.get(job=job).cadence_days == 7
