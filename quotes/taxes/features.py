"""Register taxes: their event words, personal data, and what a tenant starts with."""

from crm.platform.features import Feature
from crm.platform.organization.tenant_creation import TenantStart
from quotes.taxes import erasure
from quotes.taxes.event_words import EVENT_WORDS
from quotes.taxes.presets import create_tax_defaults

FEATURES: list[Feature] = [
    *erasure.DATA,
    *EVENT_WORDS,
    TenantStart(create_tax_defaults, again=create_tax_defaults),
]
