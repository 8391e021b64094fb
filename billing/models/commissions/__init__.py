"""Commissions of partners: what was agreed, what was earned, and the monthly statements."""

from billing.models.commissions.agreement import CommissionAgreement, CommissionBasis
from billing.models.commissions.commission import Commission
from billing.models.commissions.statement import CommissionLine, CommissionStatement, StatementState

__all__ = [
    "Commission",
    "CommissionAgreement",
    "CommissionBasis",
    "CommissionLine",
    "CommissionStatement",
    "StatementState",
]
