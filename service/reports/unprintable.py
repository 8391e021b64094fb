"""The note of a report about characters that its font lacks: a name is never left out unsaid."""

from django.utils.translation import gettext as _

from libs.printed_pdf import printable


def unprintable_letters(texts: list[str]) -> str:
    """Return a warning about characters that can't be printed; blank if there are none."""
    if any(printable(text) != text for text in texts):
        return _("Some characters can’t be printed here; they appear as boxes.")
    return ""
