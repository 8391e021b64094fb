"""The permission of a request: the token's scope, and what the role of its member allows."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission

from api.scopes import READ, WRITE, has_scope
from crm.platform.access.permissions import allows


class TokenPermission(BasePermission):
    """Requires the scope `<scope of the view>:read` or `:write`, and the permission that the view names for it."""

    def has_permission(self, request: Any, view: Any) -> bool:
        access = WRITE
        if request.method in SAFE_METHODS:
            access = READ
        if view.scope and not has_scope(request.auth.scopes, view.scope, access):
            raise PermissionDenied(_("The token lacks the scope “%(scope)s”.") % {"scope": f"{view.scope}:{access}"})
        permission = view.permission_for(access)
        if permission and not allows(request.user, permission):
            raise PermissionDenied(_("The role of the token’s member does not allow this."))
        return True
