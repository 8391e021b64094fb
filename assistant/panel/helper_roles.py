"""Which roles have which helper: the grid of the settings page, and the check that each helper's view makes.

A helper that a role doesn't have is shown nowhere to its members: panels are empty, links are left out, pages say so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from assistant.calls.assistant_helper import helpers
from assistant.models import assistant_setup
from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Member, Role
from crm.web.requests.http import TenantRequest, is_fragment

# The order of the grid.
ROLES = (Role.REP, Role.MANAGER, Role.SERVICE, Role.ADMIN)


@dataclass(frozen=True, kw_only=True)
class RuleHelper(Feature):
    """A helper without a model: its name in the settings."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    label: str | Promise
    note: str | Promise


class HelperName(NamedTuple):
    """A helper of the grid."""

    name: str
    label: str | Promise


def grid_helpers() -> list[HelperName]:
    """Return the helpers that a role may have, those that may ask the model first."""
    asking = [HelperName(helper.name, helper.label) for helper in helpers() if not helper.is_internal]
    return [*asking, *(HelperName(helper.name, helper.label) for helper in features.of(RuleHelper))]


def grid_value(helper: str, role: str) -> str:
    """Return the name of a cell of the grid: "draft:rep"."""
    return f"{helper}:{role}"


def is_helper_on(name: str, member: Member) -> bool:
    """True unless the admins switched the helper off for the member's role."""
    return has_helper(name, member.role)


def has_helper(name: str, role: str) -> bool:
    """True if a role has a helper. One that is named without a role is off for all."""
    off = assistant_setup().helpers_off
    return name not in off and grid_value(name, role) not in off


def shown_if_on(name: str) -> Callable[[Member], bool]:
    """Return the condition of a link to a helper."""
    return lambda member: is_helper_on(name, member)


def off_response(request: TenantRequest, label: str | Promise) -> HttpResponse:
    """Answer for a helper that is switched off: an empty panel, or a sentence on its page."""
    if is_fragment(request):
        return HttpResponse()
    return render(request, "assistant/helper_off.html", {"label": label})
