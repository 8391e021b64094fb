"""What became of the messages of a period: counts by brand, channel and template; opens and clicks by people only."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, DateTimeField, Exists, ExpressionWrapper, OuterRef, Q, Sum, Value

from comms.models import Channel, Message
from crm.kernel import formats
from crm.platform.organization.configuration import directory

# An answer is what they wrote on the same channel within this time.
ANSWERED_WITHIN = timedelta(days=7)
_State, _Delivery = Message.State, Message.Delivery
_ARRIVED = (_Delivery.DELIVERED, _Delivery.OPENED, _Delivery.CLICKED)
COUNTS = {
    "sent": Q(state=_State.SENT),
    "delivered": Q(delivery__in=_ARRIVED),
    "opened": Q(delivery__in=(_Delivery.OPENED, _Delivery.CLICKED)),
    "clicked": Q(delivery=_Delivery.CLICKED),
    "replied": Q(was_answered=True, state=_State.SENT),
    "bounced": Q(delivery=_Delivery.BOUNCED),
    "complained": Q(delivery=_Delivery.COMPLAINED),
    "failed": Q(state__in=(_State.FAILED, _State.UNKNOWN)) | Q(delivery=_Delivery.FAILED),
    "dropped": Q(state=_State.DROPPED),
}


@dataclass(frozen=True)
class Figures:
    """A line: a channel of a brand, and how many of its messages came how far."""

    brand: str
    channel: str
    medium: str
    counts: dict[str, int]
    # What they cost, in minor units by currency.
    costs: dict[str, int] = field(default_factory=dict)

    @property
    def cost(self) -> str:
        country = directory().tenant.country
        return " + ".join(formats.money(minor, currency, country) for currency, minor in sorted(self.costs.items()))

    @property
    def shares(self) -> dict[str, str]:
        """What part of those sent was delivered, opened, clicked and answered, in percent."""
        sent = self.counts["sent"]
        told = ("delivered", "opened", "clicked", "replied")
        return {name: f"{round(100 * self.counts[name] / sent)} %" if sent else "" for name in told}


def figures(since: datetime, until: datetime) -> list[Figures]:
    """Return the lines of a period, those with failures on top."""
    ours = Message.objects.filter(direction="out", at__gte=since, at__lt=until).order_by()
    by = ("brand_id", "channel_id", "medium")
    wanted: dict[str, Any] = {name: Count("pk", filter=condition) for name, condition in COUNTS.items()}
    counted = ours.annotate(was_answered=Exists(_answers())).values(*by).annotate(**wanted)
    costs: dict[tuple[Any, ...], dict[str, int]] = defaultdict(dict)
    for *key, currency, cost in ours.exclude(cost=None).values_list(*by, "cost_currency").annotate(Sum("cost")):
        costs[tuple(key)][currency] = cost
    channels = {channel.pk: channel.address for channel in Channel.objects.all()}
    brands = directory().brands
    lines = [
        Figures(
            brand=brands[row["brand_id"]].name,
            channel=channels.get(row["channel_id"], ""),
            medium=row["medium"],
            counts={name: row[name] for name in COUNTS},
            costs=costs[tuple(row[name] for name in by)],
        )
        for row in counted
    ]
    return sorted(lines, key=lambda line: (-line.counts["failed"], -line.counts["bounced"], -line.counts["sent"]))


def _answers() -> Any:
    ends = ExpressionWrapper(OuterRef("sent_at") + Value(ANSWERED_WITHIN), output_field=DateTimeField())
    return Message.objects.filter(
        direction="in",
        address=OuterRef("address"),
        channel_id=OuterRef("channel_id"),
        automatic="",
        at__gt=OuterRef("sent_at"),
    ).filter(at__lt=ends)
