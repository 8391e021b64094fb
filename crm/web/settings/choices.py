"""Choices of settings forms: countries, currencies, languages, time zones and hues, in the reader's own language."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from babel.core import Locale
from babel.numbers import get_territory_currencies
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from crm.platform.organization.tenant_creation import country_codes
from crm.web.design.look import language_name

Choices = list[tuple[Any, Any]]

# The hues of brand.css: every fifteen degrees of OKLCH, each with a word, so that colour is never alone.
_HUE_WORDS = (
    *(_("Rose"), _("Red"), _("Vermilion"), _("Orange"), _("Amber"), _("Gold"), _("Mustard"), _("Olive")),
    *(_("Lime"), _("Grass"), _("Green"), _("Emerald"), _("Teal"), _("Turquoise"), _("Cyan"), _("Sky")),
    *(_("Azure"), _("Blue"), _("Indigo"), _("Violet"), _("Purple"), _("Orchid"), _("Magenta"), _("Pink")),
)
HUES: Choices = [(3 + 15 * at, word) for at, word in enumerate(_HUE_WORDS)]

# Where people live; the other names of time zones are old spellings and offsets.
_REGIONS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def nearest_hue(hue: int) -> int:
    """Return the hue of brand.css closest to a hue in degrees."""
    return round((hue - 3) / 15) % 24 * 15 + 3


def languages() -> Choices:
    """Return the product's languages, each by its name in that language."""
    return [(code, language_name(code)) for code, _name in settings.LANGUAGES]


def countries() -> Choices:
    """Return every country, by name."""
    return _cached_countries(translation.get_language() or settings.LANGUAGE_CODE)


def currencies() -> Choices:
    """Return every currency some country uses, by code."""
    return _cached_currencies(translation.get_language() or settings.LANGUAGE_CODE)


@cache
def _cached_countries(language: str) -> Choices:
    names = Locale.parse(language, sep="-").territories
    return sorted(((code, names[code]) for code in country_codes() if code in names), key=lambda pair: pair[1])


@cache
def _cached_currencies(language: str) -> Choices:
    names = Locale.parse(language, sep="-").currencies
    codes = {code for country in country_codes() for code in get_territory_currencies(country)}
    return [(code, f"{code} · {names.get(code, code)}") for code in sorted(codes)]


@cache
def time_zones() -> list[tuple[str, Choices]]:
    """Return (region, [(name, label)]), for a select."""
    by_region: dict[str, Choices] = {region: [] for region in _REGIONS}
    for name in sorted(available_timezones()):
        region, _slash, place = name.partition("/")
        if place and region in by_region:
            by_region[region].append((name, name.replace("_", " ")))
    return list(by_region.items())
