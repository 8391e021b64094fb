"""Who may do what: one matrix of permissions by role. Upper apps register their rows from `AppConfig.ready()`.

A view names one permission. Unknown and forbidden look the same: 404; nobody signed in: to the sign-in page.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.platform.http import TenantRequest
from crm.platform.models import Member, Role

View = Callable[..., HttpResponse]
Words = str | Promise

EVERYBODY = frozenset(Role)
_matrix: dict[str, frozenset[str]] = {}
_labels: dict[str, Words] = {}


def register(permission: str, roles: Iterable[str], label: Words) -> None:
    """Add a row to the matrix, with what it lets one do in the words of the roles' page. Registered once."""
    if permission in _matrix and _matrix[permission] != frozenset(roles):
        raise ValueError(f"{permission} is registered twice, for different roles")
    _matrix[permission] = frozenset(roles)
    _labels[permission] = label


def widen(permission: str, roles: Iterable[str], label: Words) -> None:
    """Open a row to more roles: for a page whose parts are registered one by one."""
    _matrix[permission] = _matrix.get(permission, frozenset()) | frozenset(roles)
    _labels[permission] = label


def matrix() -> dict[str, frozenset[str]]:
    """The whole matrix, by permission."""
    return dict(sorted(_matrix.items()))


def label(permission: str) -> str:
    """What the permission lets one do, in words."""
    return str(_labels[permission])


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


register("navigation.count", EVERYBODY, _("See how much waits on each page"))
register("live.listen", EVERYBODY, _("See at once what others change"))
register("preferences.edit", EVERYBODY, _("Choose one’s own language, time zone and look"))
register("export", {Role.MANAGER, Role.ADMIN}, _("Take lists out as files"))
register("palette.use", EVERYBODY, _("Search, and act by the keyboard"))
register("security.manage", {Role.ADMIN}, _("Require a second factor of everybody"))
register("work.replay", {Role.ADMIN}, _("See work that failed and run it again"))
register("access_log.view", {Role.ADMIN}, _("See who looked at whose data"))
register("members.manage", {Role.ADMIN}, _("Invite, change and deactivate members, and see what each may do"))
register("teams.view", {Role.MANAGER, Role.ADMIN}, _("See the teams and who is in them"))
register("teams.manage", {Role.ADMIN}, _("Make teams and put members into them"))
register("calendars.manage", {Role.ADMIN}, _("Set working hours and closing days"))
register("organization.manage", {Role.ADMIN}, _("Edit the organization and its brands"))
