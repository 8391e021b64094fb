"""What customers hear as their work goes on (S2): new order, quote, appointment, done, on hold, and what follows."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.definition import Definition, Once
from crm.automation.registry.presets import RulePreset
from crm.automation.span import Span, Unit
from crm.jobs.models import Priority
from followups.automation.presets.parts import plan, rule, send, step, tell, wait

GROUP = gettext_lazy("Messages to the customer")
EMAIL, SMS, WHATSAPP = "email", "sms", "whatsapp"


def _new_order() -> Definition:
    return rule("job", "job.opened", send("order_confirmation", by=(EMAIL, SMS)), once=Once.RECORD)


def _quote_sent() -> Definition:
    return rule("job", "job.entered", send("quote_notification", by=(EMAIL, SMS)), options={"step": step("quote_sent")})


def _quote_follow_up() -> Definition:
    return rule(
        "job",
        "job.stays",
        send("quote_follow_up", "quote_notification", by=(EMAIL, SMS)),
        wait(4, Unit.DAYS, "job.heard", "job.moved", "job.ended"),
        plan("call", _("Call about the quote"), until="job.heard"),
        options={"step": step("quote_sent")},
        span=Span(3),
    )


def _scheduled() -> Definition:
    sent = send("appointment_confirmation", by=(EMAIL, SMS, WHATSAPP))
    return rule("job", "job.entered", sent, options={"step": step("scheduled")})


def _completed() -> Definition:
    return rule("job", "job.finished", send("completion_thank_you", by=(EMAIL,)))


def _survey() -> Definition:
    return rule("job", "job.done_since", send("survey_invitation", by=(EMAIL, SMS)), span=Span(7))


def _survey_low() -> Definition:
    call = plan("call", _("Call: unhappy customer"), hours=4, priority=Priority.HIGH)
    told = tell("managers", _("A customer was unhappy"))
    return rule("job", "job.survey_answered", call, told, options={"most": "2"})


def _check_up() -> Definition:
    return rule("job", "job.done_since", send("maintenance_reminder", by=(EMAIL, SMS)), span=Span(365))


def _on_hold() -> Definition:
    return rule("job", "job.paused", send("hold_notification", by=(EMAIL, SMS)), once=Once.ALWAYS)


def _hold_weekly() -> Definition:
    told = tell("owner", _("On hold: does the reason still apply?"))
    return rule("job", "job.round", told, weekdays=(0,), at_hour=9, where="where=level:is:hold")


PRESETS = [
    RulePreset(
        10,
        "status.new_order",
        GROUP,
        gettext_lazy("New order: send a confirmation"),
        gettext_lazy("Sends a confirmation when a lead is created, by email, else by text."),
        _new_order,
    ),
    RulePreset(
        11,
        "status.quote_sent",
        GROUP,
        gettext_lazy("Quote sent: tell the customer"),
        gettext_lazy("Sends a message when the lead reaches the step, by email, else by text."),
        _quote_sent,
    ),
    RulePreset(
        12,
        "status.quote_follow_up",
        GROUP,
        gettext_lazy("Quote: message after 3 days, call after 7"),
        gettext_lazy("A message after three days in the step. After seven days without a reply, a call for the owner."),
        _quote_follow_up,
    ),
    RulePreset(
        13,
        "status.scheduled",
        GROUP,
        gettext_lazy("Scheduled: confirm the date"),
        gettext_lazy("Sends the confirmation by email, else by text, else by WhatsApp."),
        _scheduled,
    ),
    RulePreset(
        14,
        "status.completed",
        GROUP,
        gettext_lazy("Completed: say thank you"),
        gettext_lazy("Sends a thank-you when the work is completed."),
        _completed,
    ),
    RulePreset(
        15,
        "status.survey",
        GROUP,
        gettext_lazy("7 days after completion: send a survey"),
        gettext_lazy("Goes to every customer. A member reads every answer."),
        _survey,
    ),
    RulePreset(
        16,
        "status.survey_low",
        GROUP,
        gettext_lazy("Survey score 1 or 2: plan a call and notify the managers"),
        gettext_lazy("Makes sure unhappy customers are called. Scores don’t decide who is asked for a review."),
        _survey_low,
    ),
    RulePreset(
        17,
        "status.check_up",
        GROUP,
        gettext_lazy("A year after completion: offer a check-up"),
        gettext_lazy("Goes only to customers who agreed to offers. The log says why others were skipped."),
        _check_up,
    ),
    RulePreset(
        18,
        "status.on_hold",
        GROUP,
        gettext_lazy("On hold: tell the customer"),
        gettext_lazy("Tells the customer that the job is on hold, by email, else by text."),
        _on_hold,
    ),
    RulePreset(
        19,
        "status.hold_weekly",
        GROUP,
        gettext_lazy("On hold: check every week"),
        gettext_lazy("Asks the owner every Monday at 9:00 whether the reason still applies."),
        _hold_weekly,
    ),
]
