"""Register the tokens: their permission, their page in the settings, and the words of their events."""

from django.utils.translation import gettext_lazy as _

from crm.platform.access.permissions import Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.platform.tenancy.row_level_security import DefinerFunction
from crm.web.settings.sections import Section
from crm.web.timeline.event_words import EventWords

MANAGE = "api.manage"

FEATURES: list[Feature] = [
    DefinerFunction("api_token_of(text, timestamptz)"),
    DefinerFunction("api_app_of(text)"),
    Permission(
        name=MANAGE,
        roles=frozenset({Role.ADMIN}),
        group="settings",
        label=_("Set up the API"),
        note=_("Tokens by which programs act as a member: create and revoke them."),
    ),
    Section(
        group="automation",
        name="api_tokens:tokens",
        permission=MANAGE,
        icon="key-round",
        label=_("API"),
        note=_("Tokens of programs that read and change your records."),
        affects=_("Affects the programs that use the API, at once."),
        words=_("token key rest integration zapier make developer programming"),
    ),
    EventWords("api_token.created", "key-round", _("created the API token")),
    EventWords("api_token.revoked", "ban", _("revoked the API token")),
]
