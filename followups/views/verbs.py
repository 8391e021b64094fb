"""The verbs of a follow-up, one view each: they read the form, call the verb and say what happened."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.jobs.models import Job
from crm.platform import clock
from crm.platform.access import require
from crm.platform.http import TenantRequest
from followups.models import FollowUp, Outcome
from followups.times import chosen, written
from followups.views.acting import Unclear, act
from followups.views.planning import chosen_member, planned_by, read, told_of
from leads.wording import Reader


@require_POST
@require("followups.work")
def start(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Somebody is on it."""

    def change(follow_up: FollowUp) -> str:
        follow_up.start(by=request.member)
        return _("In progress.")

    return act(request, uid, change)


@require_POST
@require("followups.work")
def complete(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Done, with its outcome; the next one, where the line has words, is planned in the same act."""

    def change(follow_up: FollowUp) -> str:
        outcome, line = request.POST.get("outcome", ""), request.POST.get("then", "").strip()
        if outcome not in Outcome.values:
            raise Unclear(_("Choose how it went."))
        reader = Reader.of(request.member, clock.now())
        wish = read(line, reader) if line else None
        note = request.POST.get("note", "")[:4000].replace("\0", "")
        follow_up.complete(outcome, by=request.member, note=note)
        told = _("Done: %(outcome)s.") % {"outcome": Outcome(outcome).label}
        if wish is None:
            return told
        job = Job.objects.get(pk=follow_up.job_id) if follow_up.job_id else None
        return f"{told} {told_of(planned_by(request, job, wish, follow_up), reader)}"

    return act(request, uid, change)


@require_POST
@require("followups.work")
def cancel(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Nobody needs it any more."""

    def change(follow_up: FollowUp) -> str:
        follow_up.cancel(by=request.member)
        return _("Cancelled.")

    return act(request, uid, change)


@require_POST
@require("followups.work")
def reopen(request: TenantRequest, uid: UUID) -> HttpResponse:
    """The button was pressed too soon."""

    def change(follow_up: FollowUp) -> str:
        follow_up.reopen(by=request.member)
        return _("Planned again.")

    return act(request, uid, change)


@require_POST
@require("followups.work")
def reschedule(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Another time: by a button, or by a day and a time of day."""

    def change(follow_up: FollowUp) -> str:
        reader = Reader.of(request.member, clock.now())
        when, day = request.POST.get("when", ""), request.POST.get("day", "")
        at = chosen(when, follow_up, reader) or written(day, request.POST.get("clock", ""), reader.zone)
        if at is None or at <= reader.now:
            raise Unclear(_("Choose a day and a time to come."))
        follow_up.reschedule(at, by=request.member)
        return _("Moved to %(moment)s.") % {"moment": reader.moment(at)}

    return act(request, uid, change)


@require_POST
@require("followups.work")
def assign_to(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Delegate it."""

    def change(follow_up: FollowUp) -> str:
        member = chosen_member(request.POST.get("assignee", ""))
        if member is None:
            raise Unclear(_("Choose a colleague."))
        follow_up.assign_to(member, by=request.member)
        return _("%(name)s has it now.") % {"name": member.name}

    return act(request, uid, change)


@require_POST
@require("followups.work")
def note(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Write something on it."""

    def change(follow_up: FollowUp) -> str:
        body = request.POST.get("note", "")[:4000].replace("\0", "")
        if not body.strip():
            raise Unclear(_("Write something first."))
        follow_up.note(body, by=request.member)
        return _("Noted.")

    return act(request, uid, change)
