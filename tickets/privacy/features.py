"""What private conversations add to the product: a settings page."""

from django.utils.translation import gettext_lazy as _

from crm.platform.features import Feature
from crm.web.settings.sections import Section

FEATURES: list[Feature] = [
    Section(
        "comms",
        61,
        "tickets:departed_mail",
        "members.manage",
        "lock",
        _("Private mail of leavers"),
        _("Conversations that only a member saw who has left, and their take-over."),
    ),
]
