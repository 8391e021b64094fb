"""Template tags of the portal's base template: tabs and brand."""

from typing import Any, NamedTuple

from django import template
from django.urls import reverse
from django.utils.functional import Promise

from comms.gate.recipients import sender_profiles
from crm.kernel import formats
from crm.platform import features
from crm.platform.tenancy.context import current_tenant_id
from crm.web.settings.choices import nearest_hue
from portal.access.tabs import PortalTab

register = template.Library()
register.filter("nearest_hue", nearest_hue)
# "+18135550100" as its country writes it; an address stands as it is.
register.filter("as_written", formats.phone)


class Tab(NamedTuple):
    """A tab as rendered."""

    url: str
    icon: str
    label: str | Promise
    is_here: bool


@register.simple_tag(takes_context=True)
def portal_logo(context: template.Context) -> str:
    """Return the address of the brand's logo; blank for a brand without one, and outside the tenant."""
    request: Any = context["request"]
    if current_tenant_id() is None:
        return ""
    profile = sender_profiles().get(request.brand.pk)
    if profile and profile.logo_id:
        return reverse("portal:logo", args=[request.company.slug, request.brand.uid])
    return ""


@register.simple_tag(takes_context=True)
def portal_tabs(context: template.Context) -> list[Tab]:
    """Return the tabs; the current one is the longest URL prefix of the page."""
    request: Any = context["request"]
    tabs = [(reverse(tab.name, args=[request.company.slug]), tab) for tab in features.of(PortalTab)]
    path = _without_job(request.path, reverse("portal:home", args=[request.company.slug]))
    current_url = max((url for url, _tab in tabs if path.startswith(url)), key=len, default="")
    return [Tab(url, tab.icon, tab.label, url == current_url) for url, tab in tabs]


def _without_job(path: str, home: str) -> str:
    """Return the path of a job's page without the job, to find its tab."""
    of, number, rest = [*path.removeprefix(home).split("/", 2), "", ""][:3]
    if of == "jobs" and number.isdecimal():
        return f"{home}{rest}"
    return path
