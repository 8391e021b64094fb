"""The trigger by labels of a message, and ready-made rules that use it; rules start in test mode."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistant.labels.label_words import LABEL_WORDS
from assistant.labels.labelling import LABELLED
from assistant.reading.vocabulary import FEELING, INTENT, PERSON, URGENCY, URGENT, YES
from crm.automation.definition import Definition, Once
from crm.automation.registry.options import Options
from crm.automation.registry.presets import RulePreset
from crm.automation.registry.triggers import Chosen, EventTrigger
from crm.jobs.models import Priority
from crm.platform.features import Feature
from crm.platform.models import Event
from followups.automation.presets.parts import build_definition, notify_members, plan_follow_up, raise_to
from tickets.automation.actions import TICKET

GROUP = gettext_lazy("Labels of messages")


def _choices(facet: str) -> list[tuple[str, Any]]:
    return [("", gettext_lazy("any")), *LABEL_WORDS[facet].items()]


class LabelOptions(Options):
    """Which labels the message must have; a blank one is any."""

    intent = forms.ChoiceField(label=gettext_lazy("wants"), required=False, choices=_choices(INTENT))
    feeling = forms.ChoiceField(label=gettext_lazy("feels"), required=False, choices=_choices(FEELING))
    urgency = forms.ChoiceField(label=gettext_lazy("urgency"), required=False, choices=_choices(URGENCY))
    person = forms.ChoiceField(label=gettext_lazy("a person"), required=False, choices=_choices(PERSON))


def _has_labels(event: Event, chosen: Chosen) -> bool:
    """True if a message has the chosen labels; not if it had them already before a model changed others."""
    before = event.data.get("before")
    return _match_labels(event.data, chosen) and not (before and _match_labels(before, chosen))


def _match_labels(labels: Mapping[str, Any], chosen: Chosen) -> bool:
    return all(chosen[facet] in ("", labels.get(facet)) for facet in (INTENT, FEELING, URGENCY, PERSON))


TRIGGER = EventTrigger(
    name=LABELLED,
    record=TICKET,
    label=gettext_lazy("receives a message that"),
    options=LabelOptions,
    events=(LABELLED,),
    heeds=_has_labels,
)


def _labels(**chosen: str) -> dict[str, str]:
    return {INTENT: "", FEELING: "", URGENCY: "", PERSON: ""} | chosen


def _person_rule() -> Definition:
    return build_definition(
        TICKET,
        LABELLED,
        notify_members("owner", _("A customer asks for a person")),
        plan_follow_up("call", _("Call: they asked for a person"), hours=2),
        options=_labels(person=YES),
        once=Once.DAY,
    )


def _urgent_rule() -> Definition:
    return build_definition(
        TICKET,
        LABELLED,
        raise_to(Priority.URGENT, "ticket.prioritize"),
        notify_members("managers", _("A message sounds urgent")),
        options=_labels(urgency=URGENT),
        once=Once.DAY,
    )


def _cancel_rule() -> Definition:
    return build_definition(
        TICKET,
        LABELLED,
        raise_to(Priority.HIGH, "ticket.prioritize"),
        notify_members("owner", _("A customer wants to cancel")),
        options=_labels(intent="cancel"),
        once=Once.DAY,
    )


PRESETS: list[Feature] = [
    RulePreset(
        key="labels.person",
        group=GROUP,
        name=gettext_lazy("Customer asks for a person: notify the owner and plan a call"),
        description=gettext_lazy("Found by words, in English and Dutch. At most once a day per conversation."),
        definition=_person_rule,
    ),
    RulePreset(
        key="labels.urgent",
        group=GROUP,
        name=gettext_lazy("Message sounds urgent: urgent priority, and notify the managers"),
        description=gettext_lazy("For water coming in, smoke, a deadline today. At most once a day per conversation."),
        definition=_urgent_rule,
    ),
    RulePreset(
        key="labels.cancel",
        group=GROUP,
        name=gettext_lazy("Customer wants to cancel: high priority, and notify the owner"),
        description=gettext_lazy("At most once a day per conversation."),
        definition=_cancel_rule,
    ),
]
