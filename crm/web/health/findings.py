"""The entries that apps add to the health page: checks, part rows, parked items, and switched-off things.

    HealthCheck(name="channels", section="integrations", label=_("Channels"), look=check_channels)
    ParkedSource("messages", unreadable_mail)
    Override("stops", stops_in_force)

Each is asked once for a page, inside the tenant; a query or two each, however many rows there are.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.platform import features
from crm.platform.access.permissions import missing_permission
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.design.icons import missing_icon
from crm.web.health.snapshot import HealthSnapshot
from crm.web.requests.tenant_urls import missing_address

logger = logging.getLogger(__name__)

Words = str | Promise


class HealthState(StrEnum):
    """State of a check; the value is the name of its mark (static/css/components/age.css)."""

    OK = "ok"
    SLOW = "soon"
    DOWN = "crit"
    OFF = "hold"


@dataclass(frozen=True)
class Finding:
    """The result of a check. `about` distinguishes findings of one check, e.g. by channel id."""

    state: HealthState
    words: Words
    detail: Words = ""
    # A page by its URL name, where something can be done about it.
    page: str = ""
    about: str = ""
    # Whether admins are told, where its check alarms.
    tells: bool = True


# In the order of the checklist before going live, a line of it each.
SECTIONS: dict[str, Words] = {
    "system": _("System"),
    "integrations": _("Integrations"),
    "workflows": _("Workflows"),
    "data": _("Data"),
    "access": _("Access"),
    "backup": _("Backup"),
    "mobile": _("Mobile"),
    "compliance": _("Compliance"),
}


@dataclass(frozen=True, kw_only=True)
class HealthCheck(Feature):
    """An automatic check of the checklist. `alarms`: admins are notified when it is DOWN."""

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "health"

    name: str
    section: str
    label: Words
    look: Callable[[HealthSnapshot], Iterable[Finding]]
    alarms: bool = False
    # Of the whole installation, and known without a worker: looked after by the web processes as well.
    is_shared: bool = False
    # What one of several things is called, by a finding's `about`; blank for one that is gone.
    named: Callable[[str], str] = lambda about: ""

    def check(self) -> Iterator[str]:
        if self.section not in SECTIONS:
            yield f"the checklist has no section {self.section!r}"


@dataclass(frozen=True, kw_only=True)
class ChecklistItem(Feature):
    """A line of the checklist that a person ticks."""

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "checklist"

    name: str
    section: str
    label: Words

    def check(self) -> Iterator[str]:
        if self.section not in SECTIONS:
            yield f"the checklist has no section {self.section!r}"


@dataclass(frozen=True)
class HealthPart:
    """A row of a card: a part, its state, and up to three of its times."""

    name: str
    note: str
    state: HealthState
    words: Words
    times: tuple[tuple[Words, datetime | None], ...] = ()
    page: str = ""
    # Of the last hour: the minutes it did something in, and those in which something failed; None: it is not drawn.
    minutes: "PartMinutes | None" = None


@dataclass(frozen=True)
class PartMinutes:
    """Minutes of the last hour (as minutes ago, 0: the current one) in which a part worked or failed."""

    worked: frozenset[int] = frozenset()
    failed: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class HealthCard(Feature):
    """A card of parts, such as channels. `page`: where they are set up."""

    unique: ClassVar[tuple[str, ...]] = ("title",)

    title: Words
    read: Callable[[HealthSnapshot], list[HealthPart]]
    page: str = ""

    def check(self) -> Iterator[str]:
        if self.page:
            yield from missing_address(self.page, "a-tenant")


@dataclass(frozen=True, kw_only=True)
class HealthAct(Feature):
    """A button beside parked or switched-off items, added by the app that owns them.

    `do` gets who asks and what the line says it is about, and returns to how many it was done. Raises Refused.
    """

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    permission: str
    icon: str
    label: Words
    do: Callable[[Member, str], int]
    # What is said of so many, never of none.
    told: Callable[[int], str]
    # Whether it is part of “Replay the 5 that can be”.
    is_replay: bool = False

    def check(self) -> Iterator[str]:
        yield from missing_permission(self.permission)
        yield from missing_icon(self.icon)


# The acts of a line: the name of each, and what it is about.
Acts = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ParkedItems:
    """A number of failed items that wait for a person, and the page to replay them."""

    count: int
    words: Words
    page: str
    oldest: datetime | None = None
    # Behind the page's address: "?state=unknown".
    query: str = ""
    detail: str = ""
    acts: Acts = ()
    # Whom it is about, for those only who may do one of the acts.
    whom: str = ""


@dataclass(frozen=True)
class ParkedSource(Feature):
    """A kind of parked items."""

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "parked"

    name: str
    read: Callable[[HealthSnapshot], Iterable[ParkedItems]]


@dataclass(frozen=True)
class SwitchedOff:
    """Something a person switched off or put on hold: since when, and the page to switch it on again."""

    words: str
    by: str = ""
    since: datetime | None = None
    until: datetime | None = None
    page: str = ""
    acts: Acts = ()


@dataclass(frozen=True)
class Override(Feature):
    """A kind of setting that people switch off by hand."""

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "overrides"

    name: str
    read: Callable[[HealthSnapshot], Iterable[SwitchedOff]]


@dataclass(frozen=True, kw_only=True)
class HealthAction(Feature):
    """A button in the page head that links to another page."""

    unique: ClassVar[tuple[str, ...]] = ("page",)

    page: str
    permission: str
    icon: str
    label: Words

    def check(self) -> Iterator[str]:
        yield from missing_permission(self.permission)
        yield from missing_address(self.page, "a-tenant")
        yield from missing_icon(self.icon)


def run_check(check: HealthCheck, look: HealthSnapshot) -> list[Finding]:
    """Run a check. If it raises, that is a finding itself, so that the page and other alarms still work."""
    try:
        with transaction.atomic():
            return list(check.look(look))
    except Exception:
        logger.exception("a check failed", extra={"check": check.name})
        return [Finding(HealthState.SLOW, gettext("This could not be checked"))]


def health_checks(*, shared: bool = False) -> list[HealthCheck]:
    """Return the checks, in order. `shared`: only those of the installation."""
    return [check for check in features.of(HealthCheck) if check.is_shared or not shared]
