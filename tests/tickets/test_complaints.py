"""What users of other helpdesks complain of, where no other test shows that we don't have it; docs/complaints.md."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from crm.jobs.models import Priority
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.work.tasks import dispatch_events, tick
from crm.web.models import Notice
from tests.cast import House
from tests.tickets.test_inbox import begin, say
from tickets.models import SlaPolicy, Ticket
from tickets.models.sla_terms import default_matrix

# A Friday, 16:30 in New York: half an hour before the office closes.
FRIDAY = datetime(2026, 3, 6, 21, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def work(at: datetime) -> None:
    with clock.at(at):
        while dispatch_events() or tick():
            pass


def told(kind: str) -> list[datetime]:
    return list(Notice.objects.filter(kind=kind).order_by("pk").values_list("at", flat=True))


def test_nobody_is_told_at_night_or_at_the_weekend_that_a_promise_is_missed(house: House) -> None:
    """zammad#4432, #5177: escalations at midnight, and hours that are not looked at; here they are promised."""
    SlaPolicy.add("Working hours", targets=default_matrix(working_hours=True), by=None)
    with clock.at(FRIDAY):
        ticket = begin(house, "Leak", member=house.sam)
        ticket.prioritize(Priority.URGENT, by=house.mona)
        say(ticket, at=FRIDAY)
    for hours in (1, 8, 24, 48, 62):  # until Monday 07:30; the clocks go forward that night
        work(FRIDAY + timedelta(hours=hours))
    assert told("ticket.missed") == []
    monday = datetime(2026, 3, 9, 12, 30, tzinfo=UTC)  # 08:30: half an hour on Friday, half an hour today
    ticket.refresh_from_db()
    assert ticket.due_at == monday
    work(monday + timedelta(minutes=1))
    assert told("ticket.missed") == [monday]


def test_who_is_told_of_a_conversation_has_it_by_then(house: House) -> None:
    """Django-CRM#575: mail about an assignment that was not saved, or not yet."""
    ticket = begin(house, "Leak")
    with transaction.atomic():
        ticket.assign_to(house.sam, by=house.mona)
        transaction.set_rollback(True)
    work(clock.now())
    assert (told("ticket.assigned"), Event.objects.filter(kind="ticket.assigned").count()) == ([], 0)
    Ticket.objects.get(pk=ticket.pk).assign_to(house.sam, by=house.mona)
    work(clock.now())
    notice = Notice.objects.get(kind="ticket.assigned")
    assert notice.member == Ticket.objects.get(pk=ticket.pk).member == house.sam
