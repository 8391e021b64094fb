"""Register what messages add to appointments: the reminders on an appointment's page."""

from crm.jobs.models.appointments import Appointment
from crm.platform.features import Feature
from crm.web.shell.record_pages import RecordLink

FEATURES: list[Feature] = [
    RecordLink(Appointment, "reminders", "appointment_messages:told", "appointments.view"),
]
