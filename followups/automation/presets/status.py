"""Presets that tell customers the status of their job: new order, quote, appointment, done, on hold, aftercare."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.definition import Definition, Once
from crm.automation.registry.presets import RulePreset
from crm.automation.span import Span, SpanUnit
from crm.jobs.models import Priority
from followups.automation.presets.parts import (
    build_definition,
    notify_members,
    plan_follow_up,
    send_message,
    step_option,
    wait_for,
)

GROUP = gettext_lazy("Messages to the customer")
EMAIL = "email"
SMS = "sms"
WHATSAPP = "whatsapp"


def _new_order() -> Definition:
    return build_definition("job", "job.opened", send_message("order_confirmation", by=(EMAIL, SMS)), once=Once.RECORD)


def _quote_sent() -> Definition:
    return build_definition(
        "job",
        "job.entered",
        send_message("quote_notification", by=(EMAIL, SMS)),
        options={"step": step_option("quote_sent")},
    )


def _quote_follow_up() -> Definition:
    return build_definition(
        "job",
        "job.stays",
        send_message("quote_follow_up", "quote_notification", by=(EMAIL, SMS)),
        wait_for(4, SpanUnit.DAYS, "job.heard", "job.moved", "job.ended"),
        plan_follow_up("call", _("Call about the quote"), until="job.heard"),
        options={"step": step_option("quote_sent")},
        span=Span(3),
    )


def _scheduled_rule() -> Definition:
    sent = send_message("appointment_confirmation", by=(EMAIL, SMS, WHATSAPP))
    return build_definition("job", "job.entered", sent, options={"step": step_option("scheduled")})


def _completed_rule() -> Definition:
    return build_definition("job", "job.finished", send_message("completion_thank_you", by=(EMAIL,)))


def _survey_rule() -> Definition:
    return build_definition("job", "job.done_since", send_message("survey_invitation", by=(EMAIL, SMS)), span=Span(7))


def _survey_low() -> Definition:
    call = plan_follow_up("call", _("Call: unhappy customer"), hours=4, priority=Priority.HIGH)
    notice = notify_members("managers", _("A customer was unhappy"))
    return build_definition("job", "job.survey_answered", call, notice, options={"most": "2"})


def _check_up() -> Definition:
    return build_definition(
        "job", "job.done_since", send_message("maintenance_reminder", by=(EMAIL, SMS)), span=Span(365)
    )


def _on_hold() -> Definition:
    return build_definition("job", "job.paused", send_message("hold_notification", by=(EMAIL, SMS)), once=Once.ALWAYS)


def _hold_weekly() -> Definition:
    notice = notify_members("owner", _("On hold: does the reason still apply?"))
    return build_definition("job", "job.round", notice, weekdays=(0,), at_hour=9, where="where=level:is:hold")


PRESETS = [
    RulePreset(
        key="status.new_order",
        group=GROUP,
        name=gettext_lazy("New order: send a confirmation"),
        description=gettext_lazy("Sends a confirmation when a lead is created, by email, else by text."),
        definition=_new_order,
    ),
    RulePreset(
        key="status.quote_sent",
        group=GROUP,
        name=gettext_lazy("Quote sent: tell the customer"),
        description=gettext_lazy("Sends a message when the lead reaches the step, by email, else by text."),
        definition=_quote_sent,
    ),
    RulePreset(
        key="status.quote_follow_up",
        group=GROUP,
        name=gettext_lazy("Quote: message after 3 days, call after 7"),
        description=gettext_lazy(
            "A message after three days in the step. After seven days without a reply, a call for the owner."
        ),
        definition=_quote_follow_up,
    ),
    RulePreset(
        key="status.scheduled",
        group=GROUP,
        name=gettext_lazy("Scheduled: confirm the date"),
        description=gettext_lazy("Sends the confirmation by email, else by text, else by WhatsApp."),
        definition=_scheduled_rule,
    ),
    RulePreset(
        key="status.completed",
        group=GROUP,
        name=gettext_lazy("Completed: say thank you"),
        description=gettext_lazy("Sends a thank-you when the work is completed."),
        definition=_completed_rule,
    ),
    RulePreset(
        key="status.survey",
        group=GROUP,
        name=gettext_lazy("7 days after completion: send a survey"),
        description=gettext_lazy("Goes to every customer. A member reads every answer."),
        definition=_survey_rule,
    ),
    RulePreset(
        key="status.survey_low",
        group=GROUP,
        name=gettext_lazy("Survey score 1 or 2: plan a call and notify the managers"),
        description=gettext_lazy(
            "Makes sure unhappy customers are called. Scores don’t decide who is asked for a review."
        ),
        definition=_survey_low,
    ),
    RulePreset(
        key="status.check_up",
        group=GROUP,
        name=gettext_lazy("A year after completion: offer a check-up"),
        description=gettext_lazy("Goes only to customers who agreed to offers. The log says why others were skipped."),
        definition=_check_up,
    ),
    RulePreset(
        key="status.on_hold",
        group=GROUP,
        name=gettext_lazy("On hold: tell the customer"),
        description=gettext_lazy("Tells the customer that the job is on hold, by email, else by text."),
        definition=_on_hold,
    ),
    RulePreset(
        key="status.hold_weekly",
        group=GROUP,
        name=gettext_lazy("On hold: check every week"),
        description=gettext_lazy("Asks the owner every Monday at 9:00 whether the reason still applies."),
        definition=_hold_weekly,
    ),
]
