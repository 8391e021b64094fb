"""Rules ready made about updates: what customers are told of steps, milestones and deliveries (A14), and escalation.

One source for the portal, mail and text: each sends a template whose words stand on the customer's page as well.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.definition import Definition, Do, Once
from crm.automation.registry.presets import RulePreset
from crm.automation.span import Span, Unit
from crm.jobs.appointments.setup import offered_types
from crm.jobs.models import Priority
from crm.kernel.refusal import Refused
from followups.automation.presets.parts import plan, rule, send, wait
from portal.updates.automation.triggers import UPDATE

NOTICES = gettext_lazy("What the customer hears of the work")
UPDATES = gettext_lazy("Customer updates")
EMAIL, SMS = "email", "sms"
# What the delivery of material is usually called, in English and Dutch.
DELIVERIES = ("deliver", "material", "lever", "materiaal")


def _ask(who: str, text: str) -> Do:
    return Do("escalate", {"who": who, "text": text})


def _missed() -> Definition:
    """A ladder: whose job it is, four working hours later the managers (S0)."""
    return rule(
        UPDATE,
        "update.missed",
        _ask("owner", _("A customer was to hear of their work: send the update")),
        wait(4, Unit.WORKING_HOURS, "update.sent", f"{UPDATE}.taken_up"),
        _ask("managers", _("A customer was not told of their work in time")),
        once=Once.RECORD,
    )


def _unseen() -> Definition:
    call = plan("call", _("Call: they have not looked at the update"), days=1)
    return rule(UPDATE, "update.unseen", call, once=Once.RECORD)


def _step() -> Definition:
    return rule("job", "job.told_step", send("step_reached", by=(EMAIL, SMS)), once=Once.ALWAYS)


def _milestone() -> Definition:
    return rule("job", "job.milestone_reached", send("milestone_reached", by=(EMAIL, SMS)), once=Once.ALWAYS)


def _survey() -> Definition:
    asked = send("milestone_survey", "survey_invitation", by=(EMAIL, SMS))
    return rule("job", "job.milestone_asks", asked, once=Once.ALWAYS)


def _tomorrow() -> Definition:
    sent = send("milestone_tomorrow", by=(SMS, EMAIL))
    return rule("job", "job.milestone", sent, span=Span(1), before=True)


def _preparation() -> Definition:
    sent = send("preparation_notice", by=(EMAIL, SMS))
    return rule("job", "job.appointment", sent, span=Span(3), before=True)


def _delivery() -> Definition:
    sent = send("delivery_notice", by=(SMS, EMAIL))
    return rule("job", "job.appointment_of", sent, options={"type": _delivery_type()}, span=Span(2), before=True)


def _delivery_type() -> str:
    """Return the type of appointment that deliveries are. Raises Refused where none is called so."""
    for row in offered_types():
        if any(name in row.name.casefold() for name in DELIVERIES):
            return str(row.pk)
    raise Refused(_("No type of appointment of yours is called “Delivery”: add it, or make this trigger by hand."))


def _detractor() -> Definition:
    """Whoever gives 1 or 2 of 5 hears from a person the same day, and managers take it up until somebody did (K13)."""
    return rule(
        "job",
        "job.survey_answered",
        plan("call", _("Call today: they are not content"), hours=4, priority=Priority.URGENT),
        _ask("owner", _("A customer is not content: call today")),
        wait(4, Unit.WORKING_HOURS, "job.contacted", "job.taken_up"),
        _ask("managers", _("A customer is not content, and nobody has called")),
        options={"most": "2"},
        once=Once.DAY,
    )


PRESETS = [
    RulePreset(
        60,
        "updates.missed",
        UPDATES,
        gettext_lazy("An update is missed: whose job it is, then the managers"),
        gettext_lazy("Four working hours apart; it ends as soon as the update is sent, or somebody takes it up."),
        _missed,
    ),
    RulePreset(
        61,
        "updates.unseen",
        UPDATES,
        gettext_lazy("Nobody has looked at an update: call them"),
        gettext_lazy("Plans a call for whose job it is. In the list of updates it can be sent another way, too."),
        _unseen,
    ),
    RulePreset(
        62,
        "updates.step",
        NOTICES,
        gettext_lazy("A step customers read of: say so"),
        gettext_lazy("By email, else by text, in the words of the step; of a step without words nothing is sent."),
        _step,
    ),
    RulePreset(
        63,
        "updates.milestone",
        NOTICES,
        gettext_lazy("A milestone is reached: say so"),
        gettext_lazy("Of milestones customers read of; by email, else by text."),
        _milestone,
    ),
    RulePreset(
        64,
        "updates.tomorrow",
        NOTICES,
        gettext_lazy("A milestone is planned for tomorrow: say so"),
        gettext_lazy("A day before; it moves with the plan, and nothing is sent while the work is on hold."),
        _tomorrow,
    ),
    RulePreset(
        65,
        "updates.preparation",
        NOTICES,
        gettext_lazy("Three days before we come: what to have ready"),
        gettext_lazy("By email, else by text, with the day, the time and what to make room for."),
        _preparation,
    ),
    RulePreset(
        66,
        "updates.delivery",
        NOTICES,
        gettext_lazy("Two days before the material comes: say when, and where it will stand"),
        gettext_lazy("For the type of appointment that is your delivery; by text, else by email."),
        _delivery,
    ),
    RulePreset(
        67,
        "updates.milestone_survey",
        UPDATES,
        gettext_lazy("A milestone marked so is reached: ask how it goes"),
        gettext_lazy("Templates of projects mark the milestones; a week after the end everybody is asked again."),
        _survey,
    ),
    RulePreset(
        68,
        "updates.detractor",
        UPDATES,
        gettext_lazy("A survey of 1 or 2: a call today, and nobody rests until somebody called"),
        gettext_lazy("An urgent call for whose job it is; four working hours later the managers are asked."),
        _detractor,
    ),
]
