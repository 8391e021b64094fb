"""The permission of connections."""

from django.utils.translation import gettext_lazy as _

from crm.platform.access.permissions import Permission
from crm.platform.models import Role

MANAGE = "connections.manage"

PERMISSIONS = [
    Permission(
        name=MANAGE,
        roles=frozenset({Role.ADMIN}),
        group="settings",
        label=_("Connect other systems"),
        note=_("Accounting and other systems: connect them, map fields, and send again what was refused."),
    ),
]
