"""Register the extensions of sequences: actions of triggers, questions of forks, the gate's check, event words."""

from comms.gate.origin_check import OriginCheck
from crm.jobs.timeline.parts import TimelineKinds, TimelinePart
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from followups.sequences.engine.send_check import check_messages
from followups.sequences.event_words import EVENT_WORDS
from followups.sequences.fork_answers import QUESTIONS
from followups.sequences.models.step_record import ORIGIN
from followups.sequences.page_entries import ENTRIES
from followups.sequences.presets.entry_rules import ENTRY_RULES
from followups.sequences.presets.packs import PACKS
from followups.sequences.presets.texts import TEXTS
from followups.sequences.rule_actions import ACTIONS

FEATURES: list[Feature] = [
    *ACTIONS,
    *QUESTIONS,
    *EVENT_WORDS,
    *ENTRIES,
    *PACKS,
    *ENTRY_RULES,
    TEXTS,
    OriginCheck(prefix=ORIGIN, check_messages=check_messages),
    TimelineKinds("sequence.", TimelinePart.PLANNED),
    Topic("sequences", ("sequence",)),
]
