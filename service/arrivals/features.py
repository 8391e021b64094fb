"""Register what a crew's coming adds: event words, and the templates that tell the customer."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.library.packs.shape import TemplatePack
from comms.library.variables import TemplateVariable
from crm.platform.features import Feature
from crm.web.timeline.event_words import EventWords
from service.arrivals import texts


def _late(data: dict[str, Any]) -> str:
    return _("reported that the crew is %(minutes)s minutes late") % {"minutes": data.get("minutes", 0)}


FEATURES: list[Feature] = [
    EventWords("arrival.driving", "truck", gettext_lazy("reported that the crew is on its way")),
    EventWords("arrival.late", "clock-alert", _late),
    EventWords("arrival.here", "check", gettext_lazy("reported that the crew has arrived")),
    TemplatePack("arrivals", {"en": texts.ENGLISH, "nl": texts.DUTCH}),
    # Given by what sends them; a template of anything else has none.
    TemplateVariable(95, "crew.name", gettext_lazy("Crew"), "Crew A", lambda subject: ""),
    TemplateVariable(96, "crew.minutes", gettext_lazy("Minutes late"), "30", lambda subject: ""),
]
