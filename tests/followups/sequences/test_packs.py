"""Each pack plays its story on a frozen clock, started by its own trigger, and reads well in both languages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.utils.translation import override

from comms.gate.consent import consents
from comms.models import Message
from crm.automation.models import Mode, Rule
from crm.automation.registry.presets import RulePreset, rule_preset
from crm.automation.setup import ReadRule
from crm.documents.models import Document, DocumentKind
from crm.jobs.models import Priority
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import features
from crm.platform.events import events
from crm.web.models import Notice
from followups.models import FollowUp
from followups.sequences.enrolling import enrol
from followups.sequences.models import Enrolment, Sequence, SequenceMode
from followups.sequences.preset_entries import SequencePreset, add_from_preset, sequence_presets
from followups.sequences.setup import problem_of
from tests.automation.rules import work
from tests.cast import House
from tests.followups.preset_acts import (
    MONDAY,
    adds_passport,
    books,
    is_visited_and_notes,
    moves,
    sends_invoice,
    talks,
    wins,
)
from tests.followups.sequences.scenes import DAY, lead, logs_call, writes


def pack(key: str) -> SequencePreset:
    return next(preset for preset in sequence_presets() if preset.key == key)


def completes(kind: str, outcome: str = "successful") -> Callable[[House], None]:
    """Rita does the open follow-up of a type."""

    def act(house: House) -> None:
        FollowUp.objects.open().get(kind=kind, origin__startswith="sequence:").complete(outcome, by=house.rita)

    return act


def clicks(house: House) -> None:
    message = Message.objects.filter(origin__startswith="sequence:").earliest("pk")
    message.record_event("message.clicked", None)


def sends_document(house: House) -> None:
    kind, _new = DocumentKind.objects.get_or_create(name="Passport")
    row = Document.objects.create(
        job=lead(house), kind=kind, title="P", media_type="application/pdf", size=1, taken_at=clock.now()
    )
    events.record("document.added", subject=row, by=None, job_id=row.job_id)


def is_enrolled(key: str) -> Callable[[House], None]:
    """Rita starts it by hand: no trigger of ours can tell when."""

    def act(house: House) -> None:
        enrol(Sequence.objects.get(preset=key), lead(house), by=house.rita)

    return act


def is_lost_with_consent(house: House) -> None:
    """The customer wants offers by email; the lead is lost."""
    for point in house.cora.contact_points.filter(kind="email"):
        wish = {
            "medium": "email",
            "purpose": "marketing",
            "given": True,
            "wording": "Offers, please.",
            "source": "form",
        }
        consents.record(point.value, brand=house.job.brand, **wish)
    lead(house).lose("price", by=house.rita)


@dataclass(frozen=True)
class PackStory:
    """What happens on which day, what is seen of it with the day, and how it ends."""

    key: str
    acts: dict[float, Callable[[House], object]]
    seen: tuple[str, ...]
    end: str = ""
    # The follow-ups, in order: subject, for whom, and a mark for high priority.
    tasks: tuple[str, ...] = ()
    days: int = 20
    # So many hours pass at a time.
    every: int = 3
    marks: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.key} {self.marks}"


VISIT = is_visited_and_notes("They bring the permit, de vergunning, on Friday")
STORIES = [
    PackStory(
        "quotes",
        {0: moves("Quote sent"), 2.5: clicks, 4: completes("call", "no_answer"), 17.5: completes("call", "no_answer")},
        ("0 email", "2 sms", "3 call", "10 email", "17 call"),
        "in_vain",
        ("They are back at the quote: call · Rita !", "Call about the quote, last try · Rita"),
        marks="nobody is reached",
    ),
    PackStory(
        "quotes", {0: moves("Quote sent"), 1: writes}, ("0 email",), "answered", marks="they answer before the text"
    ),
    PackStory(
        "onboarding",
        {
            0: wins,
            2.25: completes("call"),
            7.5: completes("documents"),
        },
        ("2 call", "5 email", "7 documents", "14 call"),
        "finished",
        ("First consultation · Rita", "Check received documents · Rita", "Update the customer · Rita"),
        marks="days 2, 5, 7 and 14",
    ),
    PackStory(
        "payments",
        {0: sends_invoice},
        ("3 email", "7 email", "7 sms", "10 payment", "14 Mona is asked"),
        "finished",
        ("Invoice not paid: call · Rita !",),
        marks="days 3, 7, 10 and 14, then the manager",
    ),
    PackStory(
        "payments",
        {0: sends_invoice, 11: completes("payment")},
        ("3 email", "7 email", "7 sms", "10 payment"),
        "signal",
        ("Invoice not paid: call · Rita !",),
        marks="they pay",
    ),
    PackStory(
        "documents",
        {0: is_enrolled("documents")},
        ("0 email", "3 email", "6 sms", "9 email", "10 call"),
        "finished",
        ("Documents are missing: call · Rita !",),
        marks="days 0, 3, 6, 9, then a call",
    ),
    PackStory(
        "documents",
        {0: is_enrolled("documents"), 4: sends_document},
        ("0 email", "3 email"),
        "signal",
        marks="it comes",
    ),
    PackStory(
        "status",
        {0: is_enrolled("status"), 40: wins},
        ("14 email", "28 email"),
        "won",
        days=60,
        marks="every 14 days until decided",
    ),
    PackStory(
        "silence",
        {0: talks, 61: completes("call", "no_answer")},
        ("60 call", "65 email", "72 task"),
        "finished",
        ("Not in touch for 60 days: call · Rita !", "Close it, or keep it? Then plan the next step · Rita"),
        days=80,
        marks="call, email, close or keep",
    ),
    PackStory(
        "silence",
        {0: talks, 61: lambda house: logs_call(house, "reached")},
        ("60 call",),
        "reached",
        ("Not in touch for 60 days: call · Rita !",),
        days=80,
        marks="they are reached",
    ),
    PackStory(
        "year",
        {0: is_lost_with_consent, 214: completes("call", "no_answer")},
        ("31 email", "122 email", "213 call", "306 email", "397 email", "397 task"),
        "finished",
        (
            "Half a year later: ask how their plans are · Rita",
            "Close it, or keep it? Then plan the next step · Rita",
        ),
        days=400,
        every=24,
        marks="every three months",
    ),
    PackStory(
        "year",
        {0: is_lost_with_consent, 40: writes},
        ("31 email",),
        "answered",
        days=130,
        every=24,
        marks="they answer",
    ),
    PackStory(
        "expiry",
        {0: adds_passport, 21: completes("visa")},
        ("19 visa", "51 visa"),
        "finished",
        ("Inform the customer about the renewal · Rita", "Check the renewal · Rita"),
        days=60,
        marks="180 days before, and the check 30 days after",
    ),
    PackStory(
        "appointments",
        {0: books, 1: VISIT},
        ("1 email task", "1 documents"),
        "finished",
        ("Send a summary and the next steps · Rita", "Check received documents · Rita"),
        marks="the summary, and the documents they spoke of",
    ),
    PackStory(
        "appointments",
        {0: books, 1: is_visited_and_notes("They pay the deposit next week and send the contract")},
        ("1 email task", "1 documents", "1 payment"),
        "finished",
        (
            "Send a summary and the next steps · Rita",
            "Check received documents · Rita",
            "Payment: as they said at the appointment · Rita",
        ),
        marks="documents and payment",
    ),
    PackStory(
        "appointments",
        {0: books, 1: is_visited_and_notes("A nice roof")},
        ("1 email task",),
        "finished",
        ("Send a summary and the next steps · Rita",),
        marks="neither was spoken of",
    ),
    PackStory(
        "status",
        {0: is_enrolled("status")},
        (*(f"{day} email" for day in range(14, 169, 14)), "168 application"),
        "finished",
        ("No decision after half a year: ask, and start the updates again · Rita",),
        days=170,
        marks="no decision for half a year",
    ),
]


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_it_plays_its_story(house: House, story: PackStory) -> None:
    made = add_from_preset(pack(story.key), by=None)
    made.switch(SequenceMode.ON, by=None)
    if trigger := rule_preset(f"sequences.{story.key}"):
        Rule.add(str(trigger.name), trigger.definition(), by=None, mode=Mode.ON)
    for hour in range(0, story.days * 24, story.every):
        at = MONDAY + timedelta(hours=hour)
        if act := story.acts.get(hour / 24):
            with clock.at(at):
                act(house)
        work(at, rounds=3)
    assert tuple(_seen()) == story.seen
    assert tuple(_tasks()) == story.tasks
    assert Enrolment.objects.get().end_reason == story.end


def _seen() -> Iterator[str]:
    """What the sequence did, with the day on which it did it, oldest first."""
    mine = {"origin__startswith": "sequence:"}
    lines = [(row.created_at, row.medium) for row in Message.objects.filter(**mine).order_by("pk")]
    for row in FollowUp.objects.filter(**mine).order_by("pk"):
        lines += [(row.created_at, "email task" if row.kind == "email" else row.kind)]
    for notice in Notice.objects.filter(kind="rule.escalated").select_related("member"):
        lines += [(notice.at, f"{notice.member.name.split()[0]} is asked")]
    for at, what in sorted(lines, key=lambda line: line[0]):
        yield f"{(at - MONDAY) // DAY} {what}"


def _tasks() -> Iterator[str]:
    """The follow-ups of the sequence, with their assignee and a mark for high priority."""
    rows = FollowUp.objects.filter(origin__startswith="sequence:").select_related("assignee").order_by("pk")
    for row in rows:
        assert row.assignee is not None
        mark = " !" if row.priority == Priority.HIGH else ""
        yield f"{row.subject} · {row.assignee.name.split()[0]}{mark}"


def test_every_pack_has_a_story() -> None:
    assert {preset.key for preset in sequence_presets()} == {story.key for story in STORIES}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_triggers_of_the_packs_read_well_once_their_sequence_is_there(house: House, language: str) -> None:
    with override(language):
        for preset in [preset for preset in features.of(RulePreset) if preset.key.startswith("sequences.")]:
            with pytest.raises(Refused):
                preset.definition()
            add_from_preset(pack(preset.key.removeprefix("sequences.")), by=None)
            assert ReadRule.of(Rule(name=str(preset.name)), preset.definition()).problem == "", preset.key


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_pack_works_as_created(house: House, language: str) -> None:
    with override(language):
        for preset in features.of(SequencePreset):
            assert problem_of(add_from_preset(preset, by=None)) == "", preset.key
