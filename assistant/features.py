"""Register the assistant: permissions, event words, topic."""

from django.utils.translation import gettext_lazy as _

from assistant.labels.features import FEATURES as LABELS
from assistant.models import AssistantSetup
from assistant.models.assistant_setup import TOPIC
from assistant.permissions import PERMISSIONS
from assistant.scores.features import FEATURES as SCORES
from crm.platform.configuration.sections import UnexportedModel
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.web.timeline.event_words import EventWords

FEATURES: list[Feature] = [
    *PERMISSIONS,
    UnexportedModel(AssistantSetup, "It is bound to a server and a key, which the file never contains."),
    Topic(TOPIC, ("assistant",)),
    EventWords("assistant.set_up", "sparkles", _("changed the setup of the assistant")),
    EventWords("assistant.switched_off", "ban", _("switched off the language model")),
    EventWords("assistant.switched_on", "sparkles", _("switched on the language model")),
    EventWords("assistant.record_switched", "sparkles", _("switched the assistant on or off here")),
    *LABELS,
    *SCORES,
]
