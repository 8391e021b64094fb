"""Taking an act back, from its toast or the message after it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.jobs import undo
from crm.jobs.models import Change, Job
from crm.jobs.undo import TakenBack
from crm.jobs.views.verb_view import Told, answer, answer_many, back
from crm.kernel.refusal import Refused
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from leads.lead_list import visible

# Leads that stay as they are, named and linked.
MOST_NAMED = 10


@require("leads.move")
@require_POST
def take_back(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Put back what one's own act altered, unless somebody altered it since."""
    if not Change.objects.filter(uid=uid, member=request.member).exists():
        raise Http404
    jobs = list(visible(request.member).filter(pk__in=_altered(uid))[:2])
    try:
        done = undo.take_back(uid, by=request.member)
    except Refused as why:
        return _refused(request, jobs, str(why))
    told = Told(_told(done), about=_seen(request, done.staying))
    if len(done.jobs) + len(done.staying) > 1:
        return answer_many(request, told)
    return answer(request, done.jobs[0], told)


def _altered(uid: UUID) -> list[int]:
    rows = Change.objects.filter(uid=uid).values_list("jobs__job_id", flat=True)
    return list(rows[:2])


def _seen(request: TenantRequest, jobs: list[Job]) -> tuple[Job, ...]:
    """The first of them, of those the member may look at."""
    return tuple(visible(request.member).filter(pk__in=[job.pk for job in jobs])[:MOST_NAMED]) if jobs else ()


def _told(done: TakenBack) -> str:
    if len(done.jobs) == 1 and not done.staying:
        return _("%(title)s: taken back.") % {"title": done.jobs[0].title}
    return taken_back(len(done.jobs), len(done.changed), len(done.shut))


def taken_back(count: int, changed: int, shut: int = 0) -> str:
    """For how many leads an act was taken back; how many stay, changed since or their step archived since."""
    told = [ngettext("Taken back for %(count)s lead.", "Taken back for %(count)s leads.", count) % {"count": count}]
    if changed:
        line = ngettext("%(count)s was changed since and stays.", "%(count)s were changed since and stay.", changed)
        told.append(line % {"count": changed})
    if shut:
        line = ngettext(
            "%(count)s stays, for its step was archived since.",
            "%(count)s stay, for their step was archived since.",
            shut,
        )
        told.append(line % {"count": shut})
    return " ".join(told)


def _refused(request: TenantRequest, jobs: list[Job], words: str) -> HttpResponse:
    if len(jobs) == 1:
        return answer(request, jobs[0], Told(words, 409))
    if request.htmx:
        return answer_many(request, Told(words, 409))
    messages.warning(request, words)
    return redirect(back(request, None))
