"""What calls cost: the month so far, and a reservation before each call, so that the limit holds for calls at once."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from babel.numbers import get_currency_precision
from django.db import transaction
from django.db.models import Count, Sum

from assistant.models import AssistantCall, AssistantSetup
from assistant.models.assistant_setup import MILLION
from assistant.notices import warn_of_spend
from assistant.providers.port import ModelPrompt
from crm.kernel import clock
from crm.platform.organization.configuration import directory

# Admins are told when a month has cost so much of its limit.
WARN_PERCENT = 80
# Bytes a token has at least, for an estimate from above.
_BYTES = 3


def currency() -> str:
    """Return the currency of the organization, in which calls are counted."""
    return directory().tenant.currency


def micros(minor: int) -> int:
    """Return minor units of the organization's currency in its millionths."""
    return minor * MILLION // 10 ** get_currency_precision(currency())


def minor_units(cost: int) -> int:
    """Return millionths of the organization's currency in minor units, rounded up."""
    return -(-cost * 10 ** get_currency_precision(currency()) // MILLION)


def month_start(now: datetime) -> datetime:
    """Return the beginning of the present month in the organization's time zone."""
    zone = directory().zone
    first = now.astimezone(zone).date().replace(day=1)
    return datetime.combine(first, time(), zone)


def spent_this_month(now: datetime) -> int:
    """Return what calls of this month cost, in millionths; with what those being made may cost."""
    return int(AssistantCall.objects.spent_since(month_start(now)))


def spend_by_helper(now: datetime) -> Mapping[str, tuple[int, int]]:
    """Return the cost of this month in millionths and the number of calls, by helper."""
    rows = AssistantCall.objects.filter(created_at__gte=month_start(now)).exclude(provider="").order_by()
    return {row["helper"]: (row["cost"], row["count"]) for row in _sums(rows)}


def _sums(rows: Any) -> list[dict[str, Any]]:
    return list(rows.values("helper").annotate(cost=Sum("cost"), count=Count("pk")))


def estimate_tokens(text: str) -> int:
    """Return how many tokens a text has at most."""
    return len(text.encode()) // _BYTES + 1


@transaction.atomic
def reserve(call: AssistantCall, setup: AssistantSetup, prompt: ModelPrompt) -> bool:
    """Set aside what a call may cost at most, without saving the call. False if that exceeds the month's limit.

    The row of the setup is locked, so that two calls cannot take the same remainder.
    """
    AssistantSetup.objects.select_for_update().get(pk=setup.pk)
    most = setup.cost(estimate_tokens(prompt.system + prompt.user), prompt.longest)
    if spent_this_month(clock.now()) + most > micros(setup.spend_limit):
        return False
    call.reserved = most
    return True


def warn_near_limit(setup: AssistantSetup) -> None:
    """Notify the admins once a month when most of the limit is spent. Idempotent."""
    now = clock.now()
    limit = micros(setup.spend_limit)
    if spent_this_month(now) * 100 >= limit * WARN_PERCENT:
        warn_of_spend(month_start(now).date(), setup.spend_limit, currency())
