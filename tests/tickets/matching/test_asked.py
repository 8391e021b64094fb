"""What a colleague is asked: is it a reply, which lead is it about; one click each."""

from typing import Any

import pytest
from django.test import Client

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.people.models import Property
from crm.people.models.property import Claim
from crm.platform import undo
from crm.platform.models import Change
from crm.platform.tenancy.context import use_tenant
from leads.models import Lead
from tests.cast import Cast
from tests.tickets.matching.conftest import Office
from tickets.matching.suggestions import job_suggestions
from tickets.models import Entry, EntryMove, Status, Ticket

FAY = {"sender": "Fay Fresh <fay@new.example>", "Message_ID": "<fay@new.example>"}


@pytest.fixture
def post(cast: Cast, client: Client) -> Any:
    client.force_login(cast.house.rita.user)

    def post(path: str, **told: Any) -> Any:
        slug = cast.house.tenant.slug
        answer = client.post(f"/{slug}/tickets/{path}", {"next": f"/{slug}/leads/", **told})
        assert answer.status_code == 302, answer
        return answer

    return post


def test_a_possible_reply_is_moved_or_stays_with_one_click(
    office: Office, begun: Ticket, post: Any, client: Client
) -> None:
    first, second = (office.mail(Subject="Re: My roof") for _ in range(2))
    assert first
    assert second
    page = client.get(f"/{office.house.tenant.slug}/tickets/{first.ticket.number}/").content
    assert f"entries/{first.uid}/confirm/".encode() in page
    assert f"entries/{first.uid}/dismiss/".encode() in page
    post(f"entries/{first.uid}/confirm/")
    first.refresh_from_db()
    assert (first.ticket, first.matched_by, first.evidence) == (begun, "by_hand", {})
    own = Ticket.objects.get(merged_into=begun)
    assert (own.status, own.waiting_since) == (Status.CLOSED, None)
    begun.refresh_from_db()
    assert begun.unread_count == 2
    moved = EntryMove.objects.get()
    assert (moved.source, moved.target) == (own, begun)
    post(f"entries/{second.uid}/dismiss/")
    post(f"entries/{second.uid}/confirm/")
    second.refresh_from_db()
    assert (second.evidence, second.ticket not in (begun, own)) == ({}, True)


def test_who_may_not_see_the_other_conversation_is_led_nowhere(
    office: Office, begun: Ticket, post: Any, client: Client
) -> None:
    entry = office.mail(Subject="Re: My roof")
    assert entry
    Ticket.objects.filter(pk=entry.ticket_id).update(job=None, member=None)
    Ticket.objects.filter(pk=begun.pk).update(job=None, member=office.house.mona)
    here = f"/{office.house.tenant.slug}/tickets"
    page = client.get(f"{here}/{entry.ticket.number}/").content.decode()
    assert (f"{here}/{begun.number}/" in page, f"{entry.uid}/confirm/" in page, f"{entry.uid}/dismiss/" in page) == (
        False,
        False,
        True,
    )
    assert "ask them to look" in page
    post(f"entries/{entry.uid}/confirm/")
    entry.refresh_from_db()
    assert entry.ticket_id != begun.pk
    # What a colleague's was merged into is shown for what it is now.
    other = office.mail(Subject="Something else", Message_ID="<other@home.example>")
    assert other
    Ticket.objects.filter(pk=other.ticket_id).update(job=None, member=None)
    Ticket.objects.filter(pk=begun.pk).update(member=office.house.rita, merged_into=other.ticket)
    page = client.get(f"{here}/{entry.ticket.number}/").content.decode()
    assert f"View #{other.ticket.number}" in page


def test_jobs_are_suggested_by_claim_address_and_person(office: Office) -> None:
    claimed, oak, far = (
        Property.objects.create(street=street, country="US") for street in ("1 Elm Ave", "14 Oak Street", "9 Far Rd")
    )
    claim = Claim(site=claimed)
    claim.set_number("CLM-778812")
    claim.save()
    by_claim, by_address, _other = (open_job(title=site.street, site=site, by=None) for site in (claimed, oak, far))
    entry = office.mail("Claim clm-778812. The other one is at 14 Oak St.")
    assert entry
    Ticket.objects.update(job=None)
    entry.ticket.refresh_from_db()
    found = job_suggestions(entry.ticket, office.house.mona)
    assert [one.job for one in found] == [by_claim, by_address, office.house.job]


def test_a_ticket_is_attached_or_made_a_lead_and_attaching_is_undone(office: Office, post: Any, client: Client) -> None:
    entry = office.mail(**FAY)
    assert entry
    ticket = entry.ticket
    page = client.get(f"/{office.house.tenant.slug}/tickets/{ticket.number}/job/")
    assert b"Add as a lead" in page.content
    post(f"{ticket.number}/attach/", job=str(office.house.job.number))
    ticket.refresh_from_db()
    assert ticket.job == office.house.job
    undo.undo_change(Change.objects.get().uid, by=office.house.rita)
    ticket.refresh_from_db()
    assert ticket.job is None
    post(f"{ticket.number}/lead/")
    post(f"{ticket.number}/lead/")
    job = Job.objects.exclude(pk=office.house.job.pk).get()
    ticket.refresh_from_db()
    assert (ticket.job, job.title, job.stage, job.unread_count) == (job, "Fay Fresh", None, 1)
    with use_tenant(office.house.tenant):
        assert Lead.objects.filter(job=job).exists()
        assert Entry.objects.get(pk=entry.pk).message.job == job
