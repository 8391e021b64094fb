"""Register what rules know of messages."""

from django.utils.translation import gettext_lazy as _

from comms.automation import customer_silence
from comms.automation.draft import DRAFT
from comms.automation.figures import FIGURE, OF_RULE
from comms.automation.send import SEND
from crm.automation.jobs.triggers import JOB
from crm.automation.registry.stops import StopSignal
from crm.automation.registry.triggers import EventTrigger, about_job
from crm.platform.features import Feature

CLICKED, LOST = "message.clicked", ("message.failed", "message.bounced")

TRIGGERS: list[Feature] = [
    EventTrigger(60, "job.message_failed", JOB, _("has a message that wasn’t delivered"), events=LOST, about=about_job),
    EventTrigger(
        61,
        "job.message_dropped",
        JOB,
        _("has a message that was blocked"),
        events=("message.dropped",),
        about=about_job,
    ),
    EventTrigger(63, "job.message_sent", JOB, _("is sent a message"), events=("message.sent",), about=about_job),
    EventTrigger(
        64, "job.message_delivered", JOB, _("has a message delivered"), events=("message.delivered",), about=about_job
    ),
    EventTrigger(62, "job.clicked", JOB, _("has a link in a message clicked"), events=(CLICKED,), about=about_job),
    StopSignal(50, "job.clicked", JOB, _("the customer clicks a link"), (CLICKED,), about=about_job),
    StopSignal(51, "job.message_failed", JOB, _("a message isn’t delivered"), LOST, about=about_job),
]


FEATURES: list[Feature] = [SEND, DRAFT, FIGURE, OF_RULE, customer_silence.FILTER, *TRIGGERS]
