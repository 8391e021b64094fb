"""Message figures of a period: counts by channel, template or version; opens and clicks by persons only.

A count and the list it opens ask the same condition (`condition`), of the messages the member may see.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.channels.directory import all_channels
from comms.library.catalogue import catalogue
from comms.models import Medium, Message, Suppression
from crm.kernel import formats
from crm.platform.organization.configuration import directory
from crm.web.design.look import language_name

# An answer is what they wrote on the same channel within this time.
ANSWERED_WITHIN = timedelta(days=7)
_State = Message.State
_Delivery = Message.Delivery
_ARRIVED = (_Delivery.DELIVERED, _Delivery.OPENED, _Delivery.CLICKED)
# In the order of the columns.
RESULTS = {
    "sent": gettext_lazy("Sent"),
    "delivered": gettext_lazy("Delivered"),
    "opened": gettext_lazy("Opened (estimate)"),
    "clicked": gettext_lazy("Clicked"),
    "replied": gettext_lazy("Replied"),
    "opted_out": gettext_lazy("Opted out"),
    "bounced": gettext_lazy("Bounced"),
    "complained": gettext_lazy("Reported as spam"),
    "failed": gettext_lazy("Failed"),
    "dropped": gettext_lazy("Not sent, because of a rule"),
}
# Told as a part of those sent, too.
SHARES = ("delivered", "opened", "clicked", "replied", "opted_out")
# What a line is of.
BY = {
    "channel": ("brand_id", "channel_id", "medium"),
    "template": ("medium", "template_version__template_id"),
    "version": (
        "medium",
        "template_version__template_id",
        "template_version__language",
        "template_version__number",
    ),
}
_BOOLEAN = BooleanField()
Key = tuple[Any, ...]


def condition(result: str) -> Q:
    """Return the condition of a result in RESULTS."""
    plain = {
        "sent": Q(state=_State.SENT),
        "delivered": Q(delivery__in=_ARRIVED),
        "opened": Q(delivery__in=(_Delivery.OPENED, _Delivery.CLICKED)),
        "clicked": Q(delivery=_Delivery.CLICKED),
        "bounced": Q(delivery=_Delivery.BOUNCED),
        "complained": Q(delivery=_Delivery.COMPLAINED),
        "failed": Q(state__in=(_State.FAILED, _State.UNKNOWN)) | Q(delivery=_Delivery.FAILED),
        "dropped": Q(state=_State.DROPPED),
    }
    if result == "replied":
        return Q(_has_answer(), state=_State.SENT)
    if result == "opted_out":
        return Q(Exists(Suppression.objects.filter(after_message=OuterRef("pk")).order_by()))
    return plain[result]


@dataclass(frozen=True)
class MessageFigures:
    """A line of figures: its subject and the count of messages per state."""

    name: str
    about: str
    # What its lists are filtered by (comms/outbox/outbox_list.py).
    filters: dict[str, str]
    counts: dict[str, int]
    # What they cost, in minor units by currency.
    costs: dict[str, int] = field(default_factory=dict)

    @property
    def cost(self) -> str:
        country = directory().tenant.country
        return " + ".join(formats.money(minor, currency, country) for currency, minor in sorted(self.costs.items()))

    @property
    def shares(self) -> dict[str, str]:
        """The share of sent messages per state, in percent."""
        sent = self.counts["sent"]
        return {name: formats.whole_percent(100 * self.counts[name] / sent) if sent else "" for name in SHARES}


def figures(messages: "QuerySet[Message]", since: datetime, by: str = "channel") -> list[MessageFigures]:
    """Return the lines of outgoing messages since an instant, those with failures first."""
    ours = messages.filter(direction="out", at__gte=since).order_by()
    if by != "channel":
        ours = ours.filter(template_version__isnull=False)
    names = BY[by]
    marks = {f"is_{result}": condition(result) for result in ("replied", "opted_out")}
    wanted: dict[str, Any] = {
        result: Count("pk", filter=Q(**{f"is_{result}": True}) if f"is_{result}" in marks else condition(result))
        for result in RESULTS
    }
    marked = ours.annotate(**{name: ExpressionWrapper(mark, output_field=_BOOLEAN) for name, mark in marks.items()})
    costs = _costs_by_key(ours, names)
    lines = []
    for row in marked.values(*names).annotate(**wanted):
        key = tuple(row[name] for name in names)
        if by == "channel":
            key_label = _said_by_channel(*key)
        else:
            key_label = _said_by_template(*key)
        lines.append(MessageFigures(*key_label, {name: row[name] for name in RESULTS}, costs[key]))
    return sorted(lines, key=lambda line: (-line.counts["failed"], -line.counts["bounced"], -line.counts["sent"]))


def _costs_by_key(ours: "QuerySet[Message]", names: Iterable[str]) -> dict[Key, dict[str, int]]:
    costs: dict[Key, dict[str, int]] = defaultdict(dict)
    for *key, currency, cost in ours.exclude(cost=None).values_list(*names, "cost_currency").annotate(Sum("cost")):
        costs[tuple(key)][currency] = cost
    return costs


def _said_by_channel(brand_id: int, channel_id: int | None, medium: str) -> tuple[str, str, dict[str, str]]:
    channel = all_channels().get(channel_id or 0)
    filters = {"medium": medium} | ({"channel": str(channel.uid)} if channel else {})
    name = str(Medium(medium).label)
    brand = directory().brands[brand_id].name
    if channel:
        return (channel.address, f"{name} · {brand}", filters)
    return (name, brand, filters)


def _said_by_template(
    medium: str, template_id: int, language: str = "", number: int = 0
) -> tuple[str, str, dict[str, str]]:
    template = catalogue().templates[template_id]
    filters = {"medium": medium, "template": str(template.uid)}
    about = str(Medium(medium).label)
    if number:
        about = _("%(medium)s, %(language)s, version %(number)s") % {
            "medium": about,
            "language": language_name(language),
            "number": number,
        }
        filters |= {"language": language, "version": str(number)}
    return template.name, about, filters


def _has_answer() -> Exists:
    ends = ExpressionWrapper(OuterRef("sent_at") + Value(ANSWERED_WITHIN), output_field=DateTimeField())
    theirs = Message.objects.answers().filter(
        address=OuterRef("address"), channel_id=OuterRef("channel_id"), at__gt=OuterRef("sent_at")
    )
    return Exists(theirs.filter(at__lt=ends).order_by())
