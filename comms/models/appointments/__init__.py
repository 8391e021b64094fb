"""What customers are told of appointments, and the calendar entries that come by mail."""

from comms.models.appointments.appointment_message import AppointmentMessage
from comms.models.appointments.calendar_entry import CalendarAnswer, CalendarEntry

__all__ = ["AppointmentMessage", "CalendarAnswer", "CalendarEntry"]
