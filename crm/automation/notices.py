"""The action "tell": its notice kind, options and recipients."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.models import Rule
from crm.automation.registry.actions import ActionResult, Firing, RuleAction
from crm.automation.registry.options import Options
from crm.automation.registry.triggers import Chosen
from crm.kernel.refusal import Refused
from crm.platform.models import Event, Member, Role
from crm.platform.organization.configuration import directory
from crm.web.models import NoticeWay
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import NoticeDraft, notify, notify_all

TOLD = "rule.told"
PAUSED = "rule.paused"
OWNER = "owner"
MANAGERS = "managers"
ADMINS = "admins"


def recipient_choices() -> list[tuple[str, Any]]:
    """Return the choices of recipients: the owner, the members of a role or a team, or one colleague."""
    organization = directory()
    teams = [(f"team:{team.pk}", team.name) for team in organization.teams.values() if team.archived_at is None]
    members = [(f"member:{row.pk}", row.name) for row in organization.members.values() if row.active]
    first = [(OWNER, _("the owner")), (MANAGERS, _("the managers")), (ADMINS, _("the admins"))]
    return [*first, *([(_("Teams"), teams)] if teams else []), (_("Colleagues"), members)]


class TellOptions(Options):
    """Options of a notice: its recipients and a short message."""

    who = forms.ChoiceField(
        label="",
        error_messages={
            "required": gettext_lazy("Choose who is notified."),
            "invalid_choice": gettext_lazy("Whoever it notifies no longer exists."),
        },
    )
    text = forms.CharField(label=gettext_lazy("message"), required=False, max_length=160)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = recipient_choices()  # type: ignore[attr-defined]


def addressed_members(who: str, owner_id: int | None) -> list[Member]:
    """Return the active members addressed. A record without an active owner addresses the managers instead."""
    organization = directory()
    if who == OWNER:
        owner = organization.members.get(owner_id or 0)
        if owner and owner.active:
            return [owner]
        return addressed_members(MANAGERS, None)
    if who in (MANAGERS, ADMINS):
        if who == MANAGERS:
            role = Role.MANAGER
        else:
            role = Role.ADMIN
        return [row for row in organization.members.values() if row.active and row.role == role]
    kind, _colon, pk = who.partition(":")
    if kind == "team":
        return [row for row in organization.members_of(organization.teams[int(pk)]) if row.active]
    return [row for row in organization.members.values() if row.pk == int(pk) and row.active]


def _send_notice(firing: Firing, chosen: Chosen) -> ActionResult:
    return _send_notices([firing], chosen)[0]


def _send_notices(firings: Sequence[Firing], chosen: Chosen) -> list[ActionResult]:
    members = [addressed_members(chosen["who"], firing.kind.member_id(firing.row)) for firing in firings]
    if not all(members):
        raise Refused(_("There is nobody to notify."))
    drafts = [
        NoticeDraft(
            [member.pk for member in those],
            firing.key,
            firing.row,
            data={"rule": firing.rule_id, "text": chosen["text"]},
        )
        for firing, those in zip(firings, members, strict=True)
    ]
    notify_all(TOLD, drafts)
    return [ActionResult({"count": len(those)}) for those in members]


def _action_words(chosen: Chosen) -> str:
    return _("notify %(who)s") % {"who": who_words(chosen["who"])}


def who_words(who: str) -> str:
    """Return the label of the recipients."""
    flat = dict[str, str]()
    for value, label in recipient_choices():
        flat |= {value: label} if isinstance(label, str) else dict(label)
    return flat.get(who, "—")


def _foresee_notice(firing: Firing, chosen: Chosen) -> str:
    names = [member.name for member in addressed_members(chosen["who"], firing.kind.member_id(firing.row))]
    if not names:
        raise Refused(_("There is nobody to notify."))
    return _("would notify %(names)s") % {"names": ", ".join(names)}


def notice_words(data: dict[str, Any]) -> str:
    """Return the message of a notice from a rule, or the rule's name."""
    if text := data.get("text"):
        return str(text)
    rule = Rule.objects.filter(pk=data.get("rule")).first()
    if rule:
        return _("“%(rule)s”") % {"rule": rule.name}
    return _("A trigger sends a notice")


def notify_paused(events: Sequence[Event]) -> None:
    """Notify the admins of rules that were paused, with the reason: they failed, or started one another in a loop."""
    rules = Rule.objects.in_bulk([event.subject_id for event in events])
    admins = [member.pk for member in addressed_members(ADMINS, None)]
    for event in events:
        if rule := rules.get(event.subject_id):
            notify(PAUSED, admins, key=f"rule.paused:{event.pk}", about=rule, data={"rule": rule.pk})


def paused_words(data: dict[str, Any]) -> str:
    """Return the name of a paused rule and why it is paused."""
    rule = Rule.objects.filter(pk=data.get("rule")).first()
    if rule:
        return f"{rule.name}: {rule.pause_reason}"
    return _("A trigger is paused")


PAUSED_KIND = NoticeKind(
    name=PAUSED,
    permission="automation.manage",
    icon="pause",
    label=gettext_lazy("A trigger is paused"),
    words=paused_words,
    default=NoticeWay.APP,
)
KIND = NoticeKind(
    name=TOLD,
    permission="notices.view",
    icon="zap",
    label=gettext_lazy("A trigger notifies me"),
    words=notice_words,
    default=NoticeWay.APP,
)
TELL = RuleAction(
    name="tell",
    records=(),
    icon="bell",
    label=gettext_lazy("notify"),
    act=_send_notice,
    words=_action_words,
    options=TellOptions,
    act_all=_send_notices,
    foresee=_foresee_notice,
)
