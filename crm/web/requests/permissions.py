"""The view decorator that requires a permission."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse

from crm.platform.access.permissions import allows
from crm.web.requests.http import TenantRequest

View = Callable[..., HttpResponse]


def require(permission: str) -> Callable[[View], View]:
    """Decorator: require a permission for a tenant's view."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded_view(request: TenantRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not allows(request.member, permission):
                raise Http404
            return view(request, *args, **kwargs)

        guarded_view.permission = permission  # type: ignore[attr-defined]
        return guarded_view

    return decorate
