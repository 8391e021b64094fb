"""The labels that exist, by facet. Pure; their words on screen: assistant/labels/label_words.py."""

from typing import NamedTuple

INTENT = "intent"
CATEGORY = "category"
FEELING = "feeling"
URGENCY = "urgency"
PERSON = "person"

OTHER = "other"
UPSET = "upset"
CALM = "calm"
HAPPY = "happy"
URGENT = "urgent"
HIGH = "high"
NORMAL = "normal"
YES = "yes"
NO = "no"

# In the order in which a tie is decided: what is costly to overlook comes first.
INTENTS = (
    "opt_out",
    "cancel",
    "complaint",
    "decline",
    "accept",
    "price",
    "schedule",
    "status",
    "informs",
    "question",
    "thanks",
    OTHER,
)
CATEGORIES = (
    "insurance",
    "warranty",
    "payment",
    "documents",
    "damage",
    "installation",
    "conduct",
    "appointment",
    "quote",
    OTHER,
)
# Below and above: docs/rules.md#k12 for the first.
UPSET_BELOW = -0.5
HAPPY_ABOVE = 0.5

VALUES: dict[str, tuple[str, ...]] = {
    INTENT: INTENTS,
    CATEGORY: CATEGORIES,
    FEELING: (UPSET, CALM, HAPPY),
    URGENCY: (URGENT, HIGH, NORMAL),
    PERSON: (YES, NO),
}
FACETS = tuple(VALUES)


class Label(NamedTuple):
    """A value of a facet, how sure it is (0 to 1), and the customer's sentence it hangs on; "" for none."""

    value: str
    confidence: float
    sentence: str = ""


class MessageLabelSet(NamedTuple):
    """The labels of one message by facet, and its sentiment from -1 to 1."""

    labels: dict[str, Label]
    sentiment: float

    def value(self, facet: str) -> str:
        return self.labels[facet].value


def feeling_of(sentiment: float) -> str:
    """Return the feeling of a sentiment: "upset" below -0.5, "happy" above 0.5, else "calm"."""
    if sentiment < UPSET_BELOW:
        return UPSET
    if sentiment > HAPPY_ABOVE:
        return HAPPY
    return CALM
