"""RecordStatus: the current status of a record, as HTML and as text, for notices about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from django.db.models import Model
from django.utils.safestring import SafeString

from crm.platform import features
from crm.platform.features import Feature
from crm.web.reader import Reader


class StatusSummary(NamedTuple):
    """Status of a row: as HTML for its list, and as a sentence for mail."""

    drawn: SafeString
    words: str


@dataclass(frozen=True)
class RecordStatus(Feature):
    """Provider of the status of a model's rows, by id."""

    unique: ClassVar[tuple[str, ...]] = ("model",)

    model: type[Model]
    read: Callable[[Sequence[Any], Reader], Mapping[int, StatusSummary]]

    def __str__(self) -> str:
        return f"RecordStand of {self.model.__name__}"


@features.cached_index
def _by_label() -> dict[str, RecordStatus]:
    return {entry.model._meta.label_lower: entry for entry in features.of(RecordStatus)}


def record_status(label: str) -> RecordStatus | None:
    """Return the RecordStatus of a model label; None if no app adds one."""
    return _by_label().get(label)
