"""Register what the portal adds."""

from django.utils.translation import gettext_lazy as _

from comms.library.packs.pack_entries import TemplatePack
from comms.library.variables import TemplateVariable
from crm.people.models import Person
from crm.platform.features import Feature
from crm.web.shell.record_pages import RecordLink
from crm.web.timeline.event_words import EventWords
from portal.access.features import FEATURES as ACCESS
from portal.access.tabs import PortalTab
from portal.configuration.portal_setup import SECTIONS as FILE_SECTIONS
from portal.documents import notices as document_notices
from portal.documents import texts as document_texts
from portal.documents.holder import HOLDER
from portal.preferences.withheld import WITHHELD
from portal.quotes.features import FEATURES as QUOTES
from portal.sharing import notices as sharing_notices
from portal.sharing import texts as sharing_texts
from portal.updates.features import FEATURES as UPDATES

FEATURES: list[Feature] = [
    *FILE_SECTIONS,
    *ACCESS,
    PortalTab(name="portal:newest_messages", icon="message-square-more", label=_("Messages")),
    PortalTab(name="portal:newest_documents", icon="file-text", label=_("Documents")),
    HOLDER,
    document_notices.KIND,
    TemplatePack("documents", {"en": document_texts.ENGLISH, "nl": document_texts.DUTCH}),
    # Given by what sends them; a template of anything else has none.
    TemplateVariable(
        name="document.title",
        words=_("Requested document"),
        example="Claim letter",
        value=lambda subject: "",
    ),
    TemplateVariable(
        name="document.until",
        words=_("Due date of the requested document"),
        example="until Friday, May 15",
        value=lambda subject: "",
    ),
    TemplateVariable(
        name="document.note",
        words=_("Note on the requested document"),
        example="Both pages, please.",
        value=lambda subject: "",
    ),
    PortalTab(name="portal:preferences", icon="sliders-horizontal", label=_("Settings")),
    EventWords("onboarding.confirmed", "check", _("The customer completed a checklist step"), mark="in"),
    EventWords("onboarding.finished", "list-checks", _("The customer completed their checklist"), mark="in"),
    EventWords("onboarding.put_aside", "list-checks", _("The customer closed their checklist"), mark="in"),
    EventWords("claim.noted", "shield-check", _("A claim number was saved")),
    EventWords("claim.shown", "eye", _("The customer viewed their claim number"), mark="in"),
    RecordLink(model=Person, purpose="places", name="portal_places:places", permission="portal.manage"),
    TemplatePack("sharing", {"en": sharing_texts.ENGLISH, "nl": sharing_texts.DUTCH}),
    # Given by what sends it; a template of anything else has none.
    TemplateVariable(
        name="portal.sharer",
        words=_("Who shares their job"),
        example="Cora Customer",
        value=lambda subject: "",
    ),
    EventWords(sharing_notices.SHARED, "user-plus", _("The customer shared the job with somebody"), mark="in"),
    EventWords("portal.share_ended", "user", _("The customer stopped sharing the job with somebody")),
    sharing_notices.KIND,
    *QUOTES,
    *UPDATES,
    WITHHELD,
]
