"""Register quotes: permissions, pages, event words, and what its subjects add."""

from crm.jobs.timeline.parts import TimelineKinds, TimelinePart
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from quotes import notices
from quotes.erasure import DATA
from quotes.event_words import EVENT_WORDS
from quotes.permissions import PERMISSIONS
from quotes.prices import features as prices
from quotes.taxes import features as taxes

FEATURES: list[Feature] = [
    *PERMISSIONS,
    *prices.FEATURES,
    *DATA,
    *EVENT_WORDS,
    *notices.KINDS,
    TimelineKinds("quote.", TimelinePart.STEPS),
    Topic("quotes", ("quote",)),
    *taxes.FEATURES,
]
