"""The context processor of every template."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from runtime.demo import PASSWORD


def shell(request: HttpRequest) -> dict[str, Any]:
    """Add whether this is a demo. It needs no query, so that error pages may use it."""
    return {"demo": settings.DEMO, "demo_password": PASSWORD if settings.DEMO else None}
