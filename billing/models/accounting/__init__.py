"""The export to accounting: what each brand's bookkeeping needs, and what was exported when."""

from billing.models.accounting.accounting_export import AccountingExport, ExportedInvoice
from billing.models.accounting.accounting_terms import (
    FIELD_LABELS,
    AccountingSystem,
    AccountingTerms,
    accounting_terms_of,
)

__all__ = [
    "FIELD_LABELS",
    "AccountingExport",
    "AccountingSystem",
    "AccountingTerms",
    "ExportedInvoice",
    "accounting_terms_of",
]
