"""What follow-ups bring each other: onboarding, clients not heard of, renewals, after an appointment."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.definition import Definition, Once
from crm.automation.registry.presets import RulePreset
from crm.automation.span import Span
from crm.jobs.models import Priority
from followups.automation.presets.parts import plan, rule

GROUP = gettext_lazy("Follow-up sequences")


def _onboarding() -> Definition:
    return rule(
        "job",
        "job.opened",
        plan("call", _("First consultation"), days=2),
        plan("email", _("Send the document checklist"), days=5),
        plan("documents", _("Check received documents"), days=7),
        plan("call", _("Update the customer"), days=14),
        once=Once.RECORD,
    )


def _silent() -> Definition:
    call = plan("call", _("Not in touch for 60 days: call"), priority=Priority.HIGH, until="job.contacted")
    return rule("job", "job.silent", call, span=Span(60))


def _renewal() -> Definition:
    options = {"kind": "visa", "outcome": "successful"}
    check = plan("visa", _("Check the renewal"), days=30)
    return rule("follow_up", "followup.completed", check, options=options)


def _after_meeting() -> Definition:
    return rule(
        "follow_up",
        "followup.completed",
        plan("email", _("Send a summary and the next steps"), days=1),
        plan("documents", _("Check received documents"), days=7),
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
    check = plan("documents", _("Check received documents"), days=7)
    return rule("job", "job.discussed", check, options={"topic": "documents"})


def _spoke_of_payment() -> Definition:
    follow = plan("payment", _("Payment: as they said at the appointment"), days=3)
    return rule("job", "job.discussed", follow, options={"topic": "payment"})


PRESETS = [
    RulePreset(
        key="cases.onboarding",
        group=GROUP,
        name=gettext_lazy("New client: days 2, 5, 7 and 14"),
        description=gettext_lazy("A call, the checklist, a check of the documents, and a call with an update."),
        definition=_onboarding,
    ),
    RulePreset(
        key="cases.silent",
        group=GROUP,
        name=gettext_lazy("Not in touch for 60 days: a call, high"),
        description=gettext_lazy("Planned for the owner, and cancelled if someone is in touch first."),
        definition=_silent,
    ),
    RulePreset(
        key="cases.renewal",
        group=GROUP,
        name=gettext_lazy("Renewal started: check in 30 days"),
        description=gettext_lazy("A successful visa follow-up plans the next one."),
        definition=_renewal,
    ),
    RulePreset(
        key="cases.after_meeting",
        group=GROUP,
        name=gettext_lazy("After a meeting: summary and documents"),
        description=gettext_lazy(
            "A successful meeting plans a summary for tomorrow and a check of the documents in a week."
        ),
        definition=_after_meeting,
    ),
    RulePreset(
        key="cases.no_answer",
        group=GROUP,
        name=gettext_lazy("No answer to a call: try again in 2 days"),
        description=gettext_lazy("For any logged call, planned or not. Skipped if a next step is already planned."),
        definition=_no_answer,
    ),
    RulePreset(
        key="cases.expiry",
        group=GROUP,
        name=gettext_lazy("A document expires in 180 days: renew it"),
        description=gettext_lazy(
            "Plans a follow-up to tell the customer. Together with “Renewal started”, completing it plans the "
            "next check."
        ),
        definition=_expiry,
    ),
    RulePreset(
        key="cases.after_appointment",
        group=GROUP,
        name=gettext_lazy("After an appointment: a summary"),
        description=gettext_lazy("Due tomorrow, with the next steps."),
        definition=_after_appointment,
    ),
    RulePreset(
        key="cases.spoke_of_documents",
        group=GROUP,
        name=gettext_lazy("An appointment was about documents: check what arrived"),
        description=gettext_lazy("Due in a week. Found by words in the appointment’s closing note, in five languages."),
        definition=_spoke_of_documents,
    ),
    RulePreset(
        key="cases.spoke_of_payment",
        group=GROUP,
        name=gettext_lazy("An appointment was about payment: follow up"),
        description=gettext_lazy(
            "Due in three days. Found by words in the appointment’s closing note, in five languages."
        ),
        definition=_spoke_of_payment,
    ),
]
