"""Filter a timeline by part: `?only=calls`. Only parts with entries are offered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django.db.models import Model
from django.utils.translation import gettext as _

from crm.jobs.timeline.parts import TimelinePart
from crm.jobs.timeline.timeline import TimelineDay, TimelineEntry
from crm.web.requests.http import TenantRequest, is_fragment, page_query
from crm.web.shell.record_pages import record_url


class PartChoice(NamedTuple):
    """An offered part: the page's URL with it, and the URL of the timeline alone."""

    label: str
    page: str
    alone: str
    is_current: bool


def timeline_context(days: Sequence[TimelineDay], request: TenantRequest, record: Model) -> dict[str, Any]:
    """Return the context of templates/jobs/_timeline.html for a record's page: the requested part of the days."""
    kept, choices = part_of_days(days, _requested_part(request), record_url(record, request.tenant.slug))
    return {"days": kept, "narrowings": choices}


def is_whole(context: Mapping[str, Any]) -> bool:
    """Return True if a context of `narrowed` contains all entries, not a part."""
    return not any(choice.is_current for choice in context["narrowings"][1:])


def asks_alone(request: TenantRequest) -> bool:
    """Return True if a filter link requests the timeline alone, without its page."""
    return "only" in request.GET and is_fragment(request)


def _requested_part(request: TenantRequest) -> str:
    """Return the part in the query of the request, or of the page it comes from."""
    asks_itself = "only" in request.GET or not request.htmx
    only = (request.GET if asks_itself else page_query(request)).get("only", "")
    if only in TimelinePart.values:
        return only
    return ""


def part_of_days(days: Sequence[TimelineDay], only: str, page: str) -> tuple[list[TimelineDay], list[PartChoice]]:
    """Return the entries of a part, and the parts to choose from; none if there is only one."""
    there = {part for day in days for entry in day.entries for part in _parts_of(entry)} | {only}
    offered = [part for part in TimelinePart if part in there]
    choices = [PartChoice(_("Everything"), page, f"{page}?only=", not only)]
    for part in offered:
        part_url = f"{page}?only={part}"
        choices.append(PartChoice(str(part.label), part_url, part_url, part == only))
    kept = [(day, [entry for entry in day.entries if not only or only in _parts_of(entry)]) for day in days]
    return (
        [replace(day, entries=entries) for day, entries in kept if entries],
        choices if only or len(offered) > 1 else [],
    )


def _parts_of(entry: TimelineEntry) -> set[str]:
    """Return all parts of an entry: a call with a note belongs to both, and so does an email with files."""
    also = {
        TimelinePart.NOTES: entry.note,
        TimelinePart.FILES: entry.has_files,
        TimelinePart.BY_ITSELF: entry.mark == "auto",
    }
    return {entry.part, *(part.value for part, holds in also.items() if holds)}
