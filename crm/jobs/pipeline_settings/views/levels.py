"""Settings: the shares of the allowed time at which a lead is due soon and twice over, and the default times."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.jobs.pipeline_settings import edit_effects, form_versions
from crm.jobs.pipeline_settings.views import target_form
from crm.kernel import durations
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Tenant
from crm.platform.organization.configuration import directory
from crm.web.requests.form_version import is_posted, is_stale, stale_message, version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

SHARES = {"warn_percent": (1, 99), "far_percent": (101, 500)}
TIMES = ("default_ours", "default_theirs")
# The scale is explained with a step of three days.
EXAMPLE = 3 * durations.DAY


@require("pipelines.manage")
def levels(request: TenantRequest) -> HttpResponse:
    """Show the form with a preview of its effect, and save it."""
    if not is_posted(request):
        return _levels_page(request, _stored_values(), {}, 200, "")
    if is_stale(request, form_versions.of_levels()):
        return _levels_page(request, _stored_values(), {}, 409, stale_message())
    typed = {name: request.POST.get(name, "")[:60] for name in (*SHARES, *TIMES)}
    values, errors = _parse_values(typed)
    if errors:
        return _levels_page(request, typed, errors, 422, "")
    looked_at = request.POST.get("looked_at") == version_of(values)
    changed = any(getattr(directory().tenant, name) != value for name, value in values.items())
    if request.POST.get("act") != "save" or not looked_at or not changed:
        return _levels_page(request, typed, {}, 200, "", values if changed else {})
    tenant: Tenant = request.tenant
    tenant.change_levels(**values, by=request.member)
    messages.success(request, _("Saved.") + " " + _("Running clocks are updated within a minute."))
    return redirect(request.path)


def _stored_values() -> dict[str, str]:
    tenant = directory().tenant
    times = {name: durations.exact_duration(getattr(tenant, name)) for name in TIMES}
    return {name: str(getattr(tenant, name)) for name in SHARES} | times


def _parse_values(typed: dict[str, str]) -> tuple[dict[str, int], dict[str, str]]:
    values: dict[str, int] = {}
    errors: dict[str, str] = {}
    for name, (least, most) in SHARES.items():
        share = read_number(typed[name].strip().removesuffix("%"), least=least, most=most)
        if share is None:
            errors[name] = _("A whole number from %(least)s to %(most)s.") % {"least": least, "most": most}
        else:
            values[name] = share
    for name in TIMES:
        try:
            values[name] = durations.parse_duration(typed[name])
        except ValueError:
            errors[name] = _("Write it like 2d 4h, 90 min or 1:30.")
            continue
        if not 0 < values[name] <= target_form.LONGEST * durations.DAY:
            errors[name] = _("Enter a time of up to a year.")
    return values, errors


def _effect_words(values: dict[str, int]) -> str:
    if not values:
        return ""
    effect = edit_effects.of_levels(**values)
    level = ngettext(
        "%(count)s open lead changes urgency immediately.",
        "%(count)s open leads change urgency immediately.",
        effect.recoloured,
    ) % {"count": effect.recoloured}
    return f"{level} {target_form.words(effect)}"


def _levels_page(
    request: TenantRequest,
    typed: dict[str, str],
    errors: dict[str, str],
    status: int,
    told: str,
    values: dict[str, int] | None = None,
) -> HttpResponse:
    tenant = directory().tenant
    shares = values or {name: getattr(tenant, name) for name in SHARES}
    context: dict[str, Any] = {
        "fields": [(name, label, hint, typed[name], errors.get(name, "")) for name, label, hint in _field_labels()],
        "scale": [
            ("ok", _("On time"), ""),
            ("soon", _("Due soon"), durations.short_duration(EXAMPLE * shares["warn_percent"] // 100)),
            ("late", _("Late"), durations.short_duration(EXAMPLE)),
            ("crit", _("Very late"), durations.short_duration(EXAMPLE * shares["far_percent"] // 100)),
        ],
        "errors": errors,
        "looked": request.method == "POST" and not errors and status == 200,
        "effect": _effect_words(values or {}),
        "looked_at": version_of(values) if values else "",
        "version": form_versions.of_levels(),
        "told": told,
        "trouble": status >= 400,
    }
    name = "jobs/levels.html"
    if request.htmx and status != 409:
        name = "jobs/levels.html#effect"
    return render(request, name, context, status=status)


def _field_labels() -> list[tuple[str, str, str]]:
    return [
        ("warn_percent", _("Due soon from"), _("percent of the allowed time")),
        ("far_percent", _("Very late from"), _("percent of the allowed time; late starts at 100")),
        ("default_ours", _("Default for us"), _("calendar time, e.g. 12h")),
        ("default_theirs", _("Default for the customer"), _("calendar time, e.g. 3d")),
    ]
