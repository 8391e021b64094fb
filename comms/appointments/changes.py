"""Effects of a changed appointment on its messages, in the same transaction."""

from typing import Any

from comms.appointments import invitations, questions, reminders
from crm.jobs.models.appointments import Appointment
from crm.kernel import clock

# What changes when it is, or whether.
_TIMES = frozenset(
    {"appointment.booked", "appointment.rescheduled", "appointment.cancelled", "appointment.reopened"}
    | {"appointment.completed", "appointment.missed"}
)

# What ends a question without another time.
_ANSWERED = frozenset({"appointment.released", "appointment.asked"})


def follow(*, appointment: Appointment, what: str, **_sent: Any) -> None:
    """Withdraw planned messages of the appointment, plan them again, and send the customer what changed."""
    if what == "appointment.offered":
        questions.ask(appointment)
    elif what in _ANSWERED:
        questions.withdraw(appointment)
    if what not in _TIMES:
        return
    reminders.withdraw(appointment)
    if appointment.is_live and appointment.starts_at > clock.now():
        reminders.plan(appointment)
    if what not in ("appointment.completed", "appointment.missed"):
        invitations.send_invitation(appointment)
