"""Automation actions on conversations: assign, set the priority, tag, set the status."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.jobs.options import MemberOptions, PriorityOptions, TagOptions
from crm.automation.person_first import refuse_if_just_set
from crm.automation.registry.actions import ActionResult, Firing, RuleAction
from crm.automation.registry.triggers import Chosen
from crm.jobs.models import Priority, Side
from crm.jobs.models.tag import tags
from crm.kernel.refusal import Refused
from crm.platform.organization.configuration import directory
from tickets.automation.options import CLOSED, OPEN, PENDING, SOLVED, StatusOptions, TeamOptions
from tickets.models import Status, Ticket

TICKET = "ticket"
CAUSE = "rule"


def _assign_to_member(firing: Firing, chosen: Chosen) -> ActionResult:
    member = directory().members[int(chosen["member"])]
    skipped = firing.row.member_id == member.pk
    if not skipped:
        refuse_if_just_set(firing, "ticket.assigned")
        firing.row.assign_to(member, by=None)
    return ActionResult({"member": member.pk}, skipped=skipped)


def _assign_to_team(firing: Firing, chosen: Chosen) -> ActionResult:
    team = directory().teams[int(chosen["team"])]
    skipped = firing.row.team_id == team.pk
    if not skipped:
        refuse_if_just_set(firing, "ticket.assigned", "ticket.team_changed")
        firing.row.give_to_team(team, by=None)
    return ActionResult({"team": team.pk}, skipped=skipped)


def _set_priority(firing: Firing, chosen: Chosen) -> ActionResult:
    ticket: Ticket = firing.row
    if ticket.priority == chosen["priority"] or (chosen["raise_only"] and ticket.priority < chosen["priority"]):
        return ActionResult({"priority": ticket.priority}, skipped=True)
    refuse_if_just_set(firing, "ticket.prioritized")
    ticket.prioritize(chosen["priority"], by=None, cause=firing.rule_name)
    return ActionResult({"priority": chosen["priority"]})


def _add_tag(firing: Firing, chosen: Chosen) -> ActionResult:
    tag = tags().all[int(chosen["tag"])]
    before = list(firing.row.tag_ids)
    firing.row.tag([tag], by=None)
    return ActionResult({"tag": tag.pk}, skipped=firing.row.tag_ids == before)


def _set_status(firing: Firing, chosen: Chosen) -> ActionResult:
    ticket: Ticket = firing.row
    wanted = chosen["status"]
    before = ticket.status
    if wanted == SOLVED:
        ticket.solve(by=None)
    elif wanted == CLOSED:
        ticket.close(by=None)
    elif wanted == OPEN and before in (Status.SOLVED, Status.CLOSED):
        ticket.reopen(by=None)
    elif not ticket.is_open:
        raise Refused(_("It is solved already."))
    else:
        ticket.turn_to(Side.CUSTOMER if wanted == PENDING else Side.US, by=None)
    return ActionResult({"status": wanted}, skipped=ticket.status == before)


def _member_name(pk: Any) -> str:
    member = directory().members.get(int(pk))
    if member:
        return member.name
    return "—"


def _team_name(pk: Any) -> str:
    team = directory().teams.get(int(pk))
    if team:
        return team.name
    return "—"


def _tag_name(pk: Any) -> str:
    tag = tags().all.get(int(pk))
    if tag:
        return tag.name
    return "—"


def _status_name(code: str) -> str:
    return dict(StatusOptions.base_fields["status"].choices)[code]  # type: ignore[attr-defined]


ACTIONS = [
    RuleAction(
        name="ticket.assign",
        records=(TICKET,),
        icon="user-plus",
        label=gettext_lazy("assign to"),
        act=_assign_to_member,
        words=lambda chosen: _("assign to %(name)s") % {"name": _member_name(chosen["member"])},
        options=MemberOptions,
        told=lambda data: _("assigned it to %(name)s") % {"name": _member_name(data["member"])},
    ),
    RuleAction(
        name="ticket.team",
        records=(TICKET,),
        icon="users",
        label=gettext_lazy("assign to team"),
        act=_assign_to_team,
        words=lambda chosen: _("assign to team %(name)s") % {"name": _team_name(chosen["team"])},
        options=TeamOptions,
        told=lambda data: _("assigned it to team %(name)s") % {"name": _team_name(data["team"])},
    ),
    RuleAction(
        name="ticket.prioritize",
        records=(TICKET,),
        icon="flag",
        label=gettext_lazy("set priority to"),
        act=_set_priority,
        words=lambda chosen: _("set the priority to %(priority)s") % {"priority": Priority(chosen["priority"]).label},
        options=PriorityOptions,
        told=lambda data: _("set the priority to %(priority)s") % {"priority": Priority(data["priority"]).label},
    ),
    RuleAction(
        name="ticket.tag",
        records=(TICKET,),
        icon="tag",
        label=gettext_lazy("add tag"),
        act=_add_tag,
        words=lambda chosen: _("add tag %(name)s") % {"name": _tag_name(chosen["tag"])},
        options=TagOptions,
    ),
    RuleAction(
        name="ticket.stand",
        records=(TICKET,),
        icon="arrow-right-left",
        label=gettext_lazy("set status to"),
        act=_set_status,
        words=lambda chosen: _("set status to %(status)s") % {"status": _status_name(chosen["status"])},
        options=StatusOptions,
    ),
]
