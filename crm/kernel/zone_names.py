"""Names of time zones for people: "Eastern time", "Dutch time". Pure."""

from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

# Parts of these keep a clock of their own.
_OWN = {
    "America/Phoenix": _("Arizona time"),
    "America/Puerto_Rico": _("Puerto Rico time"),
    "America/Regina": _("Saskatchewan time"),
}
# By the groups in which Unicode's tables put the zones of North America.
_GROUPS = {
    "America_Eastern": _("Eastern time"),
    "America_Central": _("Central time"),
    "America_Mountain": _("Mountain time"),
    "America_Pacific": _("Pacific time"),
    "Alaska": _("Alaska time"),
    "Hawaii_Aleutian": _("Hawaii time"),
    "Atlantic": _("Atlantic time"),
    "Newfoundland": _("Newfoundland time"),
}
_COUNTRIES = {
    "NL": _("Dutch time"),
    "BE": _("Belgian time"),
    "DE": _("German time"),
    "FR": _("French time"),
    "GB": _("UK time"),
    "IE": _("Irish time"),
    "AT": _("Austrian time"),
    "CH": _("Swiss time"),
    "LU": _("Luxembourg time"),
}


def zone_name(zone: ZoneInfo) -> str:
    """Return a time zone's common name in the active language; named after its country or city as a fallback."""
    key = zone.key
    country = get_global("zone_territories").get(key, "")
    name = _OWN.get(key) or _GROUPS.get(get_global("meta_zones").get(key, "")) or _COUNTRIES.get(country)
    if name:
        return str(name)
    return gettext("%(place)s time") % {"place": _place_name(key, country)}


def _place_name(key: str, country: str) -> str:
    """Return the country if it has a single time zone, else the city in the zone's key."""
    zones = [zone for zone, where in get_global("zone_territories").items() if where == country]
    names = Locale.parse((get_language() or "en").split("-")[0]).territories
    if len(zones) == 1 and country in names:
        return names[country]
    return key.rpartition("/")[2].replace("_", " ")
