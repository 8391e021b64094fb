"""Undo an action, from its toast or the message after it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.jobs.models import Job
from crm.jobs.views.job_action import answer, answer_many, back
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.models import Change, ChangedRow
from crm.platform.undo import UndoResult
from crm.web.actions.row_action import Toast
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

# Leads that stay as they are, named and linked.
MOST_NAMED = 10


@require("jobs.move")
@require_POST
def take_back(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Undo the member's own action, unless its records were changed since."""
    altered = []
    if Change.objects.filter(uid=uid, member=request.member).exists():
        altered = _altered_ids(uid)
    if not altered:
        raise Http404
    jobs = list(Job.objects.visible_to(request.member).filter(pk__in=altered)[:2])
    try:
        done = undo.undo_change(uid, by=request.member)
    except Refused as why:
        return _refusal_response(request, jobs, str(why))
    toast = Toast(_undone_words(done), about=_visible_jobs(request, done.staying))
    if len(done.rows) + len(done.staying) > 1:
        return answer_many(request, toast)
    return answer(request, done.rows[0], toast)


def _altered_ids(uid: UUID) -> list[int]:
    rows = ChangedRow.objects.filter(change__uid=uid, model=Job._meta.label_lower)
    return list(rows.values_list("row_id", flat=True)[:2])


def _visible_jobs(request: TenantRequest, jobs: list[Job]) -> tuple[Job, ...]:
    """List the first of the affected leads that the member may see."""
    if jobs:
        return tuple(Job.objects.visible_to(request.member).filter(pk__in=[job.pk for job in jobs])[:MOST_NAMED])
    return ()


def _undone_words(done: UndoResult) -> str:
    if len(done.rows) == 1 and not done.staying:
        return _("%(title)s: undone.") % {"title": done.rows[0].title}
    return undone_text(done)


def undone_text(done: UndoResult) -> str:
    """Describe for how many leads an action was undone, and how many stay, as they or their step changed since."""
    count = len(done.rows)
    changed = len(done.altered)
    shut = len(done.refused)
    sentences = [ngettext("Undone for %(count)s lead.", "Undone for %(count)s leads.", count) % {"count": count}]
    if changed:
        line = ngettext("%(count)s was changed since and stays.", "%(count)s were changed since and stay.", changed)
        sentences.append(line % {"count": changed})
    if shut:
        line = ngettext(
            "%(count)s stays, because its step was archived.",
            "%(count)s stay, because their step was archived.",
            shut,
        )
        sentences.append(line % {"count": shut})
    return " ".join(sentences)


def _refusal_response(request: TenantRequest, jobs: list[Job], words: str) -> HttpResponse:
    if len(jobs) == 1:
        return answer(request, jobs[0], Toast(words, 409))
    if request.htmx:
        return answer_many(request, Toast(words, 409))
    messages.warning(request, words)
    return redirect(back(request, None))
