"""RuleHelper: a helper that works by rules alone and that the admins may switch off, an entry of `features.py`."""

from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from assistant.models import assistant_setup
from crm.platform import features
from crm.platform.features import Feature
from crm.web.requests.http import TenantRequest, is_fragment


@dataclass(frozen=True, kw_only=True)
class RuleHelper(Feature):
    """A helper without a model: its name in the settings."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    label: str | Promise
    note: str | Promise


def rule_helpers() -> tuple[RuleHelper, ...]:
    """Return the helpers that work by rules alone, in the order of the settings page."""
    return features.of(RuleHelper)


def is_helper_on(name: str) -> bool:
    """True unless the admins switched the helper off."""
    return name not in assistant_setup().helpers_off


def off_response(request: TenantRequest, label: str | Promise) -> HttpResponse:
    """Answer for a helper that is switched off: an empty panel, or a sentence on its page."""
    if is_fragment(request):
        return HttpResponse()
    return render(request, "assistant/helper_off.html", {"label": label})
