"""What messages add to the page of health."""

from django.utils.translation import gettext_lazy as _

from comms.health import acts, channels, outbox
from crm.platform.features import Feature
from crm.web.health.findings import ChecklistItem, HealthAction, HealthCard, HealthCheck, Override, ParkedSource

FEATURES: list[Feature] = [
    HealthAction(10, "ledger:switches", "comms.stop", "pause", _("Stop messages…")),
    HealthCard(10, _("Channels"), channels.parts, "comms:channels"),
    HealthCard(20, _("Outbox"), outbox.parts, "outbox:list"),
    HealthCheck(20, "channels", "integrations", _("Channels"), channels.checked, alarms=True, named=channels.name_of),
    HealthCheck(80, "hours", "compliance", _("Quiet hours"), outbox.hours_checked),
    ChecklistItem(21, "channels_tried", "integrations", _("A message was sent and a reply received on every channel")),
    ChecklistItem(81, "stop_tried", "compliance", _("STOP was tested on every number")),
    ParkedSource(20, "messages", outbox.parked),
    Override(10, "stops", outbox.stopped),
    *acts.ACTS,
]
