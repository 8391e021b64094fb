"""Register taxes: their event words."""

from crm.platform.features import Feature
from quotes.taxes.event_words import EVENT_WORDS

FEATURES: list[Feature] = [
    *EVENT_WORDS,
]
