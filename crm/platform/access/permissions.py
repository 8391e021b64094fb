"""Who may do what: one matrix of permissions by role, made of every app's `Permission` entries.

A view names one permission. Unknown and forbidden look the same: 404; nobody signed in: to the sign-in page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from django.utils.functional import Promise

from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Member, Role

Words = str | Promise

EVERYBODY = frozenset(Role)


@dataclass(frozen=True)
class PermissionGroup(Feature):
    """A heading the permissions stand under where people read them."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    position: int
    name: str
    label: Words


@dataclass(frozen=True)
class Permission(Feature):
    """A row of the matrix, with what it lets a member do in words for an admin; plain ones before others."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    roles: frozenset[Role]
    group: str
    label: Words
    note: Words

    def check(self) -> Iterator[str]:
        if self.group not in {group.name for group in features.of(PermissionGroup)}:
            yield f"the permissions have no group {self.group!r}"
        if not self.roles <= EVERYBODY:
            yield "it names a role that nobody has"


class Told(NamedTuple):
    """A permission in words, for somebody who asks what a member may do: a few, and a sentence on how far it goes."""

    permission: str
    label: str
    note: str


@features.derived
def _matrix() -> dict[str, frozenset[Role]]:
    return {one.name: one.roles for one in sorted(features.of(Permission), key=lambda one: one.name)}


def matrix() -> dict[str, frozenset[Role]]:
    """The whole matrix, by permission."""
    return dict(_matrix())


def in_words() -> list[tuple[str, list[Told]]]:
    """Every permission in words, by heading; in the order the apps list them."""
    groups: dict[str, list[Told]] = {group.name: [] for group in features.of(PermissionGroup)}
    for one in features.of(Permission):
        groups[one.group].append(Told(one.name, str(one.label), str(one.note)))
    labels = {group.name: str(group.label) for group in features.of(PermissionGroup)}
    return [(labels[group], lines) for group, lines in groups.items() if lines]


def allows(member: Member, permission: str) -> bool:
    """Whether the member's role has the permission. Raises KeyError for one that nobody defined."""
    return member.role in _matrix()[permission]


def missing_permission(permission: str) -> Iterator[str]:
    """For the check of an entry that names a permission."""
    if permission not in _matrix():
        yield f"nobody defines the permission {permission!r}"
