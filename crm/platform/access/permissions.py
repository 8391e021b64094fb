"""Who may do what: one matrix of permissions by role. Upper apps register their rows from `AppConfig.ready()`.

A view names one permission. Unknown and forbidden look the same: 404; nobody signed in: to the sign-in page.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.platform.models import Member, Role

Words = str | Promise

EVERYBODY = frozenset(Role)
# The headings the permissions stand under where people read them, in this order.
GROUPS: dict[str, Words] = {
    "leads": _("Leads"),
    "followups": _("Follow-ups"),
    "data": _("Customers and their data"),
    "files": _("Import and export"),
    "settings": _("Settings"),
    "daily": _("Every day"),
}
_matrix: dict[str, frozenset[str]] = {}
_told: dict[str, tuple[str, Words, Words]] = {}


class Told(NamedTuple):
    """A permission in words, for somebody who asks what a member may do: a few, and a sentence on how far it goes."""

    permission: str
    label: str
    note: str


def register(permission: str, roles: Iterable[str], group: str, label: Words, note: Words) -> None:
    """Add a row to the matrix, with what it lets a member do in words for an admin. Registered once."""
    if group not in GROUPS:
        raise ValueError(f"the permissions have no group {group}")
    if permission in _matrix and _matrix[permission] != frozenset(roles):
        raise ValueError(f"{permission} is registered twice, for different roles")
    _matrix[permission] = frozenset(roles)
    _told[permission] = (group, label, note)


def widen(permission: str, roles: Iterable[str], group: str, label: Words, note: Words) -> None:
    """Open a row to more roles: for a page whose parts are registered one by one."""
    known = _matrix.pop(permission, frozenset())
    register(permission, known | frozenset(roles), group, label, note)


def matrix() -> dict[str, frozenset[str]]:
    """The whole matrix, by permission."""
    return dict(sorted(_matrix.items()))


def in_words() -> list[tuple[str, list[Told]]]:
    """Every permission in words, by heading; in the order they were registered, the plain ones first."""
    groups: dict[str, list[Told]] = {group: [] for group in GROUPS}
    for permission, (group, label, note) in _told.items():
        groups[group].append(Told(permission, str(label), str(note)))
    return [(str(GROUPS[group]), lines) for group, lines in groups.items() if lines]


def allows(member: Member, permission: str) -> bool:
    """Whether the member's role has the permission. Raises KeyError for one that nobody registered."""
    return member.role in _matrix[permission]
