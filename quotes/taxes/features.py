"""Register taxes: their settings, event words, personal data, and what a tenant starts with."""

from django.utils.translation import gettext_lazy as _

from crm.people.models import Person
from crm.platform.features import Feature
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.settings.sections import Section
from crm.web.shell.record_pages import RecordLink
from quotes.permissions import EDIT_PRICES
from quotes.taxes import erasure
from quotes.taxes.event_words import EVENT_WORDS
from quotes.taxes.presets import create_tax_defaults
from quotes.taxes.views.classes import TaxClassForm
from quotes.taxes.views.rates import TaxRateForm

SECTIONS = [
    Section(
        group="sales",
        name="taxes:rates",
        permission=EDIT_PRICES,
        icon="percent",
        label=_("Taxes"),
        note=_("The rates of each place, from a day on."),
        affects=_("Affects new lines of quotes and invoices. What is written keeps its rate."),
        words=_("vat sales tax btw rates jurisdiction county"),
        form=TaxRateForm,
    ),
    Section(
        group="sales",
        name="taxes:classes",
        permission=EDIT_PRICES,
        icon="percent",
        label=_("Tax classes"),
        note=_("Which goods and services bear which kind of tax."),
        affects=_("Affects the choice on items and lines."),
        words=_("vat standard reduced exempt zero"),
        form=TaxClassForm,
        tab_of="taxes:rates",
    ),
]
FEATURES: list[Feature] = [
    *erasure.DATA,
    *SECTIONS,
    RecordLink(model=Person, purpose="tax_number", name="taxes:number", permission="quotes.view"),
    *EVENT_WORDS,
    TenantStart(create_tax_defaults, again=create_tax_defaults),
]
