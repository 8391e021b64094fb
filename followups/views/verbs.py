"""A follow-up's actions, one view each: read the form, call the model's method and report the result."""

from typing import Any

from django.utils.translation import gettext as _

from crm.jobs.models import Job, Priority
from crm.kernel.refusal import Refused
from crm.web.requests.http import TenantRequest
from followups.details.customer_act import read_act
from followups.details.detail_fields import read_customer_times
from followups.models import CustomerAct, FollowUp, FollowUpOutcome
from followups.planning.new_follow_up import chosen_member, describe_planned, planned_by
from followups.planning.typed_wish import agrees_to_once, parse_wish
from followups.reminders.fields import read_fields
from followups.time_choices import chip_time, parse_form_time
from followups.views.follow_up_action import act_reader, action, complete_menu
from followups.views.renewal import read_renewal


@action()
def start(request: TenantRequest, follow_up: FollowUp) -> str:
    """Mark it as started."""
    follow_up.start(by=request.member)
    return _("In progress.")


@action("followup.completed", ask=complete_menu)
def complete(request: TenantRequest, follow_up: FollowUp) -> str:
    """Show the outcomes and complete it; set a new date and plan a typed line in the same request."""
    outcome = request.POST.get("outcome", "")
    line = request.POST.get("then", "").strip()
    if outcome not in FollowUpOutcome.values:
        raise Refused(_("Choose an outcome."))
    reader = act_reader(request)
    wish = None
    if line:
        wish = parse_wish(line, reader, once=agrees_to_once(request))
    note = request.POST.get("note", "")[:4000]
    follow_up.complete(outcome, by=request.member, note=note)
    done = _("Done: %(outcome)s.") % {"outcome": FollowUpOutcome(outcome).label}
    text = " ".join(filter(None, [done, read_renewal(request, follow_up, reader)]))
    if wish is None:
        return text
    job = None
    if follow_up.job_id:
        job = Job.objects.get(pk=follow_up.job_id)
    return f"{text} {describe_planned(planned_by(request, job, wish, follow_up), reader)}"


@action("followup.cancelled")
def cancel(request: TenantRequest, follow_up: FollowUp) -> str:
    """Cancel it."""
    follow_up.cancel(by=request.member)
    return _("Cancelled.")


@action()
def reopen(request: TenantRequest, follow_up: FollowUp) -> str:
    """Reopen it; report what was cancelled with it."""
    gone = follow_up.reopen(by=request.member)
    if not gone:
        return _("Reopened.")
    return _("Reopened. Cancelled with it: %(what)s.") % {"what": ", ".join(one.subject for one in gone)}


@action("followup.rescheduled")
def reschedule(request: TenantRequest, follow_up: FollowUp) -> str:
    """Reschedule it: by a button, or by a day and a time of day."""
    reader = act_reader(request)
    when = request.POST.get("when", "")
    day = request.POST.get("day", "")
    at = chip_time(when, follow_up, reader) or parse_form_time(day, request.POST.get("clock", ""), reader.zone)
    if at is None or at <= reader.now:
        raise Refused(_("Choose a day and time in the future."))
    follow_up.reschedule(at, by=request.member)
    return _("Moved to %(moment)s.") % {"moment": reader.moment(at)}


@action("followup.assigned")
def assign_to(request: TenantRequest, follow_up: FollowUp) -> str:
    """Assign it."""
    member = chosen_member(request.POST.get("assignee", ""))
    if member is None:
        raise Refused(_("Choose a colleague."))
    follow_up.assign_to(member, by=request.member)
    return _("Assigned to %(name)s.") % {"name": member.name}


@action("followup.prioritized")
def prioritize(request: TenantRequest, follow_up: FollowUp) -> str:
    """Set its priority."""
    priority = request.POST.get("priority", "")
    if priority not in map(str, Priority.values):
        raise Refused(_("Choose a priority."))
    follow_up.prioritize(int(priority), by=request.member)
    return _("Priority: %(priority)s.") % {"priority": Priority(int(priority)).label}


@action()
def remind(request: TenantRequest, follow_up: FollowUp) -> str:
    """Save the reminders of one follow-up, or use those of its assignee again (`do=reset`)."""
    times: Any = None
    customer_times: Any = None
    if request.POST.get("do") != "reset":
        times = read_fields(request.POST)
        customer_times = read_customer_times(request.POST, kind=follow_up.kind)
    follow_up.set_reminders(times, customer_times=customer_times, by=request.member)
    return _("The reminders are saved.")


@action()
def complete_on(request: TenantRequest, follow_up: FollowUp) -> str:
    """Choose what the customer does to complete it."""
    act = read_act(request.POST)
    follow_up.set_completes_on(act, by=request.member)
    if act:
        return _("It will be done %(when)s.") % {"when": CustomerAct(act).label}
    return _("You complete it yourself.")
