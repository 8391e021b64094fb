"""The action that calls a webhook. It queues a call, which the worker in `calls.py` makes after the commit."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.models import WebhookCall
from crm.automation.models.webhook import webhooks
from crm.automation.registry.actions import ActionResult, Firing, RuleAction
from crm.automation.registry.options import Options
from crm.automation.registry.triggers import Chosen
from crm.kernel import clock


class WebhookOptions(Options):
    """Options: which webhook."""

    asked: ClassVar = ("webhook",)

    webhook = forms.ChoiceField(
        label="",
        error_messages={
            "required": gettext_lazy("Choose a webhook; add one in Settings, “Webhooks”."),
            "invalid_choice": gettext_lazy("Its webhook no longer exists."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        live = [(str(row.pk), row.name) for row in webhooks().values() if row.archived_at is None]
        self.fields["webhook"].choices = live  # type: ignore[attr-defined]


def call_payload(firing: Firing) -> dict[str, Any]:
    """Return the payload of a call: ids and plain data, no names."""
    return {
        "type": "rule.fired",
        "at": clock.now().isoformat(timespec="seconds"),
        "rule": {"id": firing.rule_id, "name": firing.rule_name},
        "run": firing.run_id,
        "event": firing.event_id,
        "record": {"kind": firing.kind.key} | firing.kind.facts(firing.row),
    }


def _queue_call(firing: Firing, chosen: Chosen) -> ActionResult:
    webhook = webhooks()[int(chosen["webhook"])]
    if WebhookCall.objects.filter(origin=firing.key).exists():
        return ActionResult({"webhook": webhook.pk}, skipped=True)
    WebhookCall.queue(webhook, call_payload(firing), origin=firing.key)
    return ActionResult({"webhook": webhook.pk})


def _webhook_name(pk: Any) -> str:
    webhook = webhooks().get(int(pk))
    if webhook:
        return webhook.name
    return "—"


ACTION = RuleAction(
    name="webhook.call",
    records=(),
    icon="webhook",
    label=gettext_lazy("call the webhook"),
    act=_queue_call,
    words=lambda chosen: _("call the webhook “%(name)s”") % {"name": _webhook_name(chosen["webhook"])},
    options=WebhookOptions,
    told=lambda data: _("called the webhook “%(name)s”") % {"name": _webhook_name(data["webhook"])},
    foresee=lambda firing, chosen: _("would call the webhook “%(name)s”") % {"name": _webhook_name(chosen["webhook"])},
)
