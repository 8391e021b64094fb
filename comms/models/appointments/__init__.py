"""What customers are told of appointments."""

from comms.models.appointments.appointment_message import AppointmentMessage

__all__ = ["AppointmentMessage"]
