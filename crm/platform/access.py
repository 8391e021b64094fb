"""Who may do what: one matrix of permissions by role. Upper apps register their rows from `AppConfig.ready()`.

A view names one permission. Unknown and forbidden look the same: 404; nobody signed in: to the sign-in page.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse

from crm.platform.http import TenantRequest
from crm.platform.models import Member, Role

View = Callable[..., HttpResponse]

EVERYBODY = frozenset(Role)
_matrix: dict[str, frozenset[str]] = {}


def register(permission: str, roles: Iterable[str]) -> None:
    """Add a row to the matrix. A permission is registered once."""
    if permission in _matrix and _matrix[permission] != frozenset(roles):
        raise ValueError(f"{permission} is registered twice, for different roles")
    _matrix[permission] = frozenset(roles)


def widen(permission: str, roles: Iterable[str]) -> None:
    """Open a row to more roles: for a page whose parts are registered one by one."""
    _matrix[permission] = _matrix.get(permission, frozenset()) | frozenset(roles)


def matrix() -> dict[str, frozenset[str]]:
    """The whole matrix, by permission."""
    return dict(sorted(_matrix.items()))


def allows(member: Member, permission: str) -> bool:
    """Whether the member's role has the permission. Raises KeyError for one that nobody registered."""
    return member.role in _matrix[permission]


def require(permission: str) -> Callable[[View], View]:
    """Let only members with the permission into a tenant's view."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: TenantRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not allows(request.member, permission):
                raise Http404
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


register("preferences.edit", EVERYBODY)
register("security.manage", {Role.ADMIN})
register("work.replay", {Role.ADMIN})
register("access_log.view", {Role.ADMIN})
