"""Settings: where leads come from."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.jobs import versions
from crm.jobs.line import line
from crm.jobs.models import Source
from crm.jobs.views.editing import attempt, page
from crm.platform.access import require
from crm.platform.http import TenantRequest


@require("line.manage")
def sources(request: TenantRequest) -> HttpResponse:
    """The sources in use and the archived ones."""
    return _show(request, 200, "")


@require_POST
@require("line.manage")
def add(request: TenantRequest) -> HttpResponse:
    """A source."""

    def change() -> str:
        source = Source.add(request.POST.get("name", ""), by=request.member)
        return _("Leads can come from “%(name)s” now.") % {"name": source.name}

    return _attempt(request, change)


@require_POST
@require("line.manage")
def rename(request: TenantRequest, pk: int) -> HttpResponse:
    """Another name for a source."""
    source = _source_of(pk)

    def change() -> str:
        source.rename(request.POST.get("name", ""), by=request.member)
        return _("The source is called “%(name)s” now.") % {"name": source.name}

    return _attempt(request, change)


@require_POST
@require("line.manage")
def archive(request: TenantRequest, pk: int) -> HttpResponse:
    """Offer a source no more; leads that came from it keep it."""
    source = _source_of(pk)

    def change() -> str:
        source.archive(by=request.member)
        return _("“%(name)s” is archived.") % {"name": source.name}

    return _attempt(request, change)


@require_POST
@require("line.manage")
def restore(request: TenantRequest, pk: int) -> HttpResponse:
    """Offer an archived source again."""
    source = _source_of(pk)

    def change() -> str:
        source.restore(by=request.member)
        return _("“%(name)s” is offered again.") % {"name": source.name}

    return _attempt(request, change)


def _source_of(pk: int) -> Source:
    source: Source | None = Source.objects.filter(pk=pk).first()
    if source is None:
        raise Http404
    return source


def _show(request: TenantRequest, status: int, told: str) -> HttpResponse:
    rows = list(line().sources.values())
    context: dict[str, Any] = {
        "live": [row for row in rows if row.archived_at is None],
        "archived": [row for row in rows if row.archived_at],
        "version": versions.of_sources(),
    }
    return page(request, "jobs/sources.html", context, status, told)


def _attempt(request: TenantRequest, change: Any) -> HttpResponse:
    def shown(status: int, told: str) -> HttpResponse:
        return _show(request, status, told)

    back = reverse("jobs:sources", args=[request.tenant.slug])
    return attempt(request, version=versions.of_sources, change=change, show=shown, back=back)
