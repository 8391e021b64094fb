"""Register connections: their page, permission, notices, event words, systems, and the line of the health page."""

from django.utils.translation import gettext_lazy as _

from connections import health
from connections.accounting.systems import SYSTEMS
from connections.feeds import systems as feed_systems
from connections.models.alert_policy import AlertPolicy
from connections.models.connection import TOPIC
from connections.notices import KINDS
from connections.permissions import MANAGE, PERMISSIONS
from connections.reviews import features as review_features
from crm.platform.configuration.sections import UnexportedModel
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.web.settings.sections import Section
from crm.web.timeline.event_words import EventWords

FEATURES: list[Feature] = [
    *PERMISSIONS,
    UnexportedModel(AlertPolicy, "Connections are not in the file, so their alarms have no use there."),
    Section(
        group="automation",
        name="connections:connections",
        permission=MANAGE,
        icon="plug",
        label=_("Connections"),
        note=_("Every connected system: whether it works, what waits, and what was refused."),
        affects=_("Affects what is sent to other systems, and what comes from them."),
        words=_(
            "integrations sync accounting quickbooks exact online moneybird calendar stripe csv json import api reviews"
        ),
        below=("connections/connection.html", "connections/connect.html", "connections/choose.html"),
    ),
    Topic(TOPIC),
    EventWords("connection.added", "plug", _("connected a system")),
    EventWords("connection.reconnected", "plug", _("connected a system again")),
    EventWords("connection.edited", "plug", _("edited a connection")),
    EventWords("connection.mapped", "plug", _("changed the mapping of a connection")),
    EventWords("connection.switched_off", "ban", _("switched off a connection")),
    EventWords("connection.switched_on", "plug", _("switched on a connection")),
    EventWords("connection.removed", "ban", _("disconnected a system")),
    EventWords("connection.replayed", "rotate-cw", _("had refused records of a connection tried again")),
    EventWords("connection.dismissed", "check", _("left a refused record of a connection as it is")),
    EventWords("connection.item_refused", "triangle-alert", _("a record of a connection was refused"), mark="auto"),
    EventWords("alert_policy.set", "settings", _("changed when alarms of connections are passed on")),
    *KINDS,
    *SYSTEMS,
    *review_features.FEATURES,
    feed_systems.SYSTEM,
    *health.FEATURES,
]
