"""ConfigurationSection: a part of the configuration that an app contributes to the file; UnexportedModel: one it lacks.

A section's `content` reads its entries as plain values and writes them through the verbs of the settings pages.
tests/platform/test_configuration_file.py demands that each model of the configuration is in one or left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from django.db import models
from django.utils.functional import Promise

from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Member

# The one entry of a section that is a set of values, such as a policy.
ONLY = ""


class SectionContent(Protocol):
    """Reads and writes the entries of a section, inside the tenant."""

    @property
    def models(self) -> tuple[type[models.Model], ...]:
        """The models whose rows it reads and writes."""

    @property
    def is_single(self) -> bool:
        """True if it has one entry, named ONLY."""

    def read(self) -> dict[str, dict[str, Any]]:
        """Return the entries in use by name, in their order, as plain values."""

    def write(self, name: str, values: Mapping[str, Any], *, by: Member | None) -> None:
        """Add an entry, or change the fields that are given. Raises Refused, or FieldRefused for one field."""

    def remove(self, name: str, *, by: Member | None) -> None:
        """Archive an entry. Raises Refused where it is in use."""

    def prune(self, name: str, values: Mapping[str, Any], *, by: Member | None) -> None:
        """Archive parts of an entry that these values lack. Raises Refused for parts in use."""

    def arrange(self, names: list[str], *, by: Member | None) -> None:
        """Put the entries in this order, if the section has one."""


@dataclass(frozen=True, kw_only=True)
class ConfigurationSection(Feature):
    """A section of the file; `name` is its key there. FEATURE_ORDER puts a section after those it refers to."""

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "configuration"

    name: str
    label: str | Promise
    content: SectionContent
    # The settings page it belongs to, for the links of the configuration book; its URL name, or blank.
    page: str = ""


@dataclass(frozen=True)
class UnexportedModel(Feature):
    """A model of the configuration that the file does not contain, with the reason."""

    unique: ClassVar[tuple[str, ...]] = ("model",)

    model: type[models.Model]
    why: str


def configuration_sections() -> tuple[ConfigurationSection, ...]:
    """Return all sections in the order in which they are imported."""
    return features.of(ConfigurationSection)
