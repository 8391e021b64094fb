"""The lines of a commission statement in words, for its page, its PDF and the partner's page."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from billing.models import CommissionAgreement, CommissionBasis, CommissionStatement
from crm.jobs.models import Job
from crm.kernel import formats
from crm.platform.organization.configuration import directory


class StatementRow(NamedTuple):
    """A commission: its job, what happened, what was paid of the job, what was agreed, and the amount."""

    job: Job
    number: str
    title: str
    words: str
    paid_net: str
    terms: str
    amount: str


def statement_rows(statement: CommissionStatement, country: str, language: str = "") -> list[StatementRow]:
    """Return the lines of a statement in the order of their days."""
    lines = statement.lines.select_related("commission__job", "commission__agreement")
    rows = []
    for line in lines.order_by("commission__at", "commission_id"):
        row = line.commission
        day = formats.full_day(row.at.astimezone(directory().zone).date(), country)
        words = _("Earned on %(day)s")
        if row.amount < 0:
            words = _("Taken back on %(day)s: credited or paid back to the customer")
        rows.append(
            StatementRow(
                job=row.job,
                number=str(row.job.number),
                title=row.job.title,
                words=words % {"day": day},
                paid_net=formats.money(row.paid_net, row.currency, country, language),
                terms=agreement_words(row.agreement, country, language),
                amount=formats.money(row.amount, row.currency, country, language),
            )
        )
    return rows


def agreement_words(agreement: CommissionAgreement, country: str, language: str = "") -> str:
    """Return what was agreed, in short: "5%", "$250 a job"."""
    if agreement.basis == CommissionBasis.PERCENT:
        return formats.percent(agreement.rate, country)
    amount = formats.money(agreement.amount, agreement.currency, country, language)
    return _("%(amount)s a job") % {"amount": amount}
