"""Settings: the phases all pipelines share, on the page of the pipelines."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.jobs import versions
from crm.jobs.line import line
from crm.jobs.models import Phase
from crm.jobs.views import pipelines
from crm.jobs.views.editing import attempt, phase_of, shift
from crm.platform.access import require
from crm.platform.http import TenantRequest


@require_POST
@require("line.manage")
def add(request: TenantRequest) -> HttpResponse:
    """A phase behind the others."""

    def change() -> str:
        phase = Phase.add(request.POST.get("name", ""), by=request.member)
        return _("“%(name)s” is a phase of every pipeline now.") % {"name": phase.name}

    return _attempt(request, change)


@require_POST
@require("line.manage")
def rename(request: TenantRequest, pk: int) -> HttpResponse:
    """Another name for a phase."""
    phase = phase_of(pk)

    def change() -> str:
        phase.rename(request.POST.get("name", ""), by=request.member)
        return _("The phase is called “%(name)s” now.") % {"name": phase.name}

    return _attempt(request, change)


@require_POST
@require("line.manage")
def move(request: TenantRequest, pk: int) -> HttpResponse:
    """One place up or down, or in front of the phase named `before`; in every bar at once."""
    phase = phase_of(pk)

    def change() -> str:
        shift(request, line().phases, phase, lambda before: phase.move(before=before, by=request.member))
        return _("“%(name)s” is moved.") % {"name": phase.name}

    return _attempt(request, change)


@require("line.manage")
def remove(request: TenantRequest, pk: int) -> HttpResponse:
    """Which steps would join which phase, and doing it."""
    phase = phase_of(pk)

    def shown(status: int, told: str) -> HttpResponse:
        here = line()
        steps = [row for row in here.stages.values() if row.phase_id == phase.pk]
        context: dict[str, Any] = {
            "phase": phase,
            "steps": [(here.pipelines[row.pipeline_id].name, row) for row in steps],
            "others": [row for row in here.phases if row.pk != phase.pk],
            "version": versions.of_line(),
            "told": told,
            "trouble": status >= 400,
        }
        return render(request, "jobs/remove_phase.html", context, status=status)

    def change() -> str:
        phase.remove(into=phase_of(request.POST.get("into", "")), by=request.member)
        return _("The phase “%(name)s” is gone; its steps are in another.") % {"name": phase.name}

    if request.method != "POST":
        return shown(200, "")
    return attempt(request, version=versions.of_line, change=change, show=shown, back=pipelines.back(request))


def _attempt(request: TenantRequest, change: Any) -> HttpResponse:
    def shown(status: int, told: str) -> HttpResponse:
        return pipelines.show(request, status, told)

    return attempt(request, version=versions.of_line, change=change, show=shown, back=pipelines.back(request))
