"""Refunds of a job that wait: for a second person, or to be paid back."""

from typing import NamedTuple

from babel.numbers import get_currency_precision
from django.utils.translation import gettext as _

from billing.models import Refund, may_approve
from billing.models.refund import RefundState, paying_account
from crm.jobs.models import Job
from crm.kernel import formats
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.reader import Reader
from service.models.approval_limit import limits


class RefundCard(NamedTuple):
    """A refund that waits, with what the reader may do about it."""

    refund: Refund
    amount: str
    how: str
    asked: str
    limit: str
    may_decide: bool
    may_pay: bool


def waiting_refunds(job: Job, member: Member, reader: Reader) -> list[RefundCard]:
    """Return the refunds of a job that wait for somebody, the oldest first."""
    rows = Refund.objects.filter(job=job, state__in=(RefundState.REQUESTED, RefundState.TO_PAY))
    rows = rows.filter(payment__reversed_at=None).select_related("requested_by", "decided_by", "invoice", "payment")
    return [_build_card(row, member, reader) for row in rows.order_by("requested_at", "pk")]


def _build_card(row: Refund, member: Member, reader: Reader) -> RefundCard:
    is_automatic = paying_account(row) is not None
    decides = allows(member, "billing.approve_refund") and row.requested_by_id != member.pk
    return RefundCard(
        refund=row,
        amount=formats.money(row.amount, row.currency, reader.country, reader.language),
        how=_how_words(row, is_automatic=is_automatic),
        asked=reader.near(row.requested_at),
        limit=_limit_words(member, row.currency, reader),
        may_decide=row.is_waiting and decides and may_approve(member, 1, row.currency),
        may_pay=row.state == RefundState.TO_PAY and not is_automatic and allows(member, "billing.record_payment"),
    )


def _how_words(row: Refund, *, is_automatic: bool) -> str:
    if row.payment is None:
        return _("Taken off %(number)s, as a credit note") % {"number": row.invoice.number}
    if is_automatic:
        return _("The payment provider pays it back.")
    if row.problem:
        return _("The provider did not pay it back (%(problem)s). Pay it back another way.") % {"problem": row.problem}
    return _("Paid back the way it came: %(method)s") % {"method": row.payment.get_method_display()}


def credit_hint(member: Member, currency: str, reader: Reader) -> str:
    """Return above which amount a second person approves a credit note; blank without a limit."""
    limit = limits()[member.role]
    if limit is None:
        return ""
    amount = formats.money(limit * 10 ** get_currency_precision(currency), currency, reader.country, reader.language)
    return _("Above %(amount)s on one invoice, a second person approves it.") % {"amount": amount}


def _limit_words(member: Member, currency: str, reader: Reader) -> str:
    limit = limits()[member.role]
    if limit is None:
        return _("without a limit")
    digits = formats.money(limit * 10 ** get_currency_precision(currency), currency, reader.country, reader.language)
    return _("up to %(amount)s") % {"amount": digits}
