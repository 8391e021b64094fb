"""Send a template from a rule, on the first of its channels that the gate allows.

The gate is asked here only to choose the channel; it decides again when the message leaves, and what it says then is
noted on the run (comms/automation/outcome.py).
"""

from typing import Any

from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from comms.automation.attempts import best_attempt, rule_recipient
from comms.automation.departures import departures
from comms.automation.options import FAVOURITE, SendOptions, template_name
from comms.gate.verdict import Outcome
from comms.models import Medium, Message
from crm.automation.registry.actions import ActionResult, Firing, RuleAction
from crm.automation.registry.triggers import Chosen
from crm.kernel import clock
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader

NAME = "message.send"


def _queue_message(firing: Firing, chosen: Chosen) -> ActionResult:
    if sent := Message.objects.filter(origin=firing.key).first():
        return ActionResult({"medium": sent.medium}, skipped=True)
    with override(directory().tenant.language):
        to = rule_recipient(firing, chosen)
        attempt = best_attempt(to, chosen)
        if attempt.verdict.may_send:
            reason = ""
        else:
            reason = attempt.verdict.words[:200]
    point = attempt.way.points[0]
    Message.queue(
        channel=attempt.way.channel,
        address=point.value,
        contact_point=point,
        person=to.person,
        job=to.job,
        useful_until=to.useful_until,
        origin=firing.key,
        **attempt.composed.fields,
    )
    return ActionResult({"medium": str(attempt.way.medium), "gate": str(attempt.verdict.outcome), "reason": reason})


def _step_text(chosen: Chosen) -> str:
    names = {"template": template_name(chosen["template"]), "channels": _channel_names(chosen)}
    return _("send “%(template)s” by %(channels)s") % names


def _channel_names(chosen: Chosen) -> str:
    labels = {FAVOURITE: _("the customer’s last channel")} | {each.value: str(each.label) for each in Medium}
    media = [labels[each] for each in (chosen["first"], chosen["second"], chosen["third"]) if each]
    return _(", else ").join(dict.fromkeys(media))


# What became of the message, by what was last heard of it.
_TOLD = {
    "queued": gettext_lazy("%(medium)s: written"),
    "sent": gettext_lazy("%(medium)s: sent"),
    "held": gettext_lazy("%(medium)s: waits"),
    "dropped": gettext_lazy("%(medium)s: not sent"),
    "failed": gettext_lazy("%(medium)s: failed"),
    "bounced": gettext_lazy("%(medium)s: bounced"),
    "unknown": gettext_lazy("%(medium)s: unclear whether it was sent"),
    "cancelled": gettext_lazy("%(medium)s: undone"),
}


def _log_text(data: dict[str, Any]) -> str:
    state = data.get("state") or ("held" if data.get("reason") else "queued")
    words = str(_TOLD[state]) % {"medium": Medium(data["medium"]).label}
    if data.get("reason"):
        return f"{words}: {data['reason']}"
    return words


def _foresee_message(firing: Firing, chosen: Chosen) -> str:
    attempt = best_attempt(rule_recipient(firing, chosen), chosen)
    names = {"medium": attempt.way.medium.label, "template": template_name(chosen["template"])}
    if attempt.verdict.may_send:
        return _("would send “%(template)s” by %(medium)s at once") % names
    if attempt.verdict.outcome == Outcome.DEFER and attempt.verdict.until:
        reader = Reader(clock.now(), directory().zone, directory().tenant.country, get_language() or "en")
        names["at"] = reader.near(attempt.verdict.until)
        return _("would send “%(template)s” by %(medium)s, %(at)s") % names
    names["why"] = attempt.verdict.words
    return _("would need a member (%(medium)s): %(why)s") % names


SEND = RuleAction(
    name=NAME,
    records=(),
    icon="send",
    label=gettext_lazy("send"),
    act=_queue_message,
    words=_step_text,
    options=SendOptions,
    writes_to_customer=True,
    departures=departures,
    told=_log_text,
    foresee=_foresee_message,
)
