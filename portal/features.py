"""Register what the portal adds."""

from django.utils.translation import gettext_lazy as _

from comms.library.packs.shape import TemplatePack
from comms.library.variables import TemplateVariable
from crm.people.models import Person
from crm.platform.features import Feature
from crm.web.shell.record_pages import RecordLink
from crm.web.timeline.event_words import EventWords
from portal.access.features import FEATURES as ACCESS
from portal.access.tabs import PortalTab
from portal.documents import notices as document_notices
from portal.documents import texts as document_texts
from portal.documents.holder import HOLDER
from portal.preferences.withheld import WITHHELD
from portal.sharing import notices as sharing_notices
from portal.sharing import texts as sharing_texts
from portal.updates.features import FEATURES as UPDATES

FEATURES: list[Feature] = [
    *ACCESS,
    PortalTab(30, "portal:newest_documents", "file-text", _("Documents")),
    HOLDER,
    document_notices.KIND,
    TemplatePack("documents", {"en": document_texts.ENGLISH, "nl": document_texts.DUTCH}),
    # Given by what sends them; a template of anything else has none.
    TemplateVariable(92, "document.title", _("Requested document"), "Claim letter", lambda subject: ""),
    TemplateVariable(
        93, "document.until", _("Due date of the requested document"), "until Friday, May 15", lambda subject: ""
    ),
    TemplateVariable(
        94, "document.note", _("Note on the requested document"), "Both pages, please.", lambda subject: ""
    ),
    PortalTab(20, "portal:newest_messages", "message-square-more", _("Messages")),
    PortalTab(90, "portal:preferences", "sliders-horizontal", _("Settings")),
    EventWords("onboarding.confirmed", "check", _("The customer completed a checklist step"), mark="in"),
    EventWords("onboarding.finished", "list-checks", _("The customer completed their checklist"), mark="in"),
    EventWords("onboarding.put_aside", "list-checks", _("The customer closed their checklist"), mark="in"),
    EventWords("claim.noted", "shield-check", _("A claim number was saved")),
    EventWords("claim.shown", "eye", _("The customer viewed their claim number"), mark="in"),
    RecordLink(Person, "places", "portal_places:places", "portal.manage"),
    TemplatePack("sharing", {"en": sharing_texts.ENGLISH, "nl": sharing_texts.DUTCH}),
    # Given by what sends it; a template of anything else has none.
    TemplateVariable(95, "portal.sharer", _("Who shares their job"), "Cora Customer", lambda subject: ""),
    EventWords(sharing_notices.SHARED, "user-plus", _("The customer shared the job with somebody"), mark="in"),
    EventWords("portal.share_ended", "user", _("The customer stopped sharing the job with somebody")),
    sharing_notices.KIND,
    *UPDATES,
    WITHHELD,
]
