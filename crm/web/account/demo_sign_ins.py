"""The demo's one-click sign-ins, and links that apps add to them. Everything is empty unless CRM_DEMO is set."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise

from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Member, Tenant, User
from crm.platform.tenancy.context import use_tenant
from crm.web.requests.tenant_urls import missing_address


@dataclass(frozen=True, kw_only=True)
class DemoEntry(Feature):
    """A demo link for people who are not members. Its URL takes the organization's slug."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    label: str | Promise
    # By what one comes in there, of an organization by its slug.
    note: Callable[[str], str]

    def check(self) -> Iterator[str]:
        yield from missing_address(self.name, "an-organization")


@dataclass(frozen=True, kw_only=True)
class DemoPage(Feature):
    """A page of the demo outside any organization, by its URL name."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    label: str | Promise
    # What to know before one goes there; blank for nothing.
    note: Callable[[], str] = str

    def check(self) -> Iterator[str]:
        yield from missing_address(self.name)


class DemoEntryLink(NamedTuple):
    """A demo link of one organization."""

    label: str
    note: str
    url: str


@dataclass(frozen=True)
class SignIn:
    """A demo user to sign in as."""

    organization: str
    name: str
    role: str
    email: str


def sign_ins() -> list[SignIn]:
    """Return one member per role of each organization; empty outside a demo."""
    if not settings.DEMO:
        return []
    users: list[SignIn] = []
    for tenant in Tenant.objects.filter(suspended_at=None).order_by("name"):
        with use_tenant(tenant):
            members = {member.role: member for member in Member.objects.active().order_by("-pk")}
            emails = dict(User.objects.filter(pk__in=[m.user_id for m in members.values()]).values_list("pk", "email"))
            users += [
                SignIn(tenant.name, m.name, m.get_role_display(), emails[m.user_id])
                for m in sorted(members.values(), key=lambda member: member.pk)
            ]
    return users


def demo_entries() -> list[DemoEntryLink]:
    """Return the links for non-members, for each organization; empty outside a demo."""
    slugs = (
        Tenant.objects.filter(suspended_at=None).order_by("name").values_list("slug", "name") if settings.DEMO else ()
    )
    return [
        DemoEntryLink(f"{door.label} · {name}", door.note(slug), reverse(door.name, args=[slug]))
        for slug, name in slugs
        for door in features.of(DemoEntry)
    ]


def demo_pages() -> list[DemoEntryLink]:
    """Return the demo's own pages; empty outside a demo."""
    return [
        DemoEntryLink(str(page.label), page.note(), reverse(page.name))
        for page in features.of(DemoPage)
        if settings.DEMO
    ]
