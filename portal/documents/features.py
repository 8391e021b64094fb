"""Register what the customer's documents add: a tab, who may hold an address, templates and their variables."""

from django.utils.translation import gettext_lazy as _

from comms.library.packs.shape import TemplatePack
from comms.library.variables import TemplateVariable
from crm.platform.features import Feature
from portal.access.tabs import PortalTab
from portal.documents import notices, texts
from portal.documents.holder import HOLDER

FEATURES: list[Feature] = [
    PortalTab(30, "portal:newest_documents", "file-text", _("Documents")),
    HOLDER,
    notices.KIND,
    TemplatePack("documents", {"en": texts.ENGLISH, "nl": texts.DUTCH}),
    # Given by what sends them; a template of anything else has none.
    TemplateVariable(92, "document.title", _("Requested document"), "Claim letter", lambda subject: ""),
    TemplateVariable(
        93, "document.until", _("Due date of the requested document"), "until Friday, May 15", lambda subject: ""
    ),
    TemplateVariable(
        94, "document.note", _("Note on the requested document"), "Both pages, please.", lambda subject: ""
    ),
]
