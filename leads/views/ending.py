"""The ends: done, lost for a reason, dropped for a reason; and open again."""

from collections.abc import Callable

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.jobs.line import line
from crm.jobs.models import Job
from crm.platform.access import require
from crm.platform.http import TenantRequest
from leads.moving.reasons import DROPPED, LOST, NOTE, Incomplete, Reason, written
from leads.views.acting import Unclear, act, found, sheet


@require("leads.move")
@require_POST
def finish(request: TenantRequest, number: int) -> HttpResponse:
    """The work is done."""

    def verb(job: Job) -> str:
        job.finish(by=request.member, stay=request.POST["stay"])
        return _("%(title)s: done.") % {"title": job.title}

    return act(request, number, "job.finished", verb)


@require("leads.move")
@require_POST
def reopen(request: TenantRequest, number: int) -> HttpResponse:
    """Take an ended lead up again, in the step it ended in; where that is archived, in the living one nearest."""

    def verb(job: Job) -> str:
        ended_in = job.stage_id
        job.reopen(by=request.member, stay=request.POST["stay"])
        if job.stage_id == ended_in or ended_in is None or job.stage_id is None:
            return _("%(title)s: open again.") % {"title": job.title}
        steps = line().stages
        words = {"title": job.title, "new": steps[job.stage_id].name, "old": steps[ended_in].name}
        return _("%(title)s: open again, in %(new)s, because %(old)s is archived.") % words

    return act(request, number, "job.reopened", verb)


@require("leads.move")
def lose(request: TenantRequest, number: int) -> HttpResponse:
    """Why it was lost: the form, and losing it."""

    def verb(job: Job, reason: str) -> str:
        job.lose(reason, by=request.member, stay=request.POST["stay"])
        return _("%(title)s: lost, %(reason)s.") % {"title": job.title, "reason": reason}

    return _with_reason(request, number, "lose", LOST, verb)


@require("leads.move")
def drop(request: TenantRequest, number: int) -> HttpResponse:
    """Why we will not do it: the form, and dropping it."""

    def verb(job: Job, reason: str) -> str:
        job.drop(reason, by=request.member, stay=request.POST["stay"])
        return _("%(title)s: dropped, %(reason)s.") % {"title": job.title, "reason": reason}

    return _with_reason(request, number, "drop", DROPPED, verb)


def _with_reason(
    request: TenantRequest, number: int, name: str, reasons: tuple[Reason, ...], end: Callable[[Job, str], str]
) -> HttpResponse:
    def form(job: Job, why: Incomplete | None = None) -> HttpResponse:
        context = {
            "reasons": reasons,
            "longest": NOTE,
            "given": request.POST,
            "problem": str(why or ""),
            "field": why.field if why else "",
        }
        return sheet(request, job, name, context, status=422 if why else 200)

    def verb(job: Job) -> str:
        try:
            return end(job, written(reasons, request.POST, job))
        except Incomplete as why:
            refused = why
            raise Unclear("", form=lambda: form(job, refused)) from None

    if request.method != "POST":
        return form(found(request, number))
    return act(request, number, {"lose": "job.lost", "drop": "job.dropped"}[name], verb)
