"""What follow-ups bring each other (S4): onboarding, clients not heard of, renewals, after an appointment."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.definition import Definition, Once
from crm.automation.registry.presets import RulePreset
from crm.automation.span import Span
from crm.jobs.models import Priority
from followups.automation.presets.parts import plan, rule

GROUP = gettext_lazy("Follow-ups that bring each other")


def _onboarding() -> Definition:
    return rule(
        "job",
        "job.opened",
        plan("call", _("First consultation"), days=2),
        plan("email", _("Send the document checklist"), days=5),
        plan("documents", _("Check which documents came in"), days=7),
        plan("call", _("Tell them how it stands"), days=14),
        once=Once.RECORD,
    )


def _silent() -> Definition:
    call = plan("call", _("Not in touch for 60 days: call"), priority=Priority.HIGH, until="job.contacted")
    return rule("job", "job.silent", call, span=Span(60))


def _renewal() -> Definition:
    options = {"kind": "visa", "outcome": "successful"}
    check = plan("visa", _("Check how the renewal stands"), days=30)
    return rule("follow_up", "followup.completed", check, options=options)


def _after_meeting() -> Definition:
    return rule(
        "follow_up",
        "followup.completed",
        plan("email", _("Send a summary and the next steps"), days=1),
        plan("documents", _("Check which documents came in"), days=7),
        options={"kind": "meeting", "outcome": "successful"},
    )


def _no_answer() -> Definition:
    options = {"kind": "call", "outcome": "no_answer"}
    again = plan("call", _("Try again"), days=2, until="job.heard")
    return rule("job", "job.contacted", again, options=options, where="where=next:is:missing")


def _expiry() -> Definition:
    inform = plan("visa", _("Inform the customer about the renewal"), days=0)
    return rule("document", "document.expires", inform, span=Span(180), before=True)


def _after_appointment() -> Definition:
    return rule("job", "appointment.completed", plan("email", _("Send a summary and the next steps"), days=1))


def _spoke_of_documents() -> Definition:
    check = plan("documents", _("Check which documents came in"), days=7)
    return rule("job", "job.discussed", check, options={"topic": "documents"})


def _spoke_of_payment() -> Definition:
    follow = plan("payment", _("Payment: as they said at the appointment"), days=3)
    return rule("job", "job.discussed", follow, options={"topic": "payment"})


PRESETS = [
    RulePreset(
        40,
        "cases.onboarding",
        GROUP,
        gettext_lazy("New client: days 2, 5, 7 and 14"),
        gettext_lazy("A call, the checklist, a look at the documents, a call to say how it stands."),
        _onboarding,
    ),
    RulePreset(
        41,
        "cases.silent",
        GROUP,
        gettext_lazy("Not in touch for 60 days: a call, high"),
        gettext_lazy("Planned for whose it is, and taken back if somebody is in touch first."),
        _silent,
    ),
    RulePreset(
        42,
        "cases.renewal",
        GROUP,
        gettext_lazy("Renewal begun: look at it in 30 days"),
        gettext_lazy("A visa follow-up that went well brings the next."),
        _renewal,
    ),
    RulePreset(
        43,
        "cases.after_meeting",
        GROUP,
        gettext_lazy("After a meeting: summary and documents"),
        gettext_lazy("A meeting that went well brings the summary tomorrow and a look at the documents in a week."),
        _after_meeting,
    ),
    RulePreset(
        44,
        "cases.no_answer",
        GROUP,
        gettext_lazy("No answer to a call: try again in 2 days"),
        gettext_lazy("Of any call that is logged, planned or not. Not where a next step is planned already."),
        _no_answer,
    ),
    RulePreset(
        45,
        "cases.expiry",
        GROUP,
        gettext_lazy("A document expires in 180 days: renew it"),
        gettext_lazy("A follow-up to tell the customer; with “Renewal begun”, what is done brings the next look."),
        _expiry,
    ),
    RulePreset(
        46,
        "cases.after_appointment",
        GROUP,
        gettext_lazy("After an appointment: a summary"),
        gettext_lazy("To be sent tomorrow, with the next steps."),
        _after_appointment,
    ),
    RulePreset(
        47,
        "cases.spoke_of_documents",
        GROUP,
        gettext_lazy("An appointment spoke of documents: look what came in"),
        gettext_lazy("In a week. By words of five languages in the note that closes the appointment."),
        _spoke_of_documents,
    ),
    RulePreset(
        48,
        "cases.spoke_of_payment",
        GROUP,
        gettext_lazy("An appointment spoke of payment: follow it up"),
        gettext_lazy("In three days. By words of five languages in the note that closes the appointment."),
        _spoke_of_payment,
    ),
]
