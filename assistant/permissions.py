"""Permissions of the assistant: who sees its proposals, and who chooses what reads along."""

from django.utils.translation import gettext_lazy as _

from crm.platform.access.permissions import EVERYBODY, Permission
from crm.platform.models import Role

USE = "assistant.use"
SET_UP = "assistant.set_up"

PERMISSIONS = [
    Permission(
        name=USE,
        roles=EVERYBODY,
        group="daily",
        label=_("Use the assistant"),
        note=_("See summaries and proposals for the records they see, and ask for drafts. It never sends."),
    ),
    Permission(
        name=SET_UP,
        roles=frozenset({Role.ADMIN}),
        group="settings",
        label=_("Set up the assistant"),
        note=_("Choose the language model, what it may read, and what it may cost; read what was asked."),
    ),
]
