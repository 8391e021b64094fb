"""The verbs of a ticket: who has it, how urgent it is, whose move it is, how it ends, and their undo."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from crm.jobs.models import Level, Priority, Side
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.platform import undo
from crm.platform.models import Due, Event
from crm.web.reader import Reader
from tests.cast import House
from tests.tickets.messages import message
from tickets.models import Entry, Status, Ticket
from tickets.models.ticket_verbs.urgency import WAKE, wake_all
from tickets.views.ticket_verbs import _snooze_times

pytestmark = pytest.mark.django_db


def kinds(ticket: Ticket) -> list[str]:
    return list(Event.objects.of(ticket).order_by("pk").values_list("kind", flat=True))


def test_it_is_given_once_and_to_one(ticket: Ticket, house: House) -> None:
    ticket.assign_to(house.sam, by=house.mona)
    ticket.assign_to(house.sam, by=house.mona)
    assert (ticket.member, kinds(ticket)) == (house.sam, ["ticket.created", "ticket.assigned"])


def test_a_higher_priority_shortens_what_is_allowed_and_keeps_what_is_used(ticket: Ticket, house: House) -> None:
    before = ticket.due_at
    ticket.prioritize(Priority.URGENT, by=house.rita)
    assert before is not None
    assert ticket.due_at is not None
    assert (ticket.due_at < before, ticket.clock_started_at <= clock.now()) == (True, True)


def test_a_pause_stops_the_clock_and_its_end_starts_it_again(ticket: Ticket, house: House) -> None:
    ticket.pause(reason="the insurer", until=clock.now() + timedelta(days=2), by=house.rita)
    assert (ticket.status, ticket.level, ticket.due_at) == (Status.ON_HOLD, Level.HOLD, None)
    ticket.resume(by=None)
    assert (ticket.status, ticket.side) == (Status.OPEN, Side.US)
    assert ticket.due_at is not None
    assert ticket.past == "1:ok 4:hold"


def test_solving_takes_what_nobody_has_and_needs_somebody(ticket: Ticket, house: House) -> None:
    with pytest.raises(Refused):
        ticket.solve(by=None)
    shown = ticket.form_version
    ticket.receive(message("in"))
    ticket.solve(by=house.rita, version=shown)
    assert (ticket.status, ticket.member, ticket.waiting_since) == (Status.SOLVED, house.rita, None)
    ticket.solve(by=house.sam, version="stale but nothing to do")
    with pytest.raises(Stale):
        ticket.reopen(by=house.rita, version=shown)
    ticket.reopen(by=house.rita, version=ticket.form_version)
    ticket.close(by=house.rita)
    with pytest.raises(Refused):
        ticket.reopen(by=house.rita)


def test_a_snoozed_one_comes_back_by_time_and_when_they_write(ticket: Ticket, house: House) -> None:
    ticket.snooze(clock.now() + timedelta(hours=1), by=house.rita)
    wake_all(Ticket, [ticket.pk])
    ticket.refresh_from_db()
    assert ticket.snoozed_until is not None, "not yet"
    ticket.receive(message("in"))
    assert ticket.snoozed_until is None
    ticket.snooze(clock.now() - timedelta(seconds=1), by=house.rita)
    wake_all(Ticket, [ticket.pk])
    ticket.refresh_from_db()
    assert ticket.snoozed_until is None


def test_what_was_done_is_undone(ticket: Ticket, house: House) -> None:
    ticket.snooze(clock.now() + timedelta(hours=1), by=house.rita)
    with undo.record_undoable("ticket.solved", [ticket], by=house.rita) as change:
        ticket.solve(by=house.rita)
    Due.objects.filter(kind=WAKE).delete()
    undo.undo_change(change.uid, by=house.rita)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.member, ticket.level) == (Status.NEW, None, Level.OK)
    assert Due.objects.filter(kind=WAKE, subject_id=ticket.pk).exists()


def test_undone_it_is_as_late_as_it_was(ticket: Ticket, house: House) -> None:
    Entry.objects.add_message(ticket, asked := message("in"), matched_by="new")
    ticket.receive(asked)
    due_at = ticket.due_at
    assert due_at
    with clock.at(due_at + timedelta(days=2)), undo.record_undoable("ticket.solved", [ticket], by=house.rita) as change:
        ticket.solve(by=house.rita)
    with clock.at(due_at + timedelta(days=2, hours=1)):
        undo.undo_change(change.uid, by=house.rita)
    ticket.refresh_from_db()
    assert ticket.due_at == due_at
    assert due_at in ticket.clocks.values_list("due_at", flat=True)


def test_pages_act_on_what_was_shown(ticket: Ticket, house: House, client: Client) -> None:
    client.force_login(house.rita.user)
    base, htmx = f"/{house.tenant.slug}/tickets/{ticket.number}", {"HX-Request": "true"}
    for name in ("assign", "prioritize", "pause", "snooze"):
        assert client.get(f"{base}/{name}/", headers=htmx).status_code == 200
    sent = {"version": ticket.form_version}
    assert client.post(f"{base}/assign/", sent | {"had": "nobody", "member": str(house.sam.uid)}).status_code == 404
    taken = client.post(f"{base}/assign/", sent | {"had": "nobody", "member": str(house.rita.uid)}, headers=htmx)
    assert "Undo" in taken.content.decode()
    assert client.post(f"{base}/pause/", sent, headers=htmx).status_code == 422
    assert client.post(f"{base}/solve/", sent, headers=htmx).status_code == 200
    assert client.post(f"{base}/close/", sent, headers=htmx).status_code == 409
    assert client.post(f"{base}/solve/", {}, headers=htmx).status_code == 422


def test_the_times_to_snooze_are_each_another() -> None:
    """On a Monday the next Monday is in a week."""
    for day, count in ((2, 3), (3, 4)):
        reader = Reader(datetime(2026, 3, day, 15, tzinfo=UTC), ZoneInfo("America/New_York"), "US", "en")
        times = _snooze_times(reader)
        assert len({at for at, *_said in times}) == len(times) == count


def test_a_time_in_a_zone_that_the_database_does_not_take(ticket: Ticket, house: House, client: Client) -> None:
    client.force_login(house.rita.user)
    until = (clock.now() + timedelta(days=3)).replace(microsecond=0)
    far = until.astimezone(timezone(timedelta(hours=23, minutes=59))).isoformat()
    sent = {"version": ticket.form_version, "until": far}
    assert client.post(f"/{house.tenant.slug}/tickets/{ticket.number}/snooze/", sent).status_code == 302
    ticket.refresh_from_db()
    assert ticket.snoozed_until == until
