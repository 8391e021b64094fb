"""The frame's navigation and the list of the settings, for the templates of the frames."""

from typing import Any

from django import template

from crm.platform.navigation import Entry, entries
from crm.platform.settings_pages import Group, groups

register = template.Library()


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> list[Entry]:
    """The entries for the member of this request; the one of the present page or its section is current."""
    request: Any = context["request"]
    return entries(request.member, request.tenant.slug, request.path)


@register.simple_tag(takes_context=True)
def settings_sections(context: template.Context) -> list[Group]:
    """The sections of the settings for the member of this request, by group."""
    request: Any = context["request"]
    return groups(request.member, request.tenant.slug, request.path)
