"""An appointment's actions, one view each: parse the form, call the model's verb and show the result."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from crm.jobs.appointments.appointment_form_values import chosen_slot, members_in, minutes_in
from crm.jobs.appointments.views.calendar import appointment_page, get_appointment
from crm.jobs.models.appointments import Appointment, AppointmentOutcome
from crm.jobs.models.appointments.local_time import instant, moment
from crm.jobs.models.appointments.obstacles import WORK, InTheWay
from crm.kernel.refusal import Refused
from crm.web.actions.row_action import InvalidForm, RowAction, Toast, safe_next
from crm.web.requests.form_version import stale_message
from crm.web.requests.http import TenantRequest
from crm.web.shell.record_pages import record_url


class AppointmentAction(RowAction[Appointment]):
    """An action on an appointment."""

    permission = WORK

    def find(self, request: TenantRequest, *, lock: bool, **named: Any) -> Appointment:
        row = get_appointment(request, named["uid"])
        if lock:
            row.lock()
        return row

    def answer(self, request: TenantRequest, row: Appointment, toast: Toast) -> HttpResponse:
        if toast.status != 200:
            return appointment_page(request, row, toast.status, toast.text)
        messages.success(request, toast.text, extra_tags=toast.undo)
        return redirect(safe_next(request) or record_url(row, request.tenant.slug))

    def stale_text(self, request: TenantRequest, row: Appointment) -> str:
        return stale_message()


action = AppointmentAction()


@action("appointment.confirmed")
def confirm(request: TenantRequest, row: Appointment) -> str:
    """Record that the customer will come."""
    row.confirm(by=request.member)
    return _("Confirmed.")


@action("appointment.rescheduled")
def reschedule(request: TenantRequest, row: Appointment) -> str:
    """Reschedule it to an offered free time, or change its day, time, duration or members.

    With `ask` the customer is asked first, and it moves when they say yes.
    """
    post: QueryDict = request.POST
    slot = chosen_slot(post.get("slot", ""))
    if slot:
        at = slot[0]
    else:
        at = instant(post.get("day", ""), post.get("time", ""), ZoneInfo(row.time_zone))
    if slot:
        members = [slot[1]]
    else:
        members = members_in(post)
    if slot:
        minutes = row.minutes
    else:
        minutes = minutes_in(post)
    if "ask" in post:
        verb = row.offer
    else:
        verb = row.reschedule
    try:
        verb(at, members=members, minutes=minutes, anyway="anyway" in post, by=request.member)
    except InTheWay as why:
        insist = why.may_insist
        text = str(why)
        raise InvalidForm(lambda: _refusal_page(request, row, text, insist)) from why
    values = {"moment": moment(row.asked_time, row.time_zone)}
    if row.offered_starts_at and row.held_until:
        values["until"] = moment(row.held_until, row.time_zone)
        return _("The customer is asked about %(moment)s; it is held until %(until)s.") % values
    return _("Moved to %(moment)s.") % values


@action("appointment.rescheduled")
def accept(request: TenantRequest, row: Appointment) -> str:
    """Record that the customer accepted the held time on the telephone."""
    row.accept(by=request.member)
    return _("Agreed: %(moment)s.") % {"moment": moment(row.starts_at, row.time_zone)}


@action()
def release(request: TenantRequest, row: Appointment) -> str:
    """Release the held time."""
    row.release("member", by=request.member)
    return _("Time released.")


def _refusal_page(request: TenantRequest, row: Appointment, told: str, may_insist: bool) -> HttpResponse:
    row.refresh_from_db()
    return appointment_page(request, row, 422, told, may_insist=may_insist)


@action("appointment.cancelled")
def cancel(request: TenantRequest, row: Appointment) -> str:
    """Cancel it, with a reason."""
    reason = request.POST.get("reason", "").strip()
    if not reason:
        raise Refused(_("Enter a reason: the customer and colleagues will ask."))
    row.cancel(reason, by=request.member)
    return _("Cancelled.")


@action("appointment.completed")
def complete(request: TenantRequest, row: Appointment) -> str:
    """Close it as held."""
    outcome = request.POST.get("outcome", "")
    if outcome not in AppointmentOutcome.values:
        raise Refused(_("Choose an outcome."))
    row.complete(outcome, by=request.member, note=_typed_note(request))
    return _("Done: %(outcome)s.") % {"outcome": AppointmentOutcome(outcome).label}


@action("appointment.missed")
def miss(request: TenantRequest, row: Appointment) -> str:
    """Close it as not held."""
    row.miss(by=request.member, note=_typed_note(request))
    return _("Saved: nobody was there.")


@action()
def reopen(request: TenantRequest, row: Appointment) -> str:
    """Open a closed one again."""
    row.reopen(by=request.member)
    return _("Reopened.")


def _typed_note(request: TenantRequest) -> str:
    return request.POST.get("note", "")[:4000]
