"""Navigation tabs of the portal: at the top of a wide window, at the bottom on a phone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise

from crm.platform.features import Feature
from crm.web.design.icons import missing_icon
from crm.web.requests.tenant_urls import missing_address


@dataclass(frozen=True, kw_only=True)
class PortalTab(Feature):
    """A tab of the navigation; its URL takes only the company."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    icon: str
    label: str | Promise

    def check(self) -> Iterator[str]:
        yield from missing_icon(self.icon)
        yield from missing_address(self.name, "a-company")
