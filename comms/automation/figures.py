"""What became of the messages of triggers, for the head of their page."""

from datetime import datetime

from django.utils.translation import ngettext

from comms.automation.outcome import ORIGIN
from comms.models import Message
from crm.automation.registry.figures import HeadFigure
from crm.web.lists.counts import capped_counts


def _said(since: datetime) -> list[str]:
    mine = Message.objects.filter(direction="out", at__gte=since, origin__startswith=ORIGIN)
    counts = capped_counts(
        {"sent": mine.filter(state=Message.State.SENT), "held": mine.filter(state=Message.State.HELD)}
    )
    sent, held = counts["sent"], counts["held"]
    words = [ngettext("%(count)s message sent", "%(count)s messages sent", _number(sent)) % {"count": sent}]
    if held != "0":
        words.append(ngettext("%(count)s held", "%(count)s held", _number(held)) % {"count": held})
    return words


def _number(count: str) -> int:
    return int(count.removesuffix("+"))


FIGURE = HeadFigure(10, "messages", _said)
