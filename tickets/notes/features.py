"""Register notes: their events in words, and the notice of whoever is named."""

from crm.platform.features import Feature
from tickets.notes.mentions import KIND
from tickets.notes.words import EVENT_WORDS

FEATURES: list[Feature] = [*EVENT_WORDS, KIND]
