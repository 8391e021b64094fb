"""Register the messages panel on the page of an appointment."""

from comms.appointments.questions import QUESTION
from comms.appointments.texts import PACK
from comms.appointments.type_templates import TEXTS
from comms.appointments.variables import VARIABLES
from crm.jobs.models.appointments import Appointment
from crm.platform.features import Feature
from crm.web.shell.record_pages import RecordLink

FEATURES: list[Feature] = [
    QUESTION,
    PACK,
    TEXTS,
    *VARIABLES,
    RecordLink(
        model=Appointment, purpose="reminders", name="appointment_messages:told", permission="appointments.view"
    ),
]
