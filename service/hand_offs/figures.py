"""Hand-offs of a seller in the last 90 days: accepted at once, reasons for returns, and waiting time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from crm.platform.models import Event, Member
from service.models import HandOff, HandOffState, ReturnReason

DAYS = 90


@dataclass(frozen=True)
class SellerFigures:
    """Counts of a seller's hand-offs. `wait`: typical seconds from sale to acceptance, or None."""

    accepted: int
    at_once: int
    sent_back: int
    reasons: tuple[str, ...]
    wait: int | None


def figures_of(seller: Member, now: datetime) -> SellerFigures:
    """Count the hand-offs a seller opened in the last 90 days. Two queries."""
    rows = list(
        HandOff.objects.filter(seller=seller, opened_at__gte=now - timedelta(days=DAYS)).values_list(
            "state", "returned", "opened_at", "answered_at", "return_reason"
        )
    )
    returned = Event.objects.filter(
        kind="handoff.returned",
        subject_kind=HandOff._meta.label_lower,
        subject_id__in=HandOff.objects.filter(seller=seller).values("pk"),
        at__gte=now - timedelta(days=DAYS),
    )
    return count(rows, [data.get("reason", "") for data in returned.values_list("data", flat=True)])


def count(rows: Sequence[tuple[str, int, datetime, datetime | None, str]], reasons: Sequence[str]) -> SellerFigures:
    """Count hand-offs, each as state, times returned, opening and answer."""
    accepted = [(back, opened, at) for state, back, opened, at, _why in rows if state == HandOffState.ACCEPTED and at]
    waits = [(at - opened).total_seconds() for _back, opened, at in accepted]
    reason_labels = [
        str(ReturnReason(why).label) for why, _many in Counter(reasons).most_common() if why in ReturnReason.values
    ]
    return SellerFigures(
        accepted=len(accepted),
        at_once=sum(back == 0 for back, _opened, _at in accepted),
        sent_back=sum(back > 0 for _state, back, *_rest in rows),
        reasons=tuple(reason_labels),
        wait=int(median(waits)) if waits else None,
    )
