"""CountedList: a count with a link to its list, added by an app to a section of the figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from django.utils.functional import Promise

from crm.platform.access.permissions import missing_permission
from crm.platform.features import Feature
from crm.web.lists.definition import List


@dataclass(frozen=True, kw_only=True)
class CountedList(Feature):
    """A count and its list, added by an app to a section of the figures, e.g. "service"."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    section: str
    name: str
    label: str | Promise
    preset: List
    # Who has the count, of those who may open the list; blank: all of them.
    permission: str = ""
    # The class of a number that is to be seen to, and the list's plain filters.
    css: str = ""
    plain: Mapping[str, str] = field(default_factory=dict)

    def check(self) -> Iterator[str]:
        yield from missing_permission(self.permission or self.preset.permission)
