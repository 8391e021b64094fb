"""Notes on a lead: write, pin and unpin them."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.jobs.mentions import mentioned_members
from crm.jobs.models import Job, Note
from crm.jobs.views.job_action import answer, get_job
from crm.platform.models import Member
from crm.web.actions.row_action import Toast
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

LONGEST = 10_000


@require("jobs.note")
@require_POST
def note(request: TenantRequest, number: int) -> HttpResponse:
    """Write a note; `pin` pins it to the top."""
    job = get_job(request, number)
    body = request.POST.get("body", "").strip()[:LONGEST]
    if not body:
        return answer(request, job, Toast(_("Write something first."), 422))
    written = Note.write(job, body, by=request.member)
    if request.POST.get("pin"):
        written.pin(by=request.member)
    return answer(request, job, Toast(_noted_words(job, written, by=request.member)))


def _noted_words(job: Job, note: Note, *, by: Member) -> str:
    """Return the message after a note is saved: members who are notified, and those mentioned without access."""
    named = [one for one in mentioned_members(note.body) if one != by]
    notified = ", ".join(one.name for one in named if job.is_visible_to(one))
    blind = ", ".join(one.name for one in named if not job.is_visible_to(one))
    words = [_("Noted.")]
    if notified:
        words.append(_("%(names)s will be notified.") % {"names": notified})
    if blind:
        words.append(_("Not notified, as they have no access to it: %(names)s.") % {"names": blind})
    return " ".join(words)


@require("jobs.note")
@require_POST
def pin(request: TenantRequest, number: int, uid: UUID) -> HttpResponse:
    """Pin a note to the top of the lead."""
    job, found_note = _get_note(request, number, uid)
    found_note.pin(by=request.member)
    return answer(request, job, Toast(_("Pinned to the top.")))


@require("jobs.note")
@require_POST
def unpin(request: TenantRequest, number: int, uid: UUID) -> HttpResponse:
    """Unpin a note."""
    job, found_note = _get_note(request, number, uid)
    found_note.unpin(by=request.member)
    return answer(request, job, Toast(_("No longer pinned.")))


def _get_note(request: TenantRequest, number: int, uid: UUID) -> tuple[Job, Note]:
    job = get_job(request, number)
    named: Note | None = Note.objects.of(job).filter(uid=uid).first()
    if named is None:
        raise Http404
    return job, named
