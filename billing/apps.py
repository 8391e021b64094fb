"""The billing app: invoices, payments and the ledger."""

from typing import Any

from django.conf import settings
from django.core import checks

from crm.platform import features


def real_payments(**_: Any) -> list[checks.CheckMessage]:
    """Refuse a deployment whose customers could pay on the built-in page, where no money moves."""
    if settings.DEMO or settings.DEBUG:
        words = "Customers may pay on the built-in payment page, which moves no money."
        hint = "Unset CRM_DEMO and DEBUG: the provider “demo” is refused then."
        return [checks.Error(words, hint=hint, id="billing.E001")]
    return []


class BillingConfig(features.AppConfig):
    name = "billing"
    verbose_name = "Billing"

    def ready(self) -> None:
        checks.register(real_payments, deploy=True)
