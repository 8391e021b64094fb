"""Escalation ladder: each rung notifies members, then waits in working time until one acknowledges.

A rung is the action "escalate", the time between two is a wait that ends by the signal here. All rungs of a run ask
for one acknowledgement, so whoever takes it up takes it for all, and nobody is told twice. A rung that falls into the
night stands on the page of notices, and is mailed when whoever is asked begins to work. Whoever is absent is not asked.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.models import RuleRun
from crm.automation.notices import ADMINS, MANAGERS, TellOptions, addressed_members, notice_words, who_words
from crm.automation.registry.actions import ActionResult, Firing, RuleAction
from crm.automation.registry.stops import StopSignal
from crm.automation.registry.triggers import Chosen
from crm.jobs.models.assignment.setup import assignment_setup
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Event, Member
from crm.platform.organization.configuration import directory
from crm.web.models import NoticeWay
from crm.web.notices.acknowledgements import acknowledgement_of
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import notify
from crm.web.shell.record_pages import visible_rows

ESCALATED = "rule.escalated"
TAKEN = "notice.acknowledged"
# What begins the key of what a run asks to be taken up.
_KEY = "run:"


def escalation_recipients(who: str, owner_id: int | None, row: Any) -> list[Member]:
    """Return the members to escalate a row to: the addressees, else their cover, the managers, then the admins.

    Nobody is asked about what they may not see. Where all of these are absent, those who are meant.
    """
    sees = cache(lambda member: visible_rows(type(row), member).filter(pk=row.pk).exists())
    addressed = addressed_members(who, owner_id)
    rungs: tuple[Callable[[], Sequence[Member]], ...] = (
        lambda: addressed,
        lambda: _cover_members([member for member in addressed if sees(member)]),
        lambda: addressed_members(MANAGERS, None),
        lambda: addressed_members(ADMINS, None),
    )
    for members in rungs:
        # Whether somebody is there is known in memory; whether they see it is a query each, made once.
        if there := [member for member in members() if not _current_absence(member) and sees(member)]:
            return there
    return [member for member in addressed if sees(member)]


def _cover_members(members: Sequence[Member]) -> list[Member]:
    organization = directory()
    ids = {absence.cover_id for member in members if (absence := _current_absence(member)) and absence.cover_id}
    return [
        organization.members[pk] for pk in sorted(ids) if pk in organization.members and organization.members[pk].active
    ]


def _current_absence(member: Member) -> Any:
    return assignment_setup().absence_of(member.pk, clock.now())


def _escalate(firing: Firing, chosen: Chosen) -> ActionResult:
    members = escalation_recipients(chosen["who"], firing.kind.member_id(firing.row), firing.row)
    if not members:
        raise Refused(_("There is nobody to notify."))
    key = f"{_KEY}{firing.run_id}"
    acknowledgement = acknowledgement_of(ESCALATED, key)
    if acknowledgement is not None and acknowledgement.at is not None:
        return ActionResult(skipped=True)
    data = {"rule": firing.rule_id, "text": chosen["text"]}
    notify(ESCALATED, [member.pk for member in members], key=key, about=firing.row, data=data)
    return ActionResult({"count": len(members)})


def _foresee_escalation(firing: Firing, chosen: Chosen) -> str:
    names = [
        member.name for member in escalation_recipients(chosen["who"], firing.kind.member_id(firing.row), firing.row)
    ]
    if not names:
        raise Refused(_("There is nobody to notify."))
    return _("would escalate to %(names)s") % {"names": ", ".join(names)}


def taken_up_signal(record: str) -> StopSignal:
    """Return the signal that ends a rule's wait when somebody acknowledges its request."""

    def about(event: Event) -> int | None:
        run = str(event.data.get("key", "")).removeprefix(_KEY)
        pk = read_number(run)
        if event.data.get("kind") != ESCALATED or pk is None:
            return None
        record_id: int | None = RuleRun.objects.filter(pk=pk, record=record).values_list("record_id", flat=True).first()
        return record_id

    words = gettext_lazy("someone takes it on")
    return StopSignal(name=f"{record}.taken_up", record=record, label=words, events=(TAKEN,), about=about)


KIND = NoticeKind(
    name=ESCALATED,
    permission="notices.view",
    icon="triangle-alert",
    label=gettext_lazy("A trigger escalates something to me"),
    words=notice_words,
    default=NoticeWay.AWAY,
    in_hours=True,
    needs_acknowledgement=True,
    with_stand=True,
)
ESCALATE = RuleAction(
    name="escalate",
    records=(),
    icon="triangle-alert",
    label=gettext_lazy("escalate to"),
    act=_escalate,
    words=lambda chosen: _("escalate to %(who)s") % {"who": who_words(chosen["who"])},
    options=TellOptions,
    foresee=_foresee_escalation,
)
