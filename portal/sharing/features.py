"""Register what sharing adds: the template, its variable, events and a notice."""

from django.utils.translation import gettext_lazy as _

from comms.library.packs.shape import TemplatePack
from comms.library.variables import TemplateVariable
from crm.platform.features import Feature
from crm.web.timeline.event_words import EventWords
from portal.sharing import notices, texts

FEATURES: list[Feature] = [
    TemplatePack("sharing", {"en": texts.ENGLISH, "nl": texts.DUTCH}),
    # Given by what sends it; a template of anything else has none.
    TemplateVariable(95, "portal.sharer", _("Who shares their job"), "Cora Customer", lambda subject: ""),
    EventWords(notices.SHARED, "user-plus", _("The customer shared the job with somebody"), mark="in"),
    EventWords("portal.share_ended", "user", _("The customer stopped sharing the job with somebody")),
    notices.KIND,
]
