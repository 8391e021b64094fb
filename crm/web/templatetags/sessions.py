"""Template filters that describe a session: which device, and how long ago."""

import re
from datetime import datetime

from django import template
from django.utils.translation import gettext as _

from crm.kernel import clock, durations

register = template.Library()

# The first that fits: Edge and Opera also call themselves Chrome, and Chrome calls itself Safari.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows")),
    *(("Mac OS", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)


@register.filter
def device(user_agent: str) -> str:
    """Return the device's name, such as "Firefox on Windows", from the user agent."""
    browser = _first_match(BROWSERS, user_agent)
    system = _first_match(SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    named = re.match(r"[A-Za-z][\w.-]{1,30}", user_agent)
    return browser or system or (named[0] if named else _("Unknown device"))


@register.filter
def ago(at: datetime) -> str:
    """Format how long ago something was, in at most two units."""
    return durations.short_duration((clock.now() - at).total_seconds())


def _first_match(marks: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((name for mark, name in marks if mark in text), None)
