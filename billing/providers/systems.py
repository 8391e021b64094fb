"""Payment providers as rows of *Settings, Connections*."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Case, Count, Max, Value, When
from django.db.models.functions import TruncHour
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.models.online import EventState, ProviderAccount, ProviderEvent
from crm.integrations.systems import HOURS, SystemRow, SystemSource, hour_states


def payment_systems(slug: str, now: datetime) -> Iterable[SystemRow]:
    """Return the connected accounts, with the webhooks that came in the last 24 hours. Three queries."""
    accounts = list(ProviderAccount.objects.filter(disconnected_at=None).select_related("brand").order_by("pk"))
    if not accounts:
        return
    bad = Case(When(state=EventState.PARKED, then=Value(True)), default=Value(False))
    since = now - timedelta(hours=HOURS)
    rows = ProviderEvent.objects.filter(received_at__gt=since, received_at__lte=now).order_by()
    rows = rows.annotate(hour=TruncHour("received_at"), bad=bad).values("account_id", "hour", "bad")
    hours = defaultdict[int, list[tuple[datetime, bool]]](list)
    last: dict[int, datetime] = {}
    for row in rows.annotate(last=Max("received_at")):
        pk = row["account_id"]
        hours[pk].append((row["hour"], row["bad"]))
        last[pk] = max(row["last"], last.get(pk, row["last"]))
    parked = ProviderEvent.objects.filter(state=EventState.PARKED).order_by().values_list("account_id")
    counts = dict(parked.annotate(count=Count("pk")))
    for account in accounts:
        waiting = counts.get(account.pk, 0)
        mark = "ok"
        state = _("works")
        if account.problem:
            mark = "crit"
            state = _("refused")
        elif waiting:
            mark = "soon"
            state = _("to look at")
        waits = ""
        if waiting:
            waits = ngettext("%(count)s could not be read", "%(count)s could not be read", waiting) % {"count": waiting}
        yield SystemRow(
            name=account.label,
            note=_("Online payments, %(brand)s") % {"brand": account.brand.name},
            icon="credit-card",
            way="in",
            mark=mark,
            state=state,
            url=reverse("payment_accounts:accounts", args=[slug]),
            at=last.get(account.pk),
            hours=hour_states(hours[account.pk], now),
            waits=waits,
        )


SYSTEM = SystemSource(
    name="payments", group="money", permission="billing.connect", icon="credit-card", read=payment_systems
)
