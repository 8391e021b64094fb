"""What members are told of tickets and leads: given, written, missed, standing still; and what nobody is told."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comms.models import Channel
from comms.notices import tell_written
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Level
from crm.jobs.notices import tell_unmoved
from crm.kernel import clock
from crm.platform.database.claims import ATTEMPTS, release_failed
from crm.platform.models import Brand, Due, Event
from crm.web.models import Notice
from crm.web.notices.notify import notify
from crm.web.notices.preferences import is_muted, mute, unmute
from tests.cast import House
from tests.tickets.test_inbox import begin, say
from tickets import notices
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def told(kind: str) -> list[str]:
    found = Notice.objects.filter(kind=kind).order_by("member__name", "pk")
    return [f"{each.member.name.split()[0]} {each.subject_kind}" for each in found]


def events(*kinds: str) -> list[Event]:
    return list(Event.objects.filter(kind__in=kinds).order_by("pk"))


def event(ticket: Any, **data: Any) -> Any:
    return SimpleNamespace(pk=ticket.pk, subject_id=ticket.pk, actor_id=None, at=clock.now(), data=data)


def test_who_is_given_tickets_is_told_and_of_many_once(house: House) -> None:
    mine, passed_on, own = (begin(house, name) for name in ("Mine", "Passed on", "Own"))
    mine.assign_to(house.sam, by=house.mona)
    passed_on.assign_to(house.sam, by=house.mona)
    passed_on.assign_to(house.ada, by=house.mona)
    own.assign_to(house.mona, by=house.mona)
    for _again in range(2):
        notices.tell_assigned(events("ticket.assigned"))
    assert told("ticket.assigned") == ["Ada tickets.ticket", "Sam tickets.ticket"]
    Notice.objects.all().delete()
    for at in range(6):
        begin(house, f"{at}").assign_to(house.rita, by=house.ada)
    notices.tell_assigned([one for one in events("ticket.assigned") if one.data["to"] == house.rita.pk])
    assert [each.data for each in Notice.objects.all()] == [{"count": 6}]


def test_who_has_the_ticket_is_told_that_its_customer_wrote_again_once_with_the_lead(house: House) -> None:
    ticket = begin(house, "Leak", member=house.sam, person=house.cora)
    say(ticket, person=house.cora, job=house.job)
    notices.tell_received(events("ticket.received"))
    assert told("message.written") == []  # it began it: they were given it
    again = say(ticket, text="And?", person=house.cora, job=house.job)
    say(ticket, text="I am away", automatic="auto_reply", person=house.cora)
    received = events("ticket.received")
    for _again in range(2):
        notices.tell_received(received)
        tell_written([SimpleNamespace(subject_id=again.pk, data={}, at=clock.now())])  # type: ignore[list-item]
    assert told("message.written") == ["Rita jobs.job", "Sam tickets.ticket"]


def test_nobody_is_told_of_a_colleagues_private_mailbox(house: House) -> None:
    ticket = begin(house, "Private", member=house.sam)
    mailbox = Channel.objects.create(
        brand=Brand.objects.get(),
        medium="email",
        address="mona@roof.example",
        owner=house.mona,
        provider="embedded",
        sharing=Channel.Sharing.PRIVATE,
    )
    for text in ("One", "Two"):
        say(ticket, text=text, channel=mailbox)
    notices.tell_received(events("ticket.received"))
    assert told("message.written") == []


def test_a_missed_promise_and_what_stands_still_are_told_to_whom_they_are_with(house: House) -> None:
    ticket = begin(house, "Late", member=house.sam)
    for _again in range(2):
        notices.tell_missed([event(ticket, metric="first_reply")])
    notices.tell_unmoved([event(ticket)])  # it is in time again by now
    Ticket.objects.filter(pk=ticket.pk).update(level=Level.CRIT)
    notices.tell_unmoved([event(ticket)])
    tell_unmoved([event(house.job)])
    Job.objects.filter(pk=house.job.pk).update(level=Level.CRIT)
    tell_unmoved([event(house.job)])
    assert told("ticket.missed") == ["Sam tickets.ticket"]
    assert told("ticket.unmoved") == ["Sam tickets.ticket"]
    assert told("job.unmoved") == ["Rita jobs.job"]


def test_telling_of_many_asks_no_more_than_of_one(house: House) -> None:
    """Crossings come by the thousand, and what is told of them is on their way."""
    tickets = [begin(house, f"Late {nth}", member=house.sam) for nth in range(7)]
    Ticket.objects.filter(pk__in=[one.pk for one in tickets]).update(level=Level.CRIT)

    def cost(found: list[Ticket]) -> int:
        with CaptureQueriesContext(connection) as asked:
            notices.tell_unmoved([event(one) for one in found])
        return len(asked)

    cost(tickets[:1])
    assert cost(tickets[1:2]) == cost(tickets[2:])
    assert told("ticket.unmoved") == ["Sam tickets.ticket"] * 7


def test_a_lead_opened_for_somebody_else_is_told_to_them(house: House) -> None:
    for member, by in ((house.rita, house.mona), (house.mona, house.mona), (house.rita, None)):
        open_job(title="Ann", member=member, by=by, cause="typed")
    assert told("job.assigned") == ["Rita jobs.job", "Rita jobs.job"]


@pytest.mark.parametrize("page", ["tickets", "leads", "people"])
def test_a_record_is_muted_on_its_page(house: House, client: Client, page: str) -> None:
    ticket = begin(house, "Loud", member=house.mona)
    record = {"tickets": ticket, "leads": house.job, "people": house.cora}[page]
    key = house.cora.uid if page == "people" else record.number
    url = f"/{house.tenant.slug}/{page}/{key}/"
    client.force_login(house.mona.user)
    assert 'value="yes"' in client.get(url).content.decode().split('name="about"')[1]
    about = f"{record._meta.label_lower}:{key}"
    muted = client.post(f"/{house.tenant.slug}/notices/mute/", {"about": about, "on": "yes", "back": "record"})
    assert (muted.url, is_muted(house.mona, record)) == (url, True)
    assert "Unmute" in client.get(url).content.decode()


def test_who_mutes_a_customer_hears_of_no_lead_or_conversation_of_theirs_but_what_names_them(house: House) -> None:
    theirs = begin(house, "Loud", member=house.sam, person=house.cora)
    other = begin(house, "Quiet", member=house.sam)
    Ticket.objects.update(level=Level.CRIT)
    mute(house.sam, house.cora)
    notices.tell_unmoved([event(theirs), event(other)])
    assert told("ticket.unmoved") == ["Sam tickets.ticket"]
    notify("message.written", [house.sam.pk, house.mona.pk], key="message:1", about=house.job, data={"medium": "sms"})
    assert told("message.written") == ["Mona jobs.job"]
    notify("ticket.mention", [house.sam.pk], key="note:1", about=theirs, by=house.mona.pk)
    assert told("ticket.mention") == ["Sam tickets.ticket"]
    unmute(house.sam, house.cora)
    notices.tell_unmoved([event(theirs)])
    assert told("ticket.unmoved") == ["Sam tickets.ticket"] * 2


def test_admins_are_told_once_that_work_is_parked(house: House) -> None:
    for subject in range(2):
        Due.objects.create(
            tenant=house.tenant,
            kind="test.fails",
            subject_id=subject,
            key=f"test.fails:{subject}",
            due_at=clock.now(),
            run_at=clock.now() + timedelta(minutes=2),
            attempts=ATTEMPTS,
        )
    failed = Due.objects.filter(kind="test.fails")
    release_failed(Due, failed.values_list("pk", flat=True), RuntimeError())
    assert not failed.filter(run_at__isnull=False).exists()
    assert told("work.parked") == ["Ada "]
