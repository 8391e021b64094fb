"""Register the health checks of messages."""

from django.utils.translation import gettext_lazy as _

from comms.health import channels, message_acts, outbox, systems
from crm.platform.features import Feature
from crm.web.health.findings import ChecklistItem, HealthAction, HealthCard, HealthCheck, Override, ParkedSource

FEATURES: list[Feature] = [
    HealthAction(page="ledger:switches", permission="comms.stop", icon="pause", label=_("Stop messages…")),
    HealthCard(title=_("Channels"), read=channels.parts, page="comms:channels"),
    HealthCard(title=_("Outbox"), read=outbox.parts, page="outbox:list"),
    HealthCheck(
        name="channels",
        section="integrations",
        label=_("Channels"),
        look=channels.channel_findings,
        alarms=True,
        named=channels.name_of,
    ),
    HealthCheck(name="hours", section="compliance", label=_("Quiet hours"), look=outbox.hours_checked),
    ChecklistItem(
        name="channels_tried",
        section="integrations",
        label=_("A message was sent and a reply received on every channel"),
    ),
    ChecklistItem(name="stop_tried", section="compliance", label=_("STOP was tested on every number")),
    ParkedSource("messages", outbox.parked_findings),
    Override("stops", outbox.switched_findings),
    *message_acts.ACTS,
    systems.SYSTEM,
]
