"""Optimistic locking for forms: a form carries the version it was made from. A second editor gets the new state.

The version is a digest of what the form shows, so that an edit elsewhere in the same row is in nobody's way.
"""

import hashlib
import json
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from crm.platform.models.tenant import lock_configuration
from crm.web.requests.http import TenantRequest


def version_of(*values: Any) -> str:
    """Return a short digest of what a form shows."""
    return hashlib.sha256(json.dumps(values, default=str).encode()).hexdigest()[:16]


def is_posted(request: TenantRequest) -> bool:
    """True if a form was submitted; if so, lock the configuration until the end of the request.

    Ask before reading what the form is about.
    """
    if request.method != "POST":
        return False
    lock_configuration()
    return True


def is_stale(request: TenantRequest, version: str) -> bool:
    """True if the form was rendered from a version other than the current one."""
    return request.POST.get("version") != version


def stale_message() -> str:
    """Return the message shown if somebody else edited first."""
    return _("Someone else changed this in the meantime. This is how it is now.")


def render_form(
    request: TenantRequest, template: str, form: forms.Form, page: dict[str, Any], version: str
) -> HttpResponse:
    """Render the page with its form; status 422 if it has errors."""
    wrong = form.is_bound and not form.is_valid()
    if form.is_bound:
        form_version = request.POST.get("version", version)
    else:
        form_version = version
    return render(request, template, page | {"form": form, "version": form_version}, status=422 if wrong else 200)


def render_stale_form(
    request: TenantRequest, template: str, fresh: forms.Form, page: dict[str, Any], version: str
) -> HttpResponse:
    """Render the current state with a message for an outdated form; status 409."""
    return render(request, template, page | {"form": fresh, "version": version, "lost": True}, status=409)
