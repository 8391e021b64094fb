"""Draft the commission statements of a month on the first of the next, and notify the members who issue them."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from billing.models import CommissionStatement
from billing.models.commissions.statement import draw_up_statements
from crm.kernel import clock
from crm.kernel.days import next_month
from crm.platform.access.permissions import allows
from crm.platform.models import Due, Member
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work import due
from crm.web.notices.notify import notify

MONTHLY = "billing.commissions"
DRAFTED = "commission_statement.drafted"
HOUR = time(6)


def begin_statements() -> None:
    """Schedule a tenant's statements; one that is scheduled keeps its time."""
    if not Due.objects.filter(tenant_id=required_tenant_id(), kind=MONTHLY).exists():
        _schedule_next()


def draw_up_last_month(_ids: Sequence[int]) -> None:
    """Draft the statements of the last month, tell who issues them, and come again next month (due work)."""
    draw_up_and_tell(last_month(), by=None)
    _schedule_next()


def draw_up_and_tell(month: date, *, by: Member | None) -> list[CommissionStatement]:
    """Draft the statements of a month, and tell who issues them, unless they did it themselves."""
    statements = draw_up_statements(month, by=by)
    to = [one.pk for one in directory().members.values() if one.active and allows(one, "billing.commissions")]
    actor = by.pk if by else None
    for statement in statements:
        data = {"amount": statement.total, "currency": statement.currency}
        notify(DRAFTED, to, key=f"statement:{statement.pk}", about=statement, by=actor, data=data)
    return statements


def last_month() -> date:
    """Return the first day of the month that is over, in the tenant's zone."""
    return (_today().replace(day=1) - timedelta(days=1)).replace(day=1)


def _today() -> date:
    return clock.now().astimezone(directory().zone).date()


def _schedule_next() -> None:
    first = datetime.combine(next_month(_today()), HOUR, directory().zone)
    due.schedule(MONTHLY, required_tenant_id(), first)
