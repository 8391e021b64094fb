"""New leads and those that matter more: first to claim, priority, VIP (S1, S2, L13, L16, T17)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.definition import Definition, Once
from crm.automation.registry.presets import RulePreset
from crm.automation.span import Unit
from crm.jobs.models import Priority
from followups.automation.presets.parts import draft, escalate, plan, raise_to, rule, send, team, tell, wait

GROUP = gettext_lazy("New and important leads")


def _chain() -> Definition:
    stops = ("job.taken_up", "job.contacted", "job.ended")
    return rule(
        "job",
        "job.opened",
        escalate("owner", _("A new lead: call within 15 minutes")),
        wait(15, Unit.WORKING_MINUTES, *stops),
        escalate(team(), _("A new lead nobody has called: whoever is first has it")),
        wait(15, Unit.WORKING_MINUTES, *stops),
        escalate("managers", _("A new lead nobody has called for half an hour")),
        once=Once.RECORD,
    )


def _welcome() -> Definition:
    return rule("job", "job.opened", send("order_confirmation", "welcome", by=("favourite",)), once=Once.RECORD)


def _received() -> Definition:
    return rule("job", "job.opened", send("lead_received", by=("email", "sms")), once=Once.RECORD)


def _partners() -> Definition:
    raised = raise_to(Priority.HIGH, "ticket.prioritize")
    return rule("ticket", "ticket.received", raised, once=Once.RECORD, where="where=partner:is:1")


def _large() -> Definition:
    return rule(
        "job",
        "job.left",
        raise_to(Priority.HIGH),
        tell("managers", _("A large order: give it to one person who stays with it")),
        options={"step": ""},
        once=Once.RECORD,
        where="where=value:min:50000",
    )


def _slow() -> Definition:
    return rule("job", "job.late", raise_to(Priority.HIGH), options={"level": "job.far_overdue"})


def _decline() -> Definition:
    told = tell("owner", _("Not a job for us? A decline is drafted: send it, then close the lead as “Can’t do it”"))
    return rule("job", "job.opened", draft("decline"), told, once=Once.RECORD, where="where=value:max:500")


def _won() -> Definition:
    return rule("job", "lead.won", tell("managers", _("A lead is won")), once=Once.RECORD)


def _lost_price() -> Definition:
    call = plan("call", _("Lost by price: ask how it went"), days=90)
    return rule("job", "job.lost", call, options={"reason": "price"}, once=Once.RECORD)


PRESETS = [
    RulePreset(
        30,
        "leads.chain",
        GROUP,
        gettext_lazy("New lead: whose it is, then the team, then the managers"),
        gettext_lazy(
            "Every new lead has such a ladder by itself, under “New leads” in the settings; this one is for texts and"
            " times of your own. It ends as soon as somebody is on it, or in touch."
        ),
        _chain,
    ),
    RulePreset(
        29,
        "leads.received",
        GROUP,
        gettext_lazy("New lead: tell the customer when they hear from us"),
        gettext_lazy("The true time by your working hours and the target of the first step; by email, else by text."),
        _received,
    ),
    RulePreset(
        31,
        "leads.usual_channel",
        GROUP,
        gettext_lazy("New order of a regular: by the channel they last wrote by"),
        gettext_lazy("Confirms by the channel the customer uses, if there is one. Use it instead of the plain one."),
        _welcome,
    ),
    RulePreset(
        32,
        "leads.partners",
        GROUP,
        gettext_lazy("Partners: high priority"),
        gettext_lazy("Raises a partner’s conversation; what a person set higher stays."),
        _partners,
    ),
    RulePreset(
        33,
        "leads.large",
        GROUP,
        gettext_lazy("Large orders: high, and one person for it"),
        gettext_lazy("From 50,000 on, as soon as the lead moves. Set your own amount."),
        _large,
    ),
    RulePreset(
        34,
        "leads.slow",
        GROUP,
        gettext_lazy("Too long in a step: high priority"),
        gettext_lazy("At twice its time; never lowers what a person chose."),
        _slow,
    ),
    RulePreset(
        35,
        "leads.decline",
        GROUP,
        gettext_lazy("Not a job for us: draft a decline"),
        gettext_lazy(
            "Puts a polite no into the composer of whose it is; a person sends it. Set what you don’t do instead of"
            " the amount, and name a partner who does."
        ),
        _decline,
    ),
    RulePreset(
        36,
        "leads.won",
        GROUP,
        gettext_lazy("A lead is won: the managers hear of it"),
        gettext_lazy("As it moves into what is sold."),
        _won,
    ),
    RulePreset(
        37,
        "leads.lost_price",
        GROUP,
        gettext_lazy("Lost by price: ask again in 90 days"),
        gettext_lazy("A call for whose it is; choose another reason, or any."),
        _lost_price,
    ),
]
