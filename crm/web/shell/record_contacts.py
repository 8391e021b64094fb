"""RecordContact: a customer's contact details and messages, added to mailed notices about a record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Model

from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.reader import Reader


@dataclass(frozen=True)
class RecordContact(Feature):
    """Lines about the customers of a model's rows, by row id, as far as the member may read them."""

    unique: ClassVar[tuple[str, ...]] = ("model",)

    model: type[Model]
    read: Callable[[Sequence[Any], Member, Reader], Mapping[int, list[str]]]

    def __str__(self) -> str:
        return f"RecordContact of {self.model.__name__}"


@features.cached_index
def _by_label() -> dict[str, RecordContact]:
    return {entry.model._meta.label_lower: entry for entry in features.of(RecordContact)}


def record_contact(label: str) -> RecordContact | None:
    """Return the RecordContact of a model label; None if no app adds one."""
    return _by_label().get(label)
