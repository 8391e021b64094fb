"""Models of appointments: types, appointments and attendances."""

from crm.jobs.models.appointments.appointment import Appointment
from crm.jobs.models.appointments.appointment_type import AppointmentType
from crm.jobs.models.appointments.attendance import Attendance
from crm.jobs.models.appointments.states import AppointmentOutcome, AppointmentState

__all__ = ["Appointment", "AppointmentOutcome", "AppointmentState", "AppointmentType", "Attendance"]
