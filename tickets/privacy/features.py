"""What private conversations add to the product: a settings page."""

from django.utils.translation import gettext_lazy as _

from crm.platform.features import Feature
from crm.web.settings.sections import Section

FEATURES: list[Feature] = [
    Section(
        group="team",
        position=40,
        name="tickets:departed_mail",
        permission="members.manage",
        icon="lock",
        label=_("Mail of former members"),
        note=_("Private conversations of members who have left, and who takes them over."),
        affects=_("Affects who sees these conversations in the inbox."),
        words=_("leavers ex-employee offboarding private take over"),
        tab_of="members",
    ),
]
