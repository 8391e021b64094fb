"""A name for a sequence that no other has."""

from followups.sequences.models import Sequence
from followups.sequences.models.sequence import LONGEST, MOST


def free_name(wanted: str) -> str:
    """Return an unused name: the requested one, with a number appended if it is taken."""
    names = Sequence.objects.filter(archived_at__isnull=True).values_list("name", flat=True)
    taken = {name.casefold() for name in names}
    short = wanted[: LONGEST - 5]
    numbered = (short if number == 1 else f"{short} ({number})" for number in range(1, MOST + 2))
    return next(name for name in numbered if name.casefold() not in taken)
