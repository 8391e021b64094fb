"""The frame's navigation, for the template of the frame."""

from typing import Any

from django import template

from crm.platform.navigation import Entry, entries

register = template.Library()


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> list[Entry]:
    """The entries for the member of this request; the one of the present page or its section is current."""
    request: Any = context["request"]
    return entries(request.member, request.tenant.slug, request.path)
