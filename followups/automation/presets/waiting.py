"""Presets for missing replies: of the customer, of us, or past a promised response time."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.definition import Definition, Once
from crm.automation.registry.presets import RulePreset
from crm.automation.span import Span, SpanUnit
from crm.jobs.models import Priority
from followups.automation.presets.parts import (
    build_definition,
    escalate,
    notify_members,
    plan_follow_up,
    raise_to,
    send_message,
    wait_for,
)

GROUP = gettext_lazy("No reply")


def _silent_customer_rule() -> Definition:
    return build_definition(
        "ticket",
        "ticket.their_move",
        send_message("checking_in", by=("sms", "email")),
        wait_for(24, SpanUnit.HOURS, "ticket.received", "ticket.ended"),
        plan_follow_up("call", _("Call: no reply"), until="ticket.received"),
        wait_for(11, SpanUnit.DAYS, "ticket.received", "ticket.ended"),
        send_message("checking_in", by=("email",)),
        escalate("managers", _("No reply for two weeks")),
        span=Span(48, SpanUnit.HOURS),
        where="where=partner:not:1",
    )


def _clicked_rule() -> Definition:
    call = plan_follow_up("call", _("Call: they opened our link"), days=1, until="job.heard")
    return build_definition("job", "job.clicked", call, once=Once.DAY)


def _silent_partner_rule() -> Definition:
    return build_definition(
        "ticket",
        "ticket.their_move",
        send_message("checking_in", by=("email",)),
        notify_members("owner", _("A partner has not replied for 24 hours")),
        span=Span(24, SpanUnit.HOURS),
        where="where=partner:is:1",
    )


def _slow_rep_rule() -> Definition:
    """Notify the rep when our time to act is nearly up, and the managers if no one has acted a working day later."""
    return build_definition(
        "job",
        "job.late",
        escalate("owner", _("You haven’t talked to this customer")),
        wait_for(1, SpanUnit.WORKING_DAYS, "job.taken_up", "job.contacted", "job.ended"),
        escalate("managers", _("Nobody has talked to this customer")),
        options={"level": "job.due_soon"},
        where="where=side:is:us",
    )


def _late_job_rule() -> Definition:
    escalation = escalate("managers", _("Nobody has talked to this customer"))
    return build_definition("job", "job.late", escalation, options={"level": "job.overdue"}, where="where=side:is:us")


def _missed_promise_rule() -> Definition:
    escalation = escalate("managers", _("A response time was missed"))
    return build_definition("ticket", "ticket.missed", escalation, options={"metric": ""}, once=Once.DAY)


def _upset_customer_rule() -> Definition:
    return build_definition(
        "ticket",
        "ticket.upset",
        raise_to(Priority.HIGH, "ticket.prioritize"),
        notify_members("managers", _("A customer seems upset")),
        plan_follow_up("call", _("Call: upset customer"), hours=2, priority=Priority.HIGH),
        once=Once.DAY,
    )


def _repeated_message_rule() -> Definition:
    notice = notify_members("managers", _("A customer wrote three times without a reply"))
    return build_definition("ticket", "ticket.received", notice, once=Once.DAY, where="where=again:is:1")


PRESETS = [
    RulePreset(
        key="waiting.customer",
        group=GROUP,
        name=gettext_lazy("Customer doesn’t reply: text at 48 hours, call at 72 hours, email at 14 days"),
        description=gettext_lazy("Stops when they reply. After 14 days it also escalates to the managers."),
        definition=_silent_customer_rule,
    ),
    RulePreset(
        key="waiting.clicked",
        group=GROUP,
        name=gettext_lazy("Customer opens our link and doesn’t reply: plan a call"),
        description=gettext_lazy(
            "Plans a call for the owner the next day, at most one a day. It is cancelled if the customer writes first."
        ),
        definition=_clicked_rule,
    ),
    RulePreset(
        key="waiting.partner",
        group=GROUP,
        name=gettext_lazy("Partner doesn’t reply: email at 24 hours"),
        description=gettext_lazy("For conversations with a partner. The owner is notified."),
        definition=_silent_partner_rule,
    ),
    RulePreset(
        key="waiting.rep",
        group=GROUP,
        name=gettext_lazy("Our reply is due soon: alert the owner"),
        description=gettext_lazy(
            "Alerts the owner when our reply is due soon. A working day later it escalates to the managers, "
            "unless someone takes it on."
        ),
        definition=_slow_rep_rule,
    ),
    RulePreset(
        key="waiting.manager",
        group=GROUP,
        name=gettext_lazy("Our reply is late: alert the managers"),
        description=gettext_lazy(
            "Alerts the managers as soon as our reply is late. Use it instead of the alert to the owner first."
        ),
        definition=_late_job_rule,
    ),
    RulePreset(
        key="waiting.promise",
        group=GROUP,
        name=gettext_lazy("Response time missed: escalate to the managers"),
        description=gettext_lazy("At most once a day per conversation, for any response time."),
        definition=_missed_promise_rule,
    ),
    RulePreset(
        key="waiting.upset",
        group=GROUP,
        name=gettext_lazy("Complaint: high priority, a call, and notify the managers"),
        description=gettext_lazy(
            "Found by words in the customer’s message, in five languages. At most once a day per conversation."
        ),
        definition=_upset_customer_rule,
    ),
    RulePreset(
        key="waiting.again",
        group=GROUP,
        name=gettext_lazy("Third message without a reply: notify the managers"),
        description=gettext_lazy("When a customer sends a third message in a row without a reply."),
        definition=_repeated_message_rule,
    ),
]
