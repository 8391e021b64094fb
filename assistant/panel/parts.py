"""AssistantPart: a part of a record's panel or of the settings page, an entry of `features.py`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from django.db.models import Model
from django.utils.functional import Promise

from crm.platform import features
from crm.platform.access.permissions import missing_permission
from crm.platform.features import Feature
from crm.web.requests.tenant_urls import missing_address

# The place of a part that is about no record.
SETTINGS = "settings"


@dataclass(frozen=True, kw_only=True)
class AssistantPart(Feature):
    """A part of a record's panel, or of the settings page without `model`; loaded from its own address.

    The address takes the tenant's slug and the record's `key`. `topics`: those that reload it, separated by spaces.
    """

    unique: ClassVar[tuple[str, ...]] = ("place",)

    name: str
    url_name: str
    permission: str
    label: str | Promise
    model: type[Model] | None = None
    key: str = "uid"
    topics: str = "assistant"

    @property
    def place(self) -> str:
        return f"{self.model._meta.label_lower if self.model else SETTINGS} {self.name}"

    def check(self) -> Iterator[str]:
        yield from missing_permission(self.permission)
        if self.model is None:
            yield from missing_address(self.url_name, "a-tenant")


def parts_of(model: type[Model] | None) -> list[AssistantPart]:
    """Return the parts of a record's panel; of the settings page for None."""
    return [part for part in features.of(AssistantPart) if part.model is model]
