"""By which ways notices reached a member lately, and what waits or did not arrive."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comms.models import Message
from comms.outbox.rows import rows as outbox_rows
from crm.kernel import durations
from crm.platform.models import Member
from crm.web.models import Notice, PushDelivery
from crm.web.notices.delivery.texts import SMS, confirmed_number, text_key
from crm.web.reader import Reader

# What the page shows.
LATELY = timedelta(days=7)
MOST = 200
_State = Message.State
# Handed to nobody yet, or being handed over.
IN_HAND = (*Message.WAITING, _State.SENDING)
_CSS = {_State.SENT: "ok", **dict.fromkeys(IN_HAND, "soon")}


@dataclass(frozen=True)
class WayLine:
    """Result of messages by one way: the `css` of its mark, and sentences."""

    css: str
    words: str
    detail: str = ""


def push_line(row: PushDelivery, reader: Reader) -> WayLine:
    device = row.device or _("A browser")
    if row.problem:
        words = _("%(device)s: not delivered") % {"device": device}
        return WayLine("late", words, problem_words(row))
    words = _("%(device)s: handed over at %(time)s") % {"device": device, "time": reader.time(row.at)}
    return WayLine("ok", words, _("If nothing shows, look at the settings of the browser and of the device."))


def problem_words(row: PushDelivery) -> str:
    return _("Its push service did not take it (%(why)s).") % {"why": row.problem}


def text_line(message: Message, reader: Reader) -> WayLine:
    row = next(outbox_rows([message], reader))
    detail = row.reason
    if message.state in IN_HAND:
        detail = row.when
    return WayLine(_CSS.get(message.state, "late"), f"{row.medium}: {row.state}", detail)


def way_lines(member: Member, reader: Reader) -> list[WayLine]:
    """Say by which ways notices reached a member in the last days, and what waits or did not arrive."""
    return [*_push_lines(member, reader.now), *_text_lines(member, reader), *_waiting_lines(member, reader)]


def _push_lines(member: Member, now: datetime) -> Iterator[WayLine]:
    rows = list(PushDelivery.objects.of(member).filter(at__gt=now - LATELY).order_by("-at", "-pk"))
    taken = [row for row in rows if not row.problem]
    lost = [row for row in rows if row.problem]
    if taken:
        usual = _duration_words(median(row.waited.total_seconds() for row in taken))
        yield WayLine("ok", _("by push"), _count_words(len(taken), _("half of them within %(time)s") % {"time": usual}))
    if lost:
        yield WayLine("late", _("push not delivered"), _count_words(len(lost), problem_words(lost[0])))


def _text_lines(member: Member, reader: Reader) -> Iterator[WayLine]:
    number = confirmed_number(member)
    if not number:
        return
    texts = Message.objects.filter(address=number, at__gt=reader.now - LATELY, origin__startswith=text_key(SMS))
    rows = list(texts.select_related("person").prefetch_related("person__contact_points").order_by("-at", "-pk")[:MOST])
    sent = [row for row in rows if row.state == _State.SENT]
    waiting = [row for row in rows if row.state in IN_HAND]
    lost = [row for row in rows if row not in sent and row not in waiting]
    if sent:
        yield WayLine("ok", _("by text message"), _count_words(len(sent)))
    if waiting:
        yield WayLine("soon", _("text message waits"), _count_words(len(waiting), text_line(waiting[0], reader).detail))
    if lost:
        yield WayLine("late", _("text message not sent"), _count_words(len(lost), text_line(lost[0], reader).detail))


def _waiting_lines(member: Member, reader: Reader) -> Iterator[WayLine]:
    rows = Notice.objects.to(member).filter(mail_at__gt=reader.now).order_by("mail_at", "pk")
    first = rows.values_list("mail_at", flat=True).first()
    if first:
        when = _("the next at %(when)s") % {"when": reader.near(first)}
        yield WayLine("hold", _("kept until it is time"), _count_words(rows.count(), when))


def _count_words(count: int, more: str = "") -> str:
    words = ngettext("%(n)s time", "%(n)s times", count) % {"n": count}
    if more:
        return f"{words}, {more}"
    return words


def _duration_words(seconds: float) -> str:
    if seconds < 60:
        return _("%(seconds)s s") % {"seconds": max(1, round(seconds))}
    return durations.short_duration(seconds)
