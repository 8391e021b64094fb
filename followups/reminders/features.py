"""Register what reminders add: kinds of notices, the member's own page, and the start of the digests."""

from django.utils.translation import gettext_lazy as _

from crm.platform.features import Feature
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.account.own_pages import OwnPage
from crm.web.shell.palette import PaletteAction
from followups.reminders import digest
from followups.reminders.notices import KINDS
from followups.reminders.start import begin_again
from followups.reminders.views import VIEW

FEATURES: list[Feature] = [
    *KINDS,
    OwnPage(name="followups:reminders", permission=VIEW, label=_("Reminders")),
    PaletteAction(
        name="followups:reminders",
        permission=VIEW,
        icon="clock",
        label=_("Reminders and daily digest"),
        words=_("remind notify before due morning email"),
    ),
    TenantStart(digest.begin, again=begin_again),
]
