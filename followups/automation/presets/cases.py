"""Presets for clients: onboarding, no contact for a while, renewals, after an appointment."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.definition import Definition, Once
from crm.automation.registry.presets import RulePreset
from crm.automation.span import Span
from crm.jobs.models import Priority
from followups.automation.presets.parts import build_definition, plan_follow_up

GROUP = gettext_lazy("Follow-up sequences")


def _onboarding_rule() -> Definition:
    return build_definition(
        "job",
        "job.opened",
        plan_follow_up("call", _("First consultation"), days=2),
        plan_follow_up("email", _("Send the document checklist"), days=5),
        plan_follow_up("documents", _("Check received documents"), days=7),
        plan_follow_up("call", _("Update the customer"), days=14),
        once=Once.RECORD,
    )


def _silent_customer_rule() -> Definition:
    call = plan_follow_up("call", _("Not in touch for 60 days: call"), priority=Priority.HIGH, until="job.contacted")
    return build_definition("job", "job.silent", call, span=Span(60))


def _renewal_rule() -> Definition:
    options = {"kind": "visa", "outcome": "successful"}
    check = plan_follow_up("visa", _("Check the renewal"), days=30)
    return build_definition("follow_up", "followup.completed", check, options=options)


def _after_meeting() -> Definition:
    return build_definition(
        "follow_up",
        "followup.completed",
        plan_follow_up("email", _("Send a summary and the next steps"), days=1),
        plan_follow_up("documents", _("Check received documents"), days=7),
        options={"kind": "meeting", "outcome": "successful"},
    )


def _no_answer() -> Definition:
    options = {"kind": "call", "outcome": "no_answer"}
    again = plan_follow_up("call", _("Try again"), days=2, until="job.heard")
    return build_definition("job", "job.contacted", again, options=options, where="where=next:is:missing")


def _document_expiry_rule() -> Definition:
    inform = plan_follow_up("visa", _("Inform the customer about the renewal"), days=0)
    return build_definition("document", "document.expires", inform, span=Span(180), before=True)


def _after_appointment() -> Definition:
    return build_definition(
        "job", "appointment.completed", plan_follow_up("email", _("Send a summary and the next steps"), days=1)
    )


def _spoke_of_documents() -> Definition:
    check = plan_follow_up("documents", _("Check received documents"), days=7)
    return build_definition("job", "job.discussed", check, options={"topic": "documents"})


def _spoke_of_payment() -> Definition:
    follow = plan_follow_up("payment", _("Payment: as they said at the appointment"), days=3)
    return build_definition("job", "job.discussed", follow, options={"topic": "payment"})


PRESETS = [
    RulePreset(
        key="cases.onboarding",
        group=GROUP,
        name=gettext_lazy("New client: days 2, 5, 7 and 14"),
        description=gettext_lazy("A call, the checklist, a check of the documents, and a call with an update."),
        definition=_onboarding_rule,
    ),
    RulePreset(
        key="cases.silent",
        group=GROUP,
        name=gettext_lazy("Not in touch for 60 days: a call, high"),
        description=gettext_lazy("Planned for the owner, and cancelled if someone is in touch first."),
        definition=_silent_customer_rule,
    ),
    RulePreset(
        key="cases.renewal",
        group=GROUP,
        name=gettext_lazy("Renewal started: check in 30 days"),
        description=gettext_lazy("A successful visa follow-up plans the next one."),
        definition=_renewal_rule,
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
        definition=_document_expiry_rule,
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
