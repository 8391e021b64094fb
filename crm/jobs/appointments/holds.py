"""End the holds of times that customers were asked about."""

from collections.abc import Sequence

from crm.jobs.models.appointments import Appointment
from crm.kernel import clock


def end(appointment_ids: Sequence[int]) -> None:
    """Release the times whose hold has ended. Twice: nothing more."""
    for row in Appointment.lock_all(Appointment.objects.filter(pk__in=appointment_ids)):
        if row.held_until and row.held_until <= clock.now():
            row.release("time", by=None)
