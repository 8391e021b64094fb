"""The portal's navigation: each subject has a tab, at the top of a wide window and at the foot of a phone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise

from crm.platform.features import Feature
from crm.web.design.icons import missing_icon
from crm.web.requests.tenant_urls import missing_address


@dataclass(frozen=True, kw_only=True)
class PortalTab(Feature):
    """A page of the portal's navigation: the name of its address, which takes the company alone."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    icon: str
    label: str | Promise

    def check(self) -> Iterator[str]:
        yield from missing_icon(self.icon)
        yield from missing_address(self.name, "a-company")
