"""Register connected apps: the permission, the pages of members and admins, and the words of events."""

from django.utils.translation import gettext_lazy as _

from api.tokens.features import MANAGE
from crm.platform.access.permissions import EVERYBODY, Permission
from crm.platform.features import Feature
from crm.web.account.own_pages import OwnPage
from crm.web.settings.sections import Section
from crm.web.timeline.event_words import EventWords

CONNECT = "api.connect"

FEATURES: list[Feature] = [
    Permission(
        name=CONNECT,
        roles=EVERYBODY,
        group="settings",
        label=_("Connect apps"),
        note=_("Let an app that an admin registered act as them, within what they agree to."),
    ),
    Section(
        group="automation",
        name="api_tokens:apps",
        permission=MANAGE,
        icon="link",
        label=_("Apps"),
        note=_("Apps of other companies that your colleagues may connect."),
        affects=_("Affects the members who connected an app, at once."),
        words=_("oauth client integration third party marketplace connect"),
        tab_of="api_tokens:tokens",
    ),
    OwnPage(name="connected_apps:apps", permission=CONNECT, label=_("Connected apps")),
    EventWords("api_app.registered", "link", _("registered the app")),
    EventWords("api_app.removed", "ban", _("removed the app")),
    EventWords("api_app.connected", "link", _("connected the app")),
    EventWords("api_app.disconnected", "ban", _("disconnected the app")),
]
