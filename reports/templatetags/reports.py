"""Template tags of the reports."""

from django import template

from reports.tabs import Shown, tabs_of

register = template.Library()


@register.simple_tag(takes_context=True)
def report_tabs(context: template.Context) -> list[Shown]:
    """Return the tabs of the reports for who reads the page."""
    request = context["request"]
    return tabs_of(request.member, request.tenant.slug, request.path)
