"""Two people edit one thing: a form carries the version it was shown, and who comes second sees how it stands now.

The version is a digest of what the form shows, so that an edit elsewhere in the same row is in nobody's way.
"""

import hashlib
import json
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from crm.platform.models.tenant import hold_configuration
from crm.web.requests.http import TenantRequest


def version_of(*values: Any) -> str:
    """A short digest of what a form shows."""
    return hashlib.sha256(json.dumps(values, default=str).encode()).hexdigest()[:16]


def is_posted(request: TenantRequest) -> bool:
    """Whether a form was sent; from here on nobody else edits the configuration until this request is answered.

    Ask before reading what the form is about.
    """
    if request.method != "POST":
        return False
    hold_configuration()
    return True


def is_stale(request: TenantRequest, version: str) -> bool:
    """Whether what was sent was made from another version than the one that holds."""
    return request.POST.get("version") != version


def overtaken() -> str:
    """What is said to whoever comes second."""
    return _("Somebody changed it meanwhile. This is how it is now.")


def show(request: TenantRequest, template: str, form: forms.Form, page: dict[str, Any], version: str) -> HttpResponse:
    """The page with its form: 422 when something in it is wrong."""
    wrong = form.is_bound and not form.is_valid()
    shown = request.POST.get("version", version) if form.is_bound else version
    return render(request, template, page | {"form": form, "version": shown}, status=422 if wrong else 200)


def show_lost(
    request: TenantRequest, template: str, fresh: forms.Form, page: dict[str, Any], version: str
) -> HttpResponse:
    """The page as it stands now, for somebody whose form was overtaken: 409, and in words."""
    return render(request, template, page | {"form": fresh, "version": version, "lost": True}, status=409)
