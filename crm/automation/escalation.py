"""Escalate along a ladder: each rung tells some and waits in working time, until somebody says "I'm on it" (A4, T12).

A rung is the action "escalate", the time between two is a wait that ends by the signal here. All rungs of a run ask
for one acknowledgement, so whoever takes it up takes it for all, and nobody is told twice.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.models import RuleRun
from crm.automation.notices import TellOptions, members_meant, said, who_words
from crm.automation.registry.actions import Action, Done, Firing
from crm.automation.registry.stops import StopSignal
from crm.automation.registry.triggers import Chosen
from crm.kernel.refusal import Refused
from crm.platform.models import Event
from crm.web.models import Way
from crm.web.notices.acknowledgements import acknowledgement_of
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import notify

ESCALATED, TAKEN = "rule.escalated", "notice.acknowledged"
# What begins the key of what a run asks to be taken up.
_KEY = "run:"


def _act(firing: Firing, chosen: Chosen) -> Done:
    members = members_meant(chosen["who"], firing.kind.member_id(firing.row))
    if not members:
        raise Refused(_("Nobody is there to be told."))
    key = f"{_KEY}{firing.run_id}"
    asked = acknowledgement_of(ESCALATED, key)
    if asked is not None and asked.at is not None:
        return Done(skipped=True)
    data = {"rule": firing.rule_id, "text": chosen["text"]}
    notify(ESCALATED, [member.pk for member in members], key=key, about=firing.row, data=data)
    return Done({"count": len(members)})


def _foresee(firing: Firing, chosen: Chosen) -> str:
    names = [member.name for member in members_meant(chosen["who"], firing.kind.member_id(firing.row))]
    if not names:
        raise Refused(_("Nobody is there to be told."))
    return _("would ask %(names)s to take it up") % {"names": ", ".join(names)}


def taken_up(record: str, position: int = 90) -> StopSignal:
    """Return the signal that ends a wait of a rule about a kind of record as somebody takes up what it asked."""

    def about(event: Event) -> int | None:
        run = str(event.data.get("key", "")).removeprefix(_KEY)
        if event.data.get("kind") != ESCALATED or not run.isdecimal():
            return None
        found: int | None = (
            RuleRun.objects.filter(pk=int(run), record=record).values_list("record_id", flat=True).first()
        )
        return found

    words = gettext_lazy("somebody says they are on it")
    return StopSignal(position, f"{record}.taken_up", record, words, (TAKEN,), about=about)


KIND = NoticeKind(
    34,
    ESCALATED,
    "notices.view",
    "triangle-alert",
    gettext_lazy("A trigger asks me to take something up"),
    said,
    default=Way.AWAY,
    needs_acknowledgement=True,
)
ESCALATE = Action(
    31,
    "escalate",
    (),
    "triangle-alert",
    gettext_lazy("ask to take it up"),
    _act,
    lambda chosen: _("ask %(who)s to take it up") % {"who": who_words(chosen["who"])},
    TellOptions,
    foresee=_foresee,
)
