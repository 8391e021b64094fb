"""RecordContact: how to reach the customer of a record, and what they wrote, for the mail that tells a member of it."""

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
    """Lines about the customers of rows of a model, by the rows' ids, as far as the member may read them."""

    unique: ClassVar[tuple[str, ...]] = ("model",)

    model: type[Model]
    read: Callable[[Sequence[Any], Member, Reader], Mapping[int, list[str]]]

    def __str__(self) -> str:
        return f"RecordContact of {self.model.__name__}"


@features.cached_index
def _by_label() -> dict[str, RecordContact]:
    return {entry.model._meta.label_lower: entry for entry in features.of(RecordContact)}


def record_contact(label: str) -> RecordContact | None:
    """Return the entry of a model, by its label; None where no app adds one."""
    return _by_label().get(label)
