"""The billing app: invoices, payments and the ledger."""

from crm.platform import features


class BillingConfig(features.AppConfig):
    name = "billing"
    verbose_name = "Billing"
