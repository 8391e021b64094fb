"""The providers of calendars, the states of a connection, and what can be wrong with it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarProvider(models.TextChoices):
    CALDAV = "caldav", "CalDAV"
    GOOGLE = "google", "Google"
    MICROSOFT = "microsoft", "Microsoft"


class ConnectionState(models.TextChoices):
    # Its sign-in is being checked, and its calendars are read.
    CONNECTING = "connecting", _("Connecting")
    ACTIVE = "active", _("Connected")
    # It needs the member: nothing is tried until they connect it again.
    BROKEN = "broken", _("Needs you")


class CalendarProblem(models.TextChoices):
    """Why a connection does not work, as a sentence for the member."""

    SIGN_IN = (
        "sign_in",
        _("The sign-in is refused. Connect it again, with an app password if the provider asks for one."),
    )
    ADDRESS = "address", _("This address may not be reached. Check it.")
    UNREACHABLE = "unreachable", _("The server does not answer. We keep trying.")
    TOO_MANY = "too_many", _("The provider asks us to wait. We keep trying.")
    ANSWER = "answer", _("The server answers in a way we don’t understand.")
    NO_CALENDARS = "no_calendars", _("There is no calendar at this address.")
    GONE = "gone", _("The calendar no longer exists. Choose another one.")
