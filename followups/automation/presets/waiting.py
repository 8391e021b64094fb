"""What happens when nobody answers: they, we, or a promise is missed (S2, S3, A4, A5)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.definition import Definition, Once
from crm.automation.registry.presets import RulePreset
from crm.automation.span import Span, Unit
from crm.jobs.models import Priority
from followups.automation.presets.parts import escalate, plan, raise_to, rule, send, tell, wait

GROUP = gettext_lazy("Nobody answers")


def _customer() -> Definition:
    return rule(
        "ticket",
        "ticket.their_move",
        send("checking_in", by=("sms", "email")),
        wait(24, Unit.HOURS, "ticket.received", "ticket.ended"),
        plan("call", _("Call: they have not answered"), until="ticket.received"),
        wait(11, Unit.DAYS, "ticket.received", "ticket.ended"),
        send("checking_in", by=("email",)),
        escalate("managers", _("No answer for two weeks")),
        span=Span(48, Unit.HOURS),
        where="where=partner:not:1",
    )


def _partner() -> Definition:
    return rule(
        "ticket",
        "ticket.their_move",
        send("checking_in", by=("email",)),
        tell("owner", _("A partner has not answered for 24 hours")),
        span=Span(24, Unit.HOURS),
        where="where=partner:is:1",
    )


def _rep() -> Definition:
    """Ask the rep when our move is due soon; the managers when a working day later nobody is on it (A5)."""
    return rule(
        "job",
        "job.late",
        escalate("owner", _("You haven’t talked to this customer")),
        wait(1, Unit.WORKING_DAYS, "job.taken_up", "job.contacted", "job.ended"),
        escalate("managers", _("Nobody has talked to this customer")),
        options={"level": "job.due_soon"},
        where="where=side:is:us",
    )


def _manager() -> Definition:
    asked = escalate("managers", _("Nobody has talked to this customer"))
    return rule("job", "job.late", asked, options={"level": "job.overdue"}, where="where=side:is:us")


def _promise() -> Definition:
    asked = escalate("managers", _("A promised time was missed"))
    return rule("ticket", "ticket.missed", asked, options={"metric": ""}, once=Once.DAY)


def _upset() -> Definition:
    return rule(
        "ticket",
        "ticket.upset",
        raise_to(Priority.HIGH, "ticket.prioritize"),
        tell("managers", _("A customer sounds upset")),
        plan("call", _("Call: they sound upset"), hours=2, priority=Priority.HIGH),
        once=Once.DAY,
    )


def _again() -> Definition:
    told = tell("managers", _("They wrote three times and nobody answered"))
    return rule("ticket", "ticket.received", told, once=Once.DAY, where="where=again:is:1")


PRESETS = [
    RulePreset(
        20,
        "waiting.customer",
        GROUP,
        gettext_lazy("The customer: text at 48 hours, call at 72, mail at 14 days"),
        gettext_lazy("Ends as soon as they write. At 14 days the managers are told, too."),
        _customer,
    ),
    RulePreset(
        21,
        "waiting.partner",
        GROUP,
        gettext_lazy("A partner: mail at 24 hours"),
        gettext_lazy("For conversations that are a partner’s; whose it is is told."),
        _partner,
    ),
    RulePreset(
        22,
        "waiting.rep",
        GROUP,
        gettext_lazy("We: “You haven’t talked to this customer”"),
        gettext_lazy("Asks whose it is when our move is due soon; a working day later, unless taken up, the managers."),
        _rep,
    ),
    RulePreset(
        23,
        "waiting.manager",
        GROUP,
        gettext_lazy("We: the manager, when the time is over"),
        gettext_lazy("Asks the managers at once when our move is over its time. Use it instead of the ladder."),
        _manager,
    ),
    RulePreset(
        24,
        "waiting.promise",
        GROUP,
        gettext_lazy("A promised time is missed: ask the managers"),
        gettext_lazy("Once a day for each conversation, whichever promise it was."),
        _promise,
    ),
    RulePreset(
        25,
        "waiting.upset",
        GROUP,
        gettext_lazy("Complaint words: high, a call, and the managers"),
        gettext_lazy("By words of five languages in what they wrote themselves; once a day for each conversation."),
        _upset,
    ),
    RulePreset(
        26,
        "waiting.again",
        GROUP,
        gettext_lazy("They write again and again: the managers look at it"),
        gettext_lazy("At the third message in a row that nobody answered."),
        _again,
    ),
]
