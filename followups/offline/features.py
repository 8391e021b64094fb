"""Register what work without a network adds: its notices, the page of this device, and the deletion of old changes."""

from django.utils.translation import gettext_lazy as _

from crm.platform.features import Feature
from crm.web.account.own_pages import OwnPage
from crm.web.shell.palette import PaletteAction
from followups.offline import trial_notice
from followups.offline.notices import KINDS

FEATURES: list[Feature] = [
    *KINDS,
    trial_notice.KIND,
    OwnPage(name="followups:device", permission="followups.view", label=_("This device")),
    PaletteAction(
        name="followups:device",
        permission="followups.view",
        icon="smartphone",
        label=_("This device"),
        words=_("phone offline no signal waiting changes home screen push"),
    ),
]
