"""The words of labels on screen."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assistant.reading.vocabulary import CATEGORY, FEELING, INTENT, PERSON, URGENCY

FACET_WORDS: dict[str, str | Promise] = {
    INTENT: _("Wants"),
    CATEGORY: _("About"),
    FEELING: _("Feels"),
    URGENCY: _("Urgency"),
    PERSON: _("A person"),
}
FACET_QUESTIONS: dict[str, str | Promise] = {
    INTENT: _("What do they want?"),
    CATEGORY: _("What is it about?"),
    FEELING: _("How do they feel?"),
    URGENCY: _("How urgent is it?"),
    PERSON: _("Do they ask for a person?"),
}
LABEL_WORDS: dict[str, dict[str, str | Promise]] = {
    INTENT: {
        "opt_out": _("No more messages"),
        "cancel": _("To cancel"),
        "complaint": _("To complain"),
        "decline": _("To decline"),
        "accept": _("To go ahead"),
        "price": _("A price"),
        "schedule": _("A date"),
        "status": _("News of their job"),
        "informs": _("To tell us something"),
        "question": _("An answer"),
        "thanks": _("To say thank you"),
        "other": _("Something else"),
    },
    CATEGORY: {
        "insurance": _("Insurance"),
        "warranty": _("Warranty"),
        "payment": _("Payment"),
        "documents": _("Documents"),
        "damage": _("Damage or repair"),
        "installation": _("The work"),
        "conduct": _("How we treat them"),
        "appointment": _("Appointment"),
        "quote": _("Quote"),
        "other": _("Something else"),
    },
    FEELING: {"upset": _("Upset"), "calm": _("Calm"), "happy": _("Happy")},
    URGENCY: {"urgent": _("Urgent"), "high": _("High"), "normal": _("Normal")},
    PERSON: {"yes": _("Asked for"), "no": _("Not asked for")},
}


def label_words(facet: str, value: str) -> str:
    """Return a label in words; the code itself for one that no longer exists."""
    return str(LABEL_WORDS[facet].get(value, value))


def source_words(proposed_by: str) -> str:
    """Return who proposed a label in words: the word lists, what was learnt from corrections, or a language model."""
    if proposed_by == "model":
        return str(_("by the model"))
    if proposed_by == "trained":
        return str(_("learnt from your corrections"))
    return str(_("by words"))
