"""Register the price book: its event words, topic, and what a tenant starts with."""

from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.organization.tenant_creation import TenantStart
from quotes.prices.event_words import EVENT_WORDS
from quotes.prices.presets import create_units

FEATURES: list[Feature] = [
    *EVENT_WORDS,
    TenantStart(create_units, again=create_units),
    Topic("prices", ("price_item", "price_kit")),
]
