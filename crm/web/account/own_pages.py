"""OwnPage: a page of a member's personal settings, linked from the preferences."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from django.urls import reverse
from django.utils.functional import Promise

from crm.platform import features
from crm.platform.access.permissions import allows, missing_permission
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.requests.tenant_urls import missing_address


@dataclass(frozen=True, kw_only=True)
class OwnPage(Feature):
    """A page of personal settings. `has`: returns True if the page has settings for the member."""

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "own_pages"

    name: str
    permission: str
    label: str | Promise
    has: Callable[[Member], bool] = lambda member: True

    def check(self) -> Iterator[str]:
        yield from missing_permission(self.permission)
        yield from missing_address(self.name, "a-tenant")


def own_pages(member: Member, slug: str) -> list[tuple[str, str]]:
    """Return (URL, label) of the pages available to a member."""
    pages = [page for page in features.of(OwnPage) if allows(member, page.permission) and page.has(member)]
    return [(reverse(page.name, args=[slug]), str(page.label)) for page in pages]
