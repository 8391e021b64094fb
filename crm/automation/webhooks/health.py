"""Webhooks on the health page: failed calls, calls with an unknown result, and their retry."""

from collections.abc import Iterable

from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.models import WebhookCall
from crm.automation.models.webhook import webhooks
from crm.automation.models.webhook_call import LOST
from crm.automation.webhooks.permission import MANAGE
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.health.findings import HealthAct, ParkedItems, ParkedSource
from crm.web.health.replay_action import AT_ONCE, parse_id, retried_sentence
from crm.web.health.snapshot import HealthSnapshot


def parked_calls(look: HealthSnapshot) -> Iterable[ParkedItems]:
    """Return failed calls and calls with an unknown result, one line per webhook. One query on their index."""
    rows = WebhookCall.objects.filter(state__in=LOST).order_by().values("webhook_id")
    webhooks_by_id = webhooks()
    for row in rows.annotate(count=Count("pk"), oldest=Min("at"), status=Max("status")).order_by("webhook_id"):
        words = _("Webhook “%(name)s”") % {"name": webhooks_by_id[row["webhook_id"]].name}
        status = row["status"]
        if status:
            detail = _("answers %(status)s") % {"status": status}
        else:
            detail = _("does not answer")
        acts = (("webhook", str(row["webhook_id"])),)
        yield ParkedItems(row["count"], words, "webhooks:webhooks", row["oldest"], detail=detail, acts=acts)


def replay_calls(member: Member, about: str) -> int:
    """Retry the failed calls of a webhook, oldest first. Returns their number."""
    calls = list(WebhookCall.objects.filter(state__in=LOST, webhook_id=parse_id(about)).order_by("pk")[:AT_ONCE])
    for call in calls:
        call.retry(by=member)
    return len(calls)


HEALTH: list[Feature] = [
    ParkedSource("webhooks", parked_calls),
    HealthAct(
        name="webhook",
        permission=MANAGE,
        icon="rotate-cw",
        label=gettext_lazy("Replay"),
        do=replay_calls,
        told=retried_sentence,
        is_replay=True,
    ),
]
