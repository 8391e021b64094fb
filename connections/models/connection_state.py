"""The states of a connection, its direction, and what can be wrong with it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SystemState(models.TextChoices):
    # Its sign-in was not tried yet.
    CONNECTING = "connecting", _("connecting")
    ACTIVE = "active", _("works")
    # It needs a person: nothing is tried until they connect it again.
    BROKEN = "broken", _("stopped")
    OFF = "off", _("off")


class SyncDirection(models.TextChoices):
    OUT = "out", _("we send")
    IN = "in", _("they send")
    BOTH = "both", _("both ways")
    NEVER = "never", _("never sent")


class WhoWins(models.TextChoices):
    """Which version counts if both sides changed since the last synchronization."""

    OURS = "ours", _("Ours")
    THEIRS = "theirs", _("Theirs")
    ASK = "ask", _("A person decides")


class ConnectionProblem(models.TextChoices):
    """Why a connection does not work, as a sentence. The codes are those of calendars."""

    SIGN_IN = "sign_in", _("The sign-in is refused. Connect it again.")
    ADDRESS = "address", _("This address may not be reached. Check it.")
    UNREACHABLE = "unreachable", _("The system does not answer. We keep trying.")
    TOO_MANY = "too_many", _("The system asks us to wait. We keep trying.")
    ANSWER = "answer", _("The system answers in a way we don’t understand. We keep trying.")
    GONE = "gone", _("The account no longer exists there, or this sign-in may not open it. Connect it again.")
    SETTINGS = "settings", _("The settings of this connection are not complete.")
