"""SystemSource: the systems that an app is connected to, as rows of *Settings, Connections*.

    SystemSource(name="stripe", group="money", permission="billing.connect", read=payment_systems)

Each source is asked once a page, inside the tenant; a fixed number of queries, however many systems there are.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.platform.access.permissions import missing_permission
from crm.platform.features import Feature
from crm.web.design.icons import missing_icon

Words = str | Promise

# In the order of the page: the heading, and what such systems are for.
SYSTEM_GROUPS: dict[str, tuple[Words, Words]] = {
    "calendars": (_("Calendars"), _("visits and busy times")),
    "messages": (_("Mail, texts and phone"), _("messages and calls")),
    "money": (_("Money"), _("invoices and payments")),
    "leads": (_("Ads and lead capture"), _("leads that come in")),
    "reviews": (_("Reviews"), _("what customers say in public")),
    "work": (_("Estimates, projects, supplies"), _("jobs, customers and properties")),
    "automation": (_("Automation"), _("programs that we call, and that call us")),
}
# Marks of a row: one an hour.
HOURS = 24
# The marks of a state, as of static/css/components/age.css.
MARKS = ("ok", "soon", "late", "crit", "hold")
# The directions, with their icons and words.
WAYS: dict[str, tuple[str, Words]] = {
    "out": ("arrow-right", _("we send")),
    "in": ("arrow-left", _("they send")),
    "both": ("arrow-right-left", _("both ways")),
    "never": ("ban", _("never sent")),
}


@dataclass(frozen=True, kw_only=True)
class SystemRow:
    """A connected system. `mark` is one of MARKS, `way` one of WAYS.

    `hours`: the last 24 hours, the oldest first: "" for one in which it worked, "gap" for one with failures, "off" for
    one in which nothing was done. None: not known. `url`: the page where it is set up.
    """

    name: str
    note: Words
    icon: str
    way: str
    mark: str
    state: Words
    url: str
    at: datetime | None = None
    hours: tuple[str, ...] | None = None
    waits: Words = ""


@dataclass(frozen=True, kw_only=True)
class SystemSource(Feature):
    """Connected systems of an app. `read` takes the slug of the tenant and the present time."""

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "systems"

    name: str
    group: str
    permission: str
    icon: str
    read: Callable[[str, datetime], Iterable[SystemRow]]

    def check(self) -> Iterator[str]:
        if self.group not in SYSTEM_GROUPS:
            yield f"the page of connections has no group {self.group!r}"
        yield from missing_permission(self.permission)
        yield from missing_icon(self.icon)


def hour_states(hours: Iterable[tuple[datetime, bool]], now: datetime) -> tuple[str, ...]:
    """Return the states of the last 24 hours, the oldest first, of hours in which something came or failed (True)."""
    this = now.replace(minute=0, second=0, microsecond=0)
    states = dict.fromkeys(range(HOURS), "off")
    for hour, has_failed in hours:
        place = HOURS - 1 - int((this - hour).total_seconds() // 3600)
        if place not in states:
            continue
        if has_failed:
            states[place] = "gap" if states[place] in ("off", "gap") else "slow"
        else:
            states[place] = "slow" if states[place] in ("gap", "slow") else ""
    return tuple(states.values())
