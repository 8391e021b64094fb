"""Template tag of a record's page: mute the notices about it, or get them again."""

from typing import Any

from django import template
from django.db.models import Model

from crm.platform.access.permissions import allows
from crm.web.notices.notice_lines import about_of
from crm.web.notices.preferences import is_muted
from crm.web.notices.views import VIEW

register = template.Library()


@register.inclusion_tag("web/notices/mute.html", takes_context=True)
def mute_button(
    context: template.Context, record: Model, css: str = "btn is-small is-quiet", *, muted: bool | str = ""
) -> dict[str, Any]:
    """Show the button that mutes a record for the member, or unmutes it. One query, unless `muted` is known."""
    request: Any = context["request"]
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "about": about_of(record) if allows(request.member, VIEW) else "",
        "is_muted": is_muted(request.member, record) if muted == "" else muted,
        "css": css,
    }
