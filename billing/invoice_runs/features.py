"""Add the buttons that issue many invoices to the selection bars of the lists of invoices and of leads."""

from django.utils.translation import gettext_lazy as _

from crm.platform.features import Feature
from crm.web.lists.selection_actions import SelectionAction

FEATURES: list[Feature] = [
    SelectionAction(
        lists=("invoices",),
        page="billing:issue_selected",
        permission="billing.issue",
        act="issue",
        icon="receipt",
        label=_("Issue"),
    ),
    SelectionAction(
        lists=("leads",),
        page="billing:bill_selected",
        permission="billing.issue",
        act="bill",
        icon="receipt",
        label=_("Bill the next part"),
    ),
]
