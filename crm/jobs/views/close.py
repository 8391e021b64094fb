"""End a lead: done, lost or dropped for a reason; and reopen it."""

from collections.abc import Callable
from functools import partial

from django.http import HttpResponse
from django.utils.translation import gettext as _

from crm.jobs.losses.closing_reason import NOTE, ClosingReason, Incomplete, end, read, typed_text
from crm.jobs.losses.setup import lost_reasons
from crm.jobs.models import Job
from crm.jobs.models.losses import Ends
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.views.job_action import action, sheet
from crm.web.actions.row_action import InvalidForm
from crm.web.requests.http import TenantRequest


@action("job.finished")
def finish(request: TenantRequest, job: Job) -> str:
    """Mark it as done."""
    job.finish(by=request.member, version=request.POST["stay"])
    return _("%(title)s: done.") % {"title": job.title}


@action("job.reopened")
def reopen(request: TenantRequest, job: Job) -> str:
    """Reopen an ended lead, in the step it ended in; if that is archived, in the nearest live one."""
    ended_in = job.stage_id
    job.reopen(by=request.member, version=request.POST["stay"])
    if job.stage_id == ended_in or ended_in is None or job.stage_id is None:
        return _("%(title)s: reopened.") % {"title": job.title}
    steps = pipeline_setup().stages
    words = {"title": job.title, "new": steps[job.stage_id].name, "old": steps[ended_in].name}
    return _("%(title)s: reopened in %(new)s, because %(old)s is archived.") % words


def _close_form(name: str, ends: Ends, request: TenantRequest, job: Job, why: Incomplete | None = None) -> HttpResponse:
    posted = request.POST
    fields = ("part", "gap", "offered", "wanted")
    context = {
        "reasons": [
            (top, parts, {field: typed_text(posted, field, top) for field in fields})
            for top, parts in lost_reasons().live_groups(ends)
        ],
        "longest": NOTE,
        "given": posted,
        "problem": str(why or ""),
        "field": why.field if why else "",
    }
    return sheet(request, job, name, context, status=422 if why else 200)


_lose_form = partial(_close_form, "lose", Ends.LOST)
_drop_form = partial(_close_form, "drop", Ends.DROPPED)


@action("job.lost", ask=_lose_form)
def lose(request: TenantRequest, job: Job) -> str:
    """Show the form of lost reasons, and mark it as lost."""
    reason = end(
        job, _read_reason(request, job, Ends.LOST, _lose_form), by=request.member, version=request.POST["stay"]
    )
    return _("%(title)s: lost, %(reason)s.") % {"title": job.title, "reason": reason}


@action("job.dropped", ask=_drop_form)
def drop(request: TenantRequest, job: Job) -> str:
    """Show the form of drop reasons, and drop it."""
    reason = end(
        job, _read_reason(request, job, Ends.DROPPED, _drop_form), by=request.member, version=request.POST["stay"]
    )
    return _("%(title)s: dropped, %(reason)s.") % {"title": job.title, "reason": reason}


def _read_reason(request: TenantRequest, job: Job, ends: Ends, form: Callable[..., HttpResponse]) -> ClosingReason:
    """Read the chosen and typed reason; an incomplete one shows the form again."""
    try:
        return read(ends, request.POST, job)
    except Incomplete as why:
        raise InvalidForm(partial(form, request, job, why)) from None
