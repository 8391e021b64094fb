"""Messages of an appointment, sent and planned: invitations, reminders, and why one was not sent."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from comms.appointments import reminders, ways
from comms.appointments.type_templates import template_key
from comms.models import AppointmentMessage, Medium
from crm.jobs.models.appointments import Appointment
from crm.kernel import clock
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require

_State = AppointmentMessage.State
_Kind = AppointmentMessage.Kind


@require("appointments.view")
def appointment_messages(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the messages, next one first; in the appointment's page or on a separate page."""
    row = get_object_or_404(Appointment.objects.visible_to(request.member).select_related("job", "type"), uid=uid)
    reader = Reader.of(request.member, clock.now())
    rows = (
        AppointmentMessage.objects.filter(appointment=row)
        .exclude(state=_State.WITHDRAWN)
        .select_related("message", "appointment__job", "appointment__type")
    )
    context = {"row": row, "lines": [_status_line(one, reader) for one in rows.order_by("at", "pk")]}
    part = ""
    if is_fragment(request):
        part = "#part"
    return render(request, f"comms/appointments/told.html{part}", context)


def _status_line(one: AppointmentMessage, reader: Reader) -> str:
    kinds = {_Kind.INVITATION: _("Invitation"), _Kind.REMINDER: _("Reminder"), _Kind.CANCELLATION: _("Cancellation")}
    kinds[_Kind.QUESTION] = _("Proposed time")
    text = f"{kinds[_Kind(one.kind)]}, {Medium(one.medium).label}: "
    if one.state == _State.SKIPPED:
        return text + one.reason
    if one.state == _State.PLANNED:
        return text + _planned_text(one, reader)
    message = one.message
    if message is None:
        return text + _("sent")
    if message.state in ("sent", "sending"):
        return text + _("sent %(moment)s") % {"moment": reader.near(message.sent_at or one.at)}
    if message.state in message.WAITING:
        return text + _("queued")
    return text + (message.error_text or _("not sent"))


def _planned_text(one: AppointmentMessage, reader: Reader) -> str:
    """Return when and by which medium a message is planned, or why it could not be sent as of now."""
    key = template_key(one.appointment, reminders.MOMENT)
    until = one.starts_at
    when = {"moment": reader.near(one.at)}
    why = ways.refusal(one.appointment, one.medium, key, one.at, until=until)
    if why and not ways.first(one.appointment, ways.stand_ins(one.appointment, one.medium), key, one.at, until=until):
        return _("due %(moment)s, but can’t be sent: %(why)s") % (when | {"why": why})
    return _("scheduled for %(moment)s") % when + (f" ({one.reason})" if one.reason else "")
