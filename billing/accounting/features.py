"""Register accounting: its settings and event words."""

from django.utils.translation import gettext_lazy as _

from crm.platform.features import Feature
from crm.web.settings.sections import Section
from crm.web.timeline.event_words import EventWords

FEATURES: list[Feature] = [
    Section(
        group="service",
        name="accounting:terms",
        permission="billing.set_up",
        icon="landmark",
        label=_("Accounting"),
        note=_("The accounting system of each brand, with its accounts and tax codes."),
        affects=_("Affects the files of exports that are made from now on."),
        words=_("bookkeeping exact moneybird quickbooks xero datev ledger account vat code"),
        tab_of="billing:terms",
    ),
    EventWords("accounting_terms.set", "settings", _("set up the accounting of a brand")),
    EventWords("accounting.exported", "file-down", _("exported invoices to accounting")),
]
