"""Messages about appointments, and the calendar entries of emails."""

from comms.models.appointments.appointment_message import AppointmentMessage
from comms.models.appointments.calendar_entry import CalendarAnswer, CalendarEntry

__all__ = ["AppointmentMessage", "CalendarAnswer", "CalendarEntry"]
