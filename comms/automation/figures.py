"""Counts of messages that triggers sent: of all triggers, and of one."""

from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comms.automation.outcome import ORIGIN
from comms.models import Message
from crm.automation.models import RuleRun
from crm.automation.registry.figures import HeadFigure, RuleFigure
from crm.kernel import formats
from crm.web.lists.counts import capped_counts

# Who writes within so long has answered; and runs of a trigger that are looked at, the newest.
ANSWERED = timedelta(days=7)
MOST = 2_000


def _message_counts(since: datetime) -> list[str]:
    mine = Message.objects.filter(direction="out", at__gte=since, origin__startswith=ORIGIN)
    counts = capped_counts(
        {"sent": mine.filter(state=Message.State.SENT), "held": mine.filter(state=Message.State.HELD)}
    )
    sent = counts["sent"]
    held_count = counts["held"]
    words = [ngettext("%(count)s message sent", "%(count)s messages sent", _plain_number(sent)) % {"count": sent}]
    if held_count != "0":
        words.append(ngettext("%(count)s held", "%(count)s held", _plain_number(held_count)) % {"count": held_count})
    return words


def _plain_number(count: str) -> int:
    return int(count.removesuffix("+"))


FIGURE = HeadFigure("messages", _message_counts)


def _of_rule(rule_id: int, since: datetime) -> list[str]:
    """Return how many messages of a trigger were answered within a week, and how many were not delivered."""
    newest = RuleRun.objects.that_fired().filter(rule=rule_id, at__gt=since).order_by("-pk")
    runs = newest.values_list("pk", "log")[:MOST]
    origins = [f"{ORIGIN}{pk}:{entry['step']}" for pk, log in runs for entry in log if "medium" in entry["data"]]
    if not origins:
        return []
    replies = Message.objects.answers().filter(
        person=OuterRef("person"), at__gt=OuterRef("at"), at__lt=OuterRef("at") + ANSWERED
    )
    counts = Message.objects.filter(direction="out", origin__in=origins).aggregate(
        sent=Count("pk", filter=Q(state=Message.State.SENT)),
        answered=Count("pk", filter=Q(Exists(replies), state=Message.State.SENT)),
        failed=Count("pk", filter=Q(state=Message.State.FAILED)),
    )
    if not counts["sent"] + counts["failed"]:
        return []
    share = 0
    if counts["sent"]:
        share = round(100 * counts["answered"] / counts["sent"])
    words = [ngettext("%(count)s message sent", "%(count)s messages sent", counts["sent"]) % {"count": counts["sent"]}]
    text = ""
    if counts["sent"]:
        text = _("%(count)s answered within 7 days (%(share)s)")
    words += [text % {"count": counts["answered"], "share": formats.whole_percent(share)}] if text else []
    if counts["failed"]:
        words.append(ngettext("%(count)s failed", "%(count)s failed", counts["failed"]) % {"count": counts["failed"]})
    return words


OF_RULE = RuleFigure("messages", _of_rule)
