"""Rules about appointments: what becomes of one starts them, and so long before it, which follows it when it moves."""

from datetime import UTC, datetime, timedelta

from crm.automation.models import RuleTimer
from crm.automation.span import Span, SpanUnit
from crm.jobs.models import Job, Priority
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from tests.automation.rules import do, rule, work
from tests.cast import Cast

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in New York
DAY = timedelta(days=1)


def test_a_booking_starts_one_and_a_day_before_follows_the_appointment(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant), clock.at(MONDAY):
        type_ = AppointmentType.add("Inspection", by=None)
        rule("appointment.booked", do("job.prioritize", priority=Priority.HIGH), name="Booked")
        urgent = do("job.prioritize", priority=Priority.URGENT)
        rule("job.appointment", urgent, span=Span(1, SpanUnit.DAYS), before=True, name="Before")
        row = Appointment.book(house.job, type_, MONDAY + 2 * DAY, [house.rita], by=house.rita)
        work(MONDAY)
        assert Job.objects.get(pk=house.job.pk).priority == Priority.HIGH
        assert RuleTimer.objects.get().at == MONDAY + DAY
        row.reschedule(MONDAY + 3 * DAY, by=house.rita)
        work(MONDAY)
        assert RuleTimer.objects.get().at == MONDAY + 2 * DAY
        work(MONDAY + 2 * DAY)
        assert Job.objects.get(pk=house.job.pk).priority == Priority.URGENT
