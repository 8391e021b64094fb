"""Register the report of receivables, a tab of the reports."""

from django.utils.translation import gettext_lazy as _

from billing.figures.views import BOOKS
from crm.platform.features import Feature
from crm.web.shell.navigation import NavigationPage

FEATURES: list[Feature] = [
    NavigationPage(
        name="receivables:figures",
        permission=BOOKS,
        icon="receipt",
        label=_("Receivables"),
        tab_of="reports:dashboard",
        words=_("ageing aging debtors overdue open invoices deposits"),
    ),
]
