"""The clocks of a ticket: begun, paused, kept, missed and moved with what is done to it, and said why."""

from datetime import UTC, datetime, timedelta

import pytest

from crm.jobs.clock import recalculation
from crm.jobs.models import Level, Priority, Side
from crm.kernel import clock
from crm.platform.models import Brand, BusinessCalendar, Event
from crm.platform.work.tasks import dispatch_events, tick
from tests.cast import House
from tests.queries import data_queries
from tests.tickets.messages import message
from tickets.models import Metric, SlaPolicy, Status, Ticket, TicketClock
from tickets.models.sla_terms import Target, default_matrix
from tickets.models.ticket_verbs.status_change import enter_status

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in New York, in working hours
HOUR = timedelta(hours=1)
URGENT = Priority.URGENT
WORKING = default_matrix(working_hours=True)
SOLVED = WORKING | {("resolution", Priority.HIGH): Target(8 * 3600, working_hours=True)}

pytestmark = pytest.mark.django_db


def begin(priority: int = Priority.HIGH) -> Ticket:
    """A ticket of a message received on Monday at 10:00."""
    with clock.at(MONDAY):
        ticket = Ticket.begin(brand=Brand.objects.get(), medium="email", priority=priority, by=None)
        ticket.receive(message("in", at=MONDAY))
    return ticket


def clocks(ticket: Ticket) -> dict[str, TicketClock]:
    """The clocks of a ticket; of several of one metric the last."""
    return {row.metric: row for row in TicketClock.objects.filter(ticket=ticket).order_by("started_at")}


def misses() -> list[Event]:
    return list(Event.objects.filter(kind="ticket.missed").order_by("pk"))


def work(at: datetime) -> None:
    with clock.at(at):
        dispatch_events()
        tick()


def test_a_reply_kept_late_stays_late_and_is_missed_once(house: House) -> None:
    """zammad#3140: a late first reply that the page no longer shows."""
    ticket = begin(URGENT)
    assert (ticket.clock_metric, ticket.due_at) == (Metric.FIRST_REPLY, MONDAY + HOUR)
    assert Event.objects.filter(kind="ticket.overdue").count() == 0
    with clock.at(MONDAY + 3 * HOUR):
        ticket.reply(message("out"), by=None)
        assert clocks(ticket)[Metric.FIRST_REPLY].kept_at is None, "an automatic answer keeps nothing"
        ticket.reply(message("out"), by=house.rita)
    row = clocks(ticket)[Metric.FIRST_REPLY]
    assert (row.missed_at, row.kept_at) == (MONDAY + HOUR, MONDAY + 3 * HOUR)
    assert (row.clock_used, row.due_at) == (3 * 3600, None)
    assert (ticket.late_metric, ticket.late_seconds) == (Metric.FIRST_REPLY, 2 * 3600)
    assert (ticket.status, ticket.side, ticket.clock_metric) == (Status.PENDING, Side.CUSTOMER, "theirs")
    with clock.at(MONDAY + 4 * HOUR):
        ticket.receive(message("in", at=MONDAY + 4 * HOUR))
        assert (ticket.clock_metric, ticket.due_at) == (Metric.NEXT_REPLY, MONDAY + 5 * HOUR)
        ticket.receive(message("in", at=MONDAY + 4 * HOUR + HOUR / 2))
        assert ticket.due_at == MONDAY + 5 * HOUR, "counted from the oldest unanswered"
        ticket.reply(message("out"), by=house.rita)
        ticket.save(update_fields=enter_status(ticket, Status.SOLVED))
        ticket._schedule_crossing()
    ticket.refresh_from_db()
    assert (ticket.late_metric, ticket.late_seconds) == (Metric.FIRST_REPLY, 2 * 3600), "late stays after solving"
    assert clocks(ticket)[Metric.NEXT_REPLY].missed_at is None
    [miss] = misses()
    assert (miss.subject_id, miss.at, miss.data["message"]) == (ticket.pk, row.missed_at, row.message_id)


def test_a_miss_is_recorded_when_its_time_comes_and_never_again(house: House) -> None:
    ticket = begin(URGENT)
    for hours in (1, 2, 3):
        work(MONDAY + hours * HOUR)
    assert [event.data["metric"] for event in misses()] == [Metric.FIRST_REPLY]
    ticket.refresh_from_db()
    assert ticket.level == Level.CRIT
    kinds = list(Event.objects.filter(kind__startswith="ticket.", data__has_key="since").values_list("kind", flat=True))
    assert sorted(kinds) == ["ticket.due_soon", "ticket.far_overdue", "ticket.overdue"]
    with clock.at(MONDAY + 4 * HOUR):
        ticket.reply(message("out"), by=house.rita)
    assert len(misses()) == 1


def test_a_day_is_a_day_over_a_holiday_unless_the_policy_says_working_hours(house: House) -> None:
    """S2's matrix says 24 hours; as working hours they were six days over Christmas."""
    BusinessCalendar.objects.get().close_on((MONDAY + timedelta(days=1)).date(), "A holiday", by=None)
    assert begin(Priority.NORMAL).due_at == MONDAY + timedelta(days=1)
    SlaPolicy.add("Working hours", targets=WORKING, by=None)
    working = begin(Priority.NORMAL)
    assert working.due_at
    assert working.due_at > MONDAY + timedelta(days=3)


def test_a_pause_keeps_what_is_used_and_a_solved_or_merged_ticket_runs_no_more(house: House) -> None:
    """chatwoot#10178: counting on after solving; osTicket#419: no pause."""
    SlaPolicy.add("All", targets=SOLVED, by=None)
    ticket, other = begin(), begin()
    assert set(clocks(ticket)) == {Metric.FIRST_REPLY, Metric.RESOLUTION}
    with clock.at(MONDAY + HOUR):
        ticket.save(update_fields=enter_status(ticket, Status.ON_HOLD, reason="A part"))
        ticket._schedule_crossing()
    row = clocks(ticket)[Metric.RESOLUTION]
    assert (row.due_at, row.clock_used, row.paused_at) == (None, 3600, MONDAY + HOUR)
    with clock.at(MONDAY + 3 * HOUR):
        ticket.reply(message("out"), by=house.rita)
        ticket.receive(message("in", at=MONDAY + 3 * HOUR))
    row = clocks(ticket)[Metric.RESOLUTION]
    assert (row.paused_seconds, row.clock_used) == (2 * 3600, 3600)
    assert row.hours
    assert row.due_at == row.hours.add(MONDAY + 3 * HOUR, 7 * 3600)
    with clock.at(MONDAY + 4 * HOUR):
        ticket.lock()
        ticket.save(update_fields=enter_status(ticket, Status.SOLVED))
        ticket._schedule_crossing()
        other.merged_into = ticket
        other.save(update_fields=["merged_into", *enter_status(other, Status.CLOSED)])
        other._schedule_crossing()
    ended = clocks(ticket)
    assert ended[Metric.RESOLUTION].kept_at == MONDAY + 4 * HOUR
    assert ended[Metric.NEXT_REPLY].kept_at is None, "solved without an answer: neither kept nor missed"
    assert not TicketClock.objects.filter(due_at__isnull=False).exists()
    with clock.at(MONDAY + 5 * HOUR):
        ticket.receive(message("in", at=MONDAY + 5 * HOUR))
    again = clocks(ticket)[Metric.RESOLUTION]
    assert (again.pk, again.kept_at, again.clock_used) == (row.pk, None, 2 * 3600), "opened again, it runs on"
    work(MONDAY + timedelta(days=30))
    assert {event.subject_id for event in misses()} == {ticket.pk}


def test_priority_and_policy_take_other_targets_and_keep_what_is_used(house: House) -> None:
    ticket = begin()
    with clock.at(MONDAY + 2 * HOUR):
        ticket.lock()
        ticket.priority = Priority.URGENT
        facts = ticket._retarget(Level.OK)
        ticket.save(update_fields=["priority", *ticket.CLOCK_COLUMNS])
        ticket._schedule_crossing()
        assert [fact.kind for fact in facts] == ["ticket.due_soon", "ticket.overdue", "ticket.far_overdue"]
        assert ticket.due_at == MONDAY + HOUR
        policy = SlaPolicy.add("Mail", targets={("first_reply", URGENT): Target(5 * 3600)}, channel="email", by=None)
    work(MONDAY + 2 * HOUR)
    ticket.refresh_from_db()
    assert (ticket.due_at, ticket.level) == (MONDAY + 5 * HOUR, Level.OK)
    [moved] = Event.objects.filter(kind="ticket.clock_moved")
    assert (moved.data["cause"], moved.data["metric"]) == ("target", Metric.FIRST_REPLY)
    with clock.at(MONDAY + 2 * HOUR):
        assert policy.edit(channel="sms", by=None)
        assert not policy.edit(channel="sms", by=None)
    work(MONDAY + 2 * HOUR)
    ticket.refresh_from_db()
    assert ticket.due_at == MONDAY + HOUR
    assert [event.at for event in misses()] == [MONDAY + HOUR]


def test_an_edited_calendar_moves_every_due_date_and_says_why(house: House) -> None:
    SlaPolicy.add("All", targets=SOLVED, by=None)
    tickets = [begin(), begin()]
    answered = begin(Priority.URGENT)
    with clock.at(MONDAY + HOUR / 2):
        answered.reply(message("out"), by=house.rita)
    before = {row.pk: row.due_at for row in TicketClock.objects.filter(ticket__in=tickets)}
    with clock.at(MONDAY + HOUR):
        BusinessCalendar.objects.get().change_hours(week=[[[480, 720], [780, 1020]]] * 5 + [[], []], by=None)
    work(MONDAY + HOUR)
    for row in TicketClock.objects.filter(pk__in=before):
        assert row.hours
        assert row.due_at == row.hours.add(MONDAY, row.allowed)
        assert row.due_at != before[row.pk]
    told = Event.objects.filter(kind="ticket.clock_moved", data__cause="calendar")
    said = sorted(told.values_list("subject_id", "data__metric"))
    assert said == sorted((ticket.pk, metric) for ticket in tickets for metric in ("first_reply", "resolution"))
    for ticket in tickets:
        ticket.refresh_from_db()
        assert ticket.due_at == clocks(ticket)[Metric.FIRST_REPLY].due_at


def test_an_edited_calendar_costs_a_batch_the_same_however_many_clocks(house: House) -> None:
    """So that fifty thousand are worked off in batches of a tick, each as short as the other."""
    SlaPolicy.add("All", targets=WORKING, by=None)
    costs = []
    for count, noon in ((2, 720), (4, 700)):
        tickets = [*Ticket.objects.all(), *(begin() for _ in range(count))]
        BusinessCalendar.objects.get().change_hours(week=[[[480, noon], [780, 1020]]] * 5 + [[], []], by=None)
        dispatch_events()
        with clock.at(MONDAY + HOUR), data_queries() as asked:
            recalculation.recount(Ticket, recalculation.RECOUNT, [ticket.pk for ticket in tickets])
        costs.append(len(asked))
        assert Event.objects.filter(kind="ticket.clock_moved").values("subject_id").distinct().count() == len(tickets)
    assert costs[0] == costs[1]
