"""The verdict on a row of a file, and how many rows have which."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ImportVerdict(TextChoices):
    """The result of importing a row."""

    NEW = "new", _("new")
    UPDATE = "update", _("changed")
    UNCHANGED = "unchanged", _("unchanged")
    REFUSED = "refused", _("refused")


@dataclass(frozen=True)
class RowResult:
    """The verdict on a row, with the reason if it is refused. An import adds what the row would write."""

    verdict: ImportVerdict
    reason: str = ""


def count_verdicts(judged: Iterable[tuple[int, RowResult]]) -> Counter[str]:
    """Count the rows of each verdict."""
    return Counter(str(row.verdict) for _number, row in judged)
