"""Register the automation actions, triggers and conditions about messages."""

from django.utils.translation import gettext_lazy as _

from comms.automation import customer_silence
from comms.automation.draft import DRAFT
from comms.automation.figures import FIGURE, OF_RULE
from comms.automation.send import SEND
from crm.automation.jobs.triggers import JOB
from crm.automation.registry.stops import StopSignal
from crm.automation.registry.triggers import EventTrigger, about_job
from crm.platform.features import Feature

CLICKED = "message.clicked"
LOST = ("message.failed", "message.bounced")

TRIGGERS: list[Feature] = [
    EventTrigger(
        name="job.message_failed",
        record=JOB,
        label=_("has a message that wasn’t delivered"),
        events=LOST,
        about=about_job,
    ),
    EventTrigger(
        name="job.message_dropped",
        record=JOB,
        label=_("has a message that was blocked"),
        events=("message.dropped",),
        about=about_job,
    ),
    EventTrigger(
        name="job.message_sent",
        record=JOB,
        label=_("is sent a message"),
        events=("message.sent",),
        about=about_job,
    ),
    EventTrigger(
        name="job.message_delivered",
        record=JOB,
        label=_("has a message delivered"),
        events=("message.delivered",),
        about=about_job,
    ),
    EventTrigger(
        name="job.clicked",
        record=JOB,
        label=_("has a link in a message clicked"),
        events=(CLICKED,),
        about=about_job,
    ),
    StopSignal(
        name="job.clicked",
        record=JOB,
        label=_("the customer clicks a link"),
        events=(CLICKED,),
        about=about_job,
    ),
    StopSignal(
        name="job.message_failed",
        record=JOB,
        label=_("a message isn’t delivered"),
        events=LOST,
        about=about_job,
    ),
]


FEATURES: list[Feature] = [SEND, DRAFT, FIGURE, OF_RULE, customer_silence.FILTER, *TRIGGERS]
