"""Compare headings and values of a file with labels in every language of the product."""

import re
from collections.abc import Iterator, Mapping

from django.conf import settings
from django.utils.translation import gettext_noop, override

from crm.kernel.normalization import name_key

# What the file of refused rows adds, and the import of the mended file leaves out again.
WHY_REFUSED = gettext_noop("Why it was refused")
NUMBER_SIGN = re.compile(r"#|№|[nN][°º]")


def key_of(heading: str) -> str:
    """Normalise a heading for comparison: "Deal - Title" and "deal_title" are one."""
    return name_key(NUMBER_SIGN.sub(" no ", heading)).replace(" ", "")


def value_keys(labels: Mapping[object, object]) -> dict[str, object]:
    """Map each spelling of these values, as a label in any language or as its code, to the value."""
    return dict(_spellings(labels))


def _spellings(labels: Mapping[object, object]) -> Iterator[tuple[str, object]]:
    for language, _name in settings.LANGUAGES:
        with override(language):
            yield from ((key_of(str(label)), value) for value, label in labels.items())
    yield from ((key_of(str(value)), value) for value in labels)
