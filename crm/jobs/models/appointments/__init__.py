"""The models of appointments: what kinds there are, what was agreed with a customer, and who comes."""

from crm.jobs.models.appointments.appointment import Appointment
from crm.jobs.models.appointments.appointment_type import AppointmentType
from crm.jobs.models.appointments.attendance import Attendance
from crm.jobs.models.appointments.states import AppointmentOutcome, AppointmentState

__all__ = ["Appointment", "AppointmentOutcome", "AppointmentState", "AppointmentType", "Attendance"]
