"""Describe a macro's effects in words: "sends the text, solves it, tags it “Storm”"."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comms.composer.presets import MessagePreset
from crm.jobs.models import Priority
from crm.jobs.models.tag import tags
from crm.jobs.next_step.kinds import step_name
from crm.platform.organization.configuration import directory
from tickets.macros.setup import macros_for
from tickets.models import Macro, Status, Ticket
from tickets.models.macro import Unit


def macro_effects(macro: Macro) -> str:
    """Return all effects, the text first."""
    parts = [_("sends the text") if macro.text else "", *_change_words(macro), _follow_up(macro)]
    return ", ".join(filter(None, parts))


def _change_words(macro: Macro) -> list[str]:
    organization = directory()
    tagged = ", ".join(f"“{tag.name}”" for tag in tags().of(macro.tag_ids) if tag.is_live)
    team = None
    if macro.team_id:
        team = organization.teams.get(macro.team_id)
    member = None
    if macro.member_id:
        member = organization.members.get(macro.member_id)
    return [
        {
            Status.SOLVED: _("solves it"),
            Status.OPEN: _("keeps it waiting on us"),
            Status.PENDING: _("sets it to waiting on the customer"),
        }.get(Status(macro.status), "")
        if macro.status
        else "",
        _("tags it %(tags)s") % {"tags": tagged} if tagged else "",
        _("priority %(priority)s") % {"priority": Priority(macro.priority).label} if macro.priority else "",
        _("assigns it to you") if macro.to_user else "",
        _("assigns it to %(name)s") % {"name": member.name} if member else "",
        _("gives it to the team %(name)s") % {"name": team.name} if team else "",
    ]


def _follow_up(macro: Macro) -> str:
    if not macro.follow_up_kind or macro.follow_up_after is None:
        return ""
    count = macro.follow_up_after
    values = {"kind": step_name(macro.follow_up_kind), "title": macro.follow_up_title, "count": count}
    if macro.follow_up_unit == Unit.HOURS:
        words = ngettext(
            "follow-up in %(count)s working hour: %(kind)s “%(title)s”",
            "follow-up in %(count)s working hours: %(kind)s “%(title)s”",
            count,
        )
    else:
        words = ngettext(
            "follow-up in %(count)s working day: %(kind)s “%(title)s”",
            "follow-up in %(count)s working days: %(kind)s “%(title)s”",
            count,
        )
    return words % values


def reply_presets(ticket: Ticket, slug: str) -> tuple[MessagePreset, ...]:
    """Return the macros in use for a ticket; one without a text is applied at once."""
    url = reverse("tickets:macro", args=[slug, ticket.number])
    return tuple(
        MessagePreset(str(one.uid), one.name, macro_effects(one), one.text, "" if one.text else url)
        for one in macros_for(ticket)
    )
