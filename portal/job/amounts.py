"""Percentage of completion in everyday words."""

from django.utils.translation import gettext as _

# How far from a fraction it is still called by it.
NEAR = 4


def portal_amount(percent: int) -> str:
    """Return how much of the work is done, as a sentence: "Two thirds are done."; "" before it has begun."""
    if percent <= 0:
        return ""
    if percent >= 100:
        return _("All of it is done.")
    named = {
        25: _("A quarter is done."),
        33: _("A third is done."),
        50: _("Half of it is done."),
        67: _("Two thirds are done."),
        75: _("Three quarters are done."),
    }
    near = min(named, key=lambda whole: abs(whole - percent))
    if abs(near - percent) <= NEAR:
        return named[near]
    if percent < 10:
        return _("It has just begun.")
    if percent > 90:
        return _("It is almost done.")
    return _("%(percent)s%% is done.") % {"percent": percent}
