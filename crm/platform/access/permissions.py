"""Role permissions: which roles have which permission, from every app's `Permission` entries.

A view requires one permission. Without it the response is 404, as for an unknown page; signed out, the sign-in page.
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
    """A heading that permissions are listed under."""

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "permissions"

    name: str
    label: Words


@dataclass(frozen=True, kw_only=True)
class Permission(Feature):
    """A row of the matrix, with what it allows in words for an admin; plain ones before others."""

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


class PermissionWords(NamedTuple):
    """A few permissions described in words for an admin, with a sentence on how far they go."""

    permission: str
    label: str
    note: str


@features.cached_index
def _roles_by_permission() -> dict[str, frozenset[Role]]:
    return {one.name: one.roles for one in sorted(features.of(Permission), key=lambda one: one.name)}


def permission_matrix() -> dict[str, frozenset[Role]]:
    """Return the roles of each permission."""
    return dict(_roles_by_permission())


def describe_permissions() -> list[tuple[str, list[PermissionWords]]]:
    """Return the label and note of every permission, by group, in the order the apps list them."""
    groups: dict[str, list[PermissionWords]] = {group.name: [] for group in features.of(PermissionGroup)}
    for one in features.of(Permission):
        groups[one.group].append(PermissionWords(one.name, str(one.label), str(one.note)))
    labels = {group.name: str(group.label) for group in features.of(PermissionGroup)}
    return [(labels[group], lines) for group, lines in groups.items() if lines]


def allows(member: Member, permission: str) -> bool:
    """Tell whether the member's role has the permission. Raises KeyError for an undefined one."""
    return member.role in _roles_by_permission()[permission]


def missing_permission(permission: str) -> Iterator[str]:
    """Report an undefined permission; for the system check of an entry that names one."""
    if permission not in _roles_by_permission():
        yield f"nobody defines the permission {permission!r}"
