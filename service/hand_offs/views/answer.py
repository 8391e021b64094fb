"""Service's answer to a hand-off (accept, send back), and the seller's resubmission."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.kernel.days import parse_typed_day
from crm.kernel.refusal import Refused
from crm.platform.organization.configuration import directory
from crm.web.requests.http import TenantRequest
from service.hand_offs.page import template_in
from service.hand_offs.views.hand_off_action import action
from service.models import HandOff, Promise, ReturnReason


@action("handoff.accepted")
def accept(request: TenantRequest, hand_off: HandOff) -> str:
    """Save the replies and accept the hand-off: the job is set up."""
    _answer_promises(request, hand_off)
    if "template" in request.POST:
        hand_off.choose_template(template_in(request), by=request.member)
    contact = None
    if hand_off.template:
        contact = directory().members.get(hand_off.template.contact_id or 0)
    hand_off.accept(by=request.member, starts_on=parse_typed_day(request.POST.get("starts_on", "")), contact=contact)
    owed = hand_off.items.filter(done_at=None).count()
    if not owed:
        return _("Accepted. The project is set up.")
    words = ngettext("Accepted, with %(count)s item to follow.", "Accepted, with %(count)s items to follow.", owed)
    return words % {"count": owed}


@action("handoff.returned")
def send_back(request: TenantRequest, hand_off: HandOff) -> str:
    """Save the replies and send the hand-off back to the seller."""
    _answer_promises(request, hand_off)
    reason = request.POST.get("reason", "")
    note = request.POST.get("note", "")
    if reason not in ReturnReason.values:
        raise Refused(_("Choose a reason."))
    hand_off.send_back(reason, note, by=request.member)
    return _("Sent back. The job stays sold.")


@action()
def reply(request: TenantRequest, hand_off: HandOff) -> str:
    """Save the replies to promises and the template, without answering yet."""
    _answer_promises(request, hand_off)
    if "template" in request.POST:
        hand_off.choose_template(template_in(request), by=request.member)
    return _("Saved. It is not answered yet.")


@action(permission="handoffs.prepare")
def resubmit(request: TenantRequest, hand_off: HandOff) -> str:
    """Resubmit it to service."""
    hand_off.resubmit(request.POST.get("note", ""), by=request.member)
    return _("Handed to service again.")


def _answer_promises(request: TenantRequest, hand_off: HandOff) -> None:
    for promise in hand_off.promises.select_related("hand_off"):
        answer = request.POST.get(f"promise-{promise.pk}", "")
        if answer in Promise.Answer.values:
            why_not = request.POST.get(f"why-{promise.pk}", "")
            promise.hand_off = hand_off
            promise.reply(answer, why_not, by=request.member)
