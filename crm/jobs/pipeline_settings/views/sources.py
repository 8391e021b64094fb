"""Settings: the sources of leads."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.models import Source
from crm.jobs.pipeline_settings import form_versions
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.refusal import Refused
from crm.web.requests.http import TenantRequest
from crm.web.settings.named_rows import NamedRows, row_context
from crm.web.settings.page import Context, settings_page

ROWS = NamedRows(
    address="jobs:%s_source",
    none=gettext_lazy("No source yet."),
    new=gettext_lazy("New source"),
    add=gettext_lazy("Add source"),
    row="jobs/_source.html",
)


@settings_page("jobs:sources", "pipelines.manage", ROWS, version=form_versions.of_sources)
def sources(request: TenantRequest) -> Context:
    """Show the live and the archived sources."""
    all_sources = pipeline_setup().sources
    merged = [row for row in all_sources.all.values() if row.merged_into_id]
    return row_context(all_sources.values(), lambda row: [one for one in merged if all_sources[one.pk].pk == row.pk])


def _source_of(pk: int) -> Source:
    return get_object_or_404(Source.objects.all(), pk=pk)


@sources.action()
def add(request: TenantRequest) -> str:
    """Add a source."""
    source = Source.add(request.POST.get("name", ""), by=request.member)
    return _("“%(name)s” was added.") % {"name": source.name}


@sources.action(_source_of)
def rename(request: TenantRequest, source: Source) -> str:
    """Rename a source."""
    source.rename(request.POST.get("name", ""), by=request.member)
    return _("The source was renamed to “%(name)s”.") % {"name": source.name}


# Archived: leads that came from it keep it.
archive, restore = sources.archive_actions(_source_of)


@sources.action(_source_of)
def merge(request: TenantRequest, source: Source) -> str:
    """Merge a source into another."""
    live = [row for row in pipeline_setup().sources.values() if row.is_live]
    other = next((one for one in live if str(one.pk) == request.POST.get("into")), None)
    if other is None:
        raise Refused(_("Choose two sources that are in use."))
    source.merge(other, by=request.member)
    return _("“%(name)s” was merged into “%(other)s”.") % {"name": source.name, "other": other.name}


@sources.action(_source_of)
def take_apart(request: TenantRequest, source: Source) -> str:
    """Undo a merge."""
    source.take_apart(by=request.member)
    return _("“%(name)s” was unmerged.") % {"name": source.name}
