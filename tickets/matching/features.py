"""What matching adds: words of its events."""

from django.utils.translation import gettext_lazy as _

from crm.platform.features import Feature
from crm.web.timeline.event_words import EventWords

MATCHING: list[Feature] = [
    EventWords("entry.joined", "message-square-more", _("moved a message to the conversation it replies to")),
    EventWords("entry.kept_together", "mail", _("kept a message in its conversation")),
    EventWords("entry.kept", "mail", _("kept a possible reply as a separate conversation")),
]
