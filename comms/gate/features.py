"""What the gate adds to the product: the words of its events."""

from django.utils.translation import gettext_lazy as _

from crm.platform.features import Feature
from crm.web.timeline.event_words import EventWords

EVENT_WORDS = [
    EventWords("consent.given", "circle-check", _("noted a consent")),
    EventWords("consent.withdrawn", "ban", _("noted that a consent is withdrawn")),
    EventWords("suppression.added", "ban", _("stopped messages to an address")),
    EventWords("suppression.lifted", "undo-2", _("allowed messages to an address again")),
    EventWords("kill_switch.put", "ban", _("stopped messages")),
    EventWords("kill_switch.ended", "play", _("let messages go again")),
]
FEATURES: list[Feature] = [*EVENT_WORDS]
