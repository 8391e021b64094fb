"""Descriptions of rule events."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.models import Mode, Rule
from crm.web.timeline.event_words import EventWords, WhyPage, Words


def _fired_words(data: dict[str, Any]) -> str:
    rule = Rule.objects.filter(pk=data.get("rule")).first()
    if rule:
        return _("Trigger “%(name)s” ran") % {"name": rule.name}
    return _("A trigger ran")


def _switched_words(data: dict[str, Any]) -> str:
    words = {Mode.ON: _("turned on the trigger"), Mode.OFF: _("turned off the trigger")}
    words[Mode.PROPOSE] = _("set the trigger to suggest")
    return words.get(Mode(data["to"]), _("put the trigger in test mode"))


def _proposal_words(words: Promise) -> Words:
    """Return the name of the trigger whose proposal was answered."""

    def describe_answer(data: dict[str, Any]) -> str:
        rule = Rule.objects.filter(pk=data.get("rule")).first()
        if rule:
            return f"{words}: {rule.name}"
        return str(words)

    return describe_answer


EVENT_WORDS = [
    EventWords("rule.fired", "zap", _fired_words, mark="auto", why=WhyPage("automation:run", "run", "automation.view")),
    EventWords("rule.added", "zap", gettext_lazy("added the trigger")),
    EventWords("rule.edited", "zap", gettext_lazy("edited the trigger")),
    EventWords("rule.renamed", "zap", gettext_lazy("renamed the trigger")),
    EventWords("rule.switched", "zap", _switched_words),
    EventWords("rule.paused", "triangle-alert", gettext_lazy("The trigger was paused"), mark="auto"),
    EventWords("rule.archived", "archive", gettext_lazy("archived the trigger")),
    EventWords("rule.restored", "archive", gettext_lazy("restored the trigger")),
    EventWords("rule.run_stopped", "ban", gettext_lazy("stopped a run of the trigger")),
    EventWords("rule.run_retried", "rotate-cw", gettext_lazy("retried a failed run of the trigger")),
    EventWords("rule.proposal_accepted", "check", _proposal_words(gettext_lazy("accepted the suggestion"))),
    EventWords("rule.proposal_dismissed", "x", _proposal_words(gettext_lazy("dismissed the suggestion"))),
    EventWords("automation.switched_on", "zap", gettext_lazy("turned on all triggers")),
    EventWords("automation.switched_off", "zap", gettext_lazy("turned off all triggers")),
    EventWords(
        "automation.person_wins_set", "zap", gettext_lazy("changed how long triggers leave a manual move alone")
    ),
    EventWords("points.added", "flag", gettext_lazy("added priority points")),
    EventWords("points.weighed", "flag", gettext_lazy("changed priority points")),
    EventWords("points.removed", "flag", gettext_lazy("removed priority points")),
    EventWords("points.thresholds_set", "flag", gettext_lazy("changed how many points make a lead high or urgent")),
    EventWords("person.rules_switched_off", "zap", gettext_lazy("turned off triggers for the customer")),
    EventWords("person.rules_switched_on", "zap", gettext_lazy("turned on triggers for the customer")),
]
