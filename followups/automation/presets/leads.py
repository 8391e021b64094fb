"""Presets for new and important leads: first to claim, priority, VIP."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.definition import Definition, Once
from crm.automation.registry.presets import RulePreset
from crm.automation.span import SpanUnit
from crm.jobs.models import Priority
from followups.automation.presets.parts import (
    build_definition,
    draft_message,
    escalate,
    first_team,
    notify_members,
    plan_follow_up,
    raise_to,
    send_message,
    wait_for,
)

GROUP = gettext_lazy("New and important leads")


def _escalation_rule() -> Definition:
    stops = ("job.taken_up", "job.contacted", "job.ended")
    return build_definition(
        "job",
        "job.opened",
        escalate("owner", _("A new lead: call within 15 minutes")),
        wait_for(15, SpanUnit.WORKING_MINUTES, *stops),
        escalate(first_team(), _("A new lead nobody has called: first to claim it")),
        wait_for(15, SpanUnit.WORKING_MINUTES, *stops),
        escalate("managers", _("A new lead nobody has called for half an hour")),
        once=Once.RECORD,
    )


def _welcome_rule() -> Definition:
    return build_definition(
        "job", "job.opened", send_message("order_confirmation", "welcome", by=("favourite",)), once=Once.RECORD
    )


def _lead_received_rule() -> Definition:
    return build_definition("job", "job.opened", send_message("lead_received", by=("email", "sms")), once=Once.RECORD)


def _partner_ticket_rule() -> Definition:
    raised = raise_to(Priority.HIGH, "ticket.prioritize")
    return build_definition("ticket", "ticket.received", raised, once=Once.RECORD, where="where=partner:is:1")


def _large_order_rule() -> Definition:
    return build_definition(
        "job",
        "job.left",
        raise_to(Priority.HIGH),
        notify_members("managers", _("A large order: assign one person to stay with it")),
        options={"step": ""},
        once=Once.RECORD,
        where="where=value:min:50000",
    )


def _late_lead_rule() -> Definition:
    return build_definition("job", "job.late", raise_to(Priority.HIGH), options={"level": "job.far_overdue"})


def _decline_draft_rule() -> Definition:
    notice = notify_members(
        "owner", _("Not a fit? A decline is drafted. Send it, then close the lead as “Can’t do it”")
    )
    return build_definition(
        "job", "job.opened", draft_message("decline"), notice, once=Once.RECORD, where="where=value:max:500"
    )


def _lead_won_rule() -> Definition:
    return build_definition("job", "lead.won", notify_members("managers", _("A lead is won")), once=Once.RECORD)


def _lost_price() -> Definition:
    call = plan_follow_up("call", _("Lost by price: ask how it went"), days=90)
    return build_definition("job", "job.lost", call, options={"reason": "price"}, once=Once.RECORD)


PRESETS = [
    RulePreset(
        key="leads.received",
        group=GROUP,
        name=gettext_lazy("New lead: tell the customer when to expect a reply"),
        description=gettext_lazy("Uses your working hours and the target of the first step. By email, else by text."),
        definition=_lead_received_rule,
    ),
    RulePreset(
        key="leads.chain",
        group=GROUP,
        name=gettext_lazy("New lead: alert the owner, then the team, then the managers"),
        description=gettext_lazy(
            "Settings, “First contact” already does this for every new lead; use this for your own texts "
            "and times. It stops as soon as someone takes the lead or is in touch."
        ),
        definition=_escalation_rule,
    ),
    RulePreset(
        key="leads.usual_channel",
        group=GROUP,
        name=gettext_lazy("New order from a regular: confirm by their last channel"),
        description=gettext_lazy(
            "Confirms by the channel the customer uses. Use it instead of the standard confirmation."
        ),
        definition=_welcome_rule,
    ),
    RulePreset(
        key="leads.partners",
        group=GROUP,
        name=gettext_lazy("Partners: high priority"),
        description=gettext_lazy("Raises the priority of a partner’s conversation, but never lowers one set by hand."),
        definition=_partner_ticket_rule,
    ),
    RulePreset(
        key="leads.large",
        group=GROUP,
        name=gettext_lazy("Large orders: high priority and one owner"),
        description=gettext_lazy("From 50,000, as soon as the lead moves. Set your own amount."),
        definition=_large_order_rule,
    ),
    RulePreset(
        key="leads.slow",
        group=GROUP,
        name=gettext_lazy("Too long in a step: high priority"),
        description=gettext_lazy("When a lead is very late. Never lowers a priority set by hand."),
        definition=_late_lead_rule,
    ),
    RulePreset(
        key="leads.decline",
        group=GROUP,
        name=gettext_lazy("Not a fit: draft a decline"),
        description=gettext_lazy(
            "Drafts a polite decline for the owner to send. Replace the amount with what you don’t do, and "
            "name a partner who does."
        ),
        definition=_decline_draft_rule,
    ),
    RulePreset(
        key="leads.won",
        group=GROUP,
        name=gettext_lazy("A lead is won: notify the managers"),
        description=gettext_lazy("When it moves to a sold step."),
        definition=_lead_won_rule,
    ),
    RulePreset(
        key="leads.lost_price",
        group=GROUP,
        name=gettext_lazy("Lost by price: ask again in 90 days"),
        description=gettext_lazy("Plans a call for the owner. Choose another reason, or any."),
        definition=_lost_price,
    ),
]
