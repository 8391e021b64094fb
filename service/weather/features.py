"""Register weather: permissions, its page, event words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.platform.access.permissions import Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.shell.navigation import NavigationPage
from crm.web.timeline.event_words import EventWords


def _hold_words(data: dict[str, Any]) -> str:
    moved = data.get("moved", 0)
    words = ngettext(
        "moved %(count)s appointment because of the weather",
        "moved %(count)s appointments because of the weather",
        moved,
    )
    return words % {"count": moved}


def _forecast_words(data: dict[str, Any]) -> str:
    return _("added a forecast: %(chance)s%%") % {"chance": data.get("chance", 0)}


OFFICE = frozenset({Role.SERVICE, Role.MANAGER, Role.ADMIN})
FEATURES: list[Feature] = [
    Permission(
        name="weather.hold",
        roles=OFFICE,
        group="service",
        label=gettext_lazy("Move visits because of the weather"),
        note=gettext_lazy("Add forecasts, and move the visits of a day at once after a preview."),
    ),
    Permission(
        name="weather.connect",
        roles=frozenset({Role.ADMIN}),
        group="settings",
        label=gettext_lazy("Connect a weather service"),
        note=gettext_lazy("Create the secret URL that forecasts are sent to."),
    ),
    NavigationPage(
        name="weather:weather",
        permission="weather.hold",
        icon="cloud-rain",
        label=gettext_lazy("Weather"),
        section=True,
        tab_of="calendar:calendar",
        words=gettext_lazy("rain storm move"),
    ),
    EventWords("weather_hold.done", "cloud-rain", _hold_words),
    EventWords("weather_hold.undone", "undo-2", gettext_lazy("put the dates of a weather hold back")),
    EventWords("forecast.noted", "cloud-rain", _forecast_words, mark="auto"),
]
