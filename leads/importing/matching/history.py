"""Format and parse a lead's past steps in one cell: "2026-03-04 09:14 New; 2026-03-05 10:00 Reached".

The export writes them so and the import reads them. Time without a step has a dash for its name.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused

NO_STEP = "–"
# A name may hold a semicolon, but hardly one before an instant.
_ENTRY = re.compile(r"(?:^|;\s*)(\d{4}-\d{2}-\d{2} \d{2}:\d{2}(?::\d{2})?) ")


def format_history(stays: Iterable[tuple[datetime, str]]) -> str:
    """Format stays, oldest first: when the lead entered each, in the time zone shown, and the step's name."""
    return "; ".join(f"{at:%Y-%m-%d %H:%M} {name or NO_STEP}" for at, name in stays)


def read(cell: str) -> Iterator[tuple[str, str]]:
    """Parse instant and name of each stay; "" for time without a step. Raises Refused for another format."""
    pieces = _ENTRY.split(cell.strip())
    if pieces[0] or len(pieces) < 3:
        raise Refused(_("Write it as “2026-03-04 09:14 New; 2026-03-05 10:00 Reached”."))
    for instant, name in zip(pieces[1::2], pieces[2::2], strict=True):
        yield instant, name.strip().strip(NO_STEP)
