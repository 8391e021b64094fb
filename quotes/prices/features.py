"""Register the price book: its event words and topic."""

from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from quotes.prices.event_words import EVENT_WORDS

FEATURES: list[Feature] = [
    *EVENT_WORDS,
    Topic("prices", ("price_item", "price_kit")),
]
