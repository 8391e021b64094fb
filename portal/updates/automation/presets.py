"""Preset automation rules about updates: news of steps, milestones and deliveries, and escalation.

One source for the portal, mail and text: each sends a template whose words stand on the customer's page as well.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.definition import Definition, DoStep, Once
from crm.automation.registry.presets import RulePreset
from crm.automation.span import Span, SpanUnit
from crm.jobs.appointments.setup import offered_types
from crm.jobs.models import Priority
from crm.kernel.refusal import Refused
from followups.automation.presets.parts import build_definition, plan_follow_up, send_message, wait_for
from portal.updates.automation.triggers import UPDATE

NOTICES = gettext_lazy("Updates about the work")
UPDATES = gettext_lazy("Customer updates")
EMAIL = "email"
SMS = "sms"
# What the delivery of material is usually called, in English and Dutch.
DELIVERIES = ("deliver", "material", "lever", "materiaal")


def _escalate_to(who: str, text: str) -> DoStep:
    return DoStep("escalate", {"who": who, "text": text})


def _missed_update() -> Definition:
    """Escalation: notify the job's owner, and managers four working hours later."""
    return build_definition(
        UPDATE,
        "update.missed",
        _escalate_to("owner", _("Send the customer their update")),
        wait_for(4, SpanUnit.WORKING_HOURS, "update.sent", f"{UPDATE}.taken_up"),
        _escalate_to("managers", _("A customer update is late")),
        once=Once.RECORD,
    )


def _unseen_update() -> Definition:
    call = plan_follow_up("call", _("Call: update not viewed"), days=1)
    return build_definition(UPDATE, "update.unseen", call, once=Once.RECORD)


def _visited_page() -> Definition:
    call = plan_follow_up("call", _("Call: they visited their page"), days=1, until="job.heard")
    return build_definition("job", "job.portal_visited", call, once=Once.DAY)


def _step_reached() -> Definition:
    return build_definition("job", "job.told_step", send_message("step_reached", by=(EMAIL, SMS)), once=Once.ALWAYS)


def _milestone_reached() -> Definition:
    return build_definition(
        "job", "job.milestone_reached", send_message("milestone_reached", by=(EMAIL, SMS)), once=Once.ALWAYS
    )


def _milestone_survey() -> Definition:
    action = send_message("milestone_survey", "survey_invitation", by=(EMAIL, SMS))
    return build_definition("job", "job.milestone_asks", action, once=Once.ALWAYS)


def _milestone_tomorrow() -> Definition:
    sent = send_message("milestone_tomorrow", by=(SMS, EMAIL))
    return build_definition("job", "job.milestone", sent, span=Span(1), before=True)


def _preparation_notice() -> Definition:
    sent = send_message("preparation_notice", by=(EMAIL, SMS))
    return build_definition("job", "job.appointment", sent, span=Span(3), before=True)


def _delivery_notice() -> Definition:
    sent = send_message("delivery_notice", by=(SMS, EMAIL))
    return build_definition(
        "job", "job.appointment_of", sent, options={"type": _delivery_type()}, span=Span(2), before=True
    )


def _delivery_type() -> str:
    """Return the appointment type named as a delivery. Raises Refused if there is none."""
    for row in offered_types():
        if any(name in row.name.casefold() for name in DELIVERIES):
            return str(row.pk)
    raise Refused(_("You have no appointment type named “Delivery”. Add it, or create this trigger yourself."))


def _detractor_call() -> Definition:
    """Call customers who rate 1 or 2 of 5 on the same day; escalates to managers until somebody did.

    Rule: docs/rules.md#k13.
    """
    return build_definition(
        "job",
        "job.survey_answered",
        plan_follow_up("call", _("Call today: unhappy customer"), hours=4, priority=Priority.URGENT),
        _escalate_to("owner", _("Unhappy customer: call today")),
        wait_for(4, SpanUnit.WORKING_HOURS, "job.contacted", "job.taken_up"),
        _escalate_to("managers", _("Unhappy customer, and nobody has called")),
        options={"most": "2"},
        once=Once.DAY,
    )


PRESETS = [
    RulePreset(
        key="updates.missed",
        group=UPDATES,
        name=gettext_lazy("Update missed: alert the owner, then the managers"),
        description=gettext_lazy("Four working hours apart. It stops when the update is sent or someone takes it on."),
        definition=_missed_update,
    ),
    RulePreset(
        key="updates.unseen",
        group=UPDATES,
        name=gettext_lazy("Update not viewed: call the customer"),
        description=gettext_lazy("Plans a call for the owner. You can also resend the update by another channel."),
        definition=_unseen_update,
    ),
    RulePreset(
        key="updates.visited",
        group=UPDATES,
        name=gettext_lazy("Customer visits their page: plan a call"),
        description=gettext_lazy(
            "Plans a call for the owner the next day, at most one a day. It is cancelled if the customer writes first."
        ),
        definition=_visited_page,
    ),
    RulePreset(
        key="updates.step",
        group=NOTICES,
        name=gettext_lazy("Step on the customer’s page reached: tell the customer"),
        description=gettext_lazy(
            "By email, else by text, with the customer text of the step. Without a text, nothing is sent."
        ),
        definition=_step_reached,
    ),
    RulePreset(
        key="updates.milestone",
        group=NOTICES,
        name=gettext_lazy("Milestone reached: tell the customer"),
        description=gettext_lazy("For milestones on the customer’s page. By email, else by text."),
        definition=_milestone_reached,
    ),
    RulePreset(
        key="updates.tomorrow",
        group=NOTICES,
        name=gettext_lazy("Milestone tomorrow: tell the customer"),
        description=gettext_lazy(
            "A day before the milestone. It follows the planning, and nothing is sent while the job is on hold."
        ),
        definition=_milestone_tomorrow,
    ),
    RulePreset(
        key="updates.preparation",
        group=NOTICES,
        name=gettext_lazy("Three days before the visit: how to prepare"),
        description=gettext_lazy("By email, else by text, with the date, time and what to make room for."),
        definition=_preparation_notice,
    ),
    RulePreset(
        key="updates.delivery",
        group=NOTICES,
        name=gettext_lazy("Two days before delivery: tell the customer when and where"),
        description=gettext_lazy("For your delivery appointments. By text, else by email."),
        definition=_delivery_notice,
    ),
    RulePreset(
        key="updates.milestone_survey",
        group=UPDATES,
        name=gettext_lazy("Milestone with a survey reached: ask how it’s going"),
        description=gettext_lazy(
            "Choose the milestones in Project templates. Customers are asked again a week after completion."
        ),
        definition=_milestone_survey,
    ),
    RulePreset(
        key="updates.detractor",
        group=UPDATES,
        name=gettext_lazy("Survey score 1 or 2: call today, and escalate until someone has called"),
        description=gettext_lazy(
            "Plans an urgent call for the owner. Four working hours later it escalates to the managers."
        ),
        definition=_detractor_call,
    ),
]
