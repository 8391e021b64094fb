"""Each trigger that comes ready made plays its story on a frozen clock, and reads well in both languages."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils.translation import gettext, override

from comms.models import Message, Template, TemplateVersion
from crm.automation.definition import DoStep
from crm.automation.models import Rule, RuleRun
from crm.automation.registry.presets import RulePreset, rule_preset
from crm.automation.setup import ReadRule, chosen_values
from crm.jobs.models import Priority
from crm.kernel import clock
from crm.platform import features
from tests.automation.rules import taken_back, work
from tests.cast import Cast, House
from tests.followups.preset_acts import (
    DAY,
    HOUR,
    MONDAY,
    adds_passport,
    answers,
    asks,
    books,
    calls_in_vain,
    clicks,
    complains,
    finishes,
    follows,
    hears,
    is_partner,
    is_visited,
    is_visited_and_notes,
    is_worth,
    logs,
    loses,
    moves,
    nothing,
    opens,
    opens_small,
    pauses,
    pays,
    seen,
    sends_invoice,
    talks,
    talks_to_new,
    ticket,
    turns,
    use,
    wins,
    writes,
    writing,
)
from tickets.models import Ticket


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with writing(cast) as house:
        yield house


@dataclass(frozen=True)
class Story:
    """What happens when, and what comes of it."""

    key: str
    acts: tuple[tuple[timedelta, Callable[[House], None]], ...]
    seen: tuple[str, ...]

    def __str__(self) -> str:
        return self.key


NOW = timedelta()
NAMES = ("Rita", "Sam", "Mona")
WAITING = ((NOW, asks), (NOW, turns))
STORIES = [
    Story("status.new_order", ((NOW, opens),), ("email order_confirmation",)),
    Story("status.quote_sent", ((NOW, moves("Quote sent")),), ("email quote_notification",)),
    Story(
        "status.quote_follow_up",
        ((NOW, moves("Quote sent")), (3 * DAY, nothing), (7 * DAY, nothing)),
        ("email quote_follow_up", "Rita: Call about the quote"),
    ),
    Story(
        "status.quote_follow_up",
        ((NOW, moves("Quote sent")), (3 * DAY, nothing), (4 * DAY, hears), (8 * DAY, nothing)),
        ("email quote_follow_up",),
    ),
    Story(
        "status.quote_follow_up", ((NOW, moves("Quote sent")), (2 * DAY, moves("Scheduled")), (8 * DAY, nothing)), ()
    ),
    Story("status.scheduled", ((NOW, moves("Scheduled")),), ("email appointment_confirmation",)),
    Story("status.completed", ((NOW, finishes),), ("email completion_thank_you",)),
    Story("status.survey", ((NOW, finishes), (6 * DAY, nothing)), ()),
    Story("status.survey", ((NOW, finishes), (7 * DAY, nothing), (9 * DAY, nothing)), ("email survey_invitation",)),
    Story("status.survey_low", ((NOW, answers(2)),), ("Rita: Call: unhappy customer", "Mona is told")),
    Story("status.survey_low", ((NOW, answers(3)),), ()),
    # An offer without a yes: the gate says no, and the run says why.
    Story("status.check_up", ((NOW, finishes), (365 * DAY, nothing)), ()),
    Story("status.on_hold", ((NOW, pauses),), ("email hold_notification",)),
    Story("status.hold_weekly", ((NOW, pauses), (7 * DAY, nothing)), ("Rita is told",)),
    Story(
        "waiting.customer",
        (*WAITING, (48 * HOUR, nothing), (72 * HOUR, nothing), (14 * DAY, nothing)),
        ("sms checking_in", "email checking_in", "Sam: Call: no reply", "Mona is asked"),
    ),
    Story(
        "waiting.customer",
        (*WAITING, (48 * HOUR, nothing), (60 * HOUR, writes), (14 * DAY, nothing)),
        ("sms checking_in",),
    ),
    Story(
        "waiting.partner", ((NOW, is_partner), (NOW, turns), (24 * HOUR, nothing)), ("email checking_in", "Sam is told")
    ),
    Story("waiting.rep", ((20 * HOUR, nothing),), ("Rita is asked",)),
    Story("waiting.rep", ((20 * HOUR, nothing), (72 * HOUR, nothing)), ("Rita is asked", "Mona is asked")),
    Story("waiting.rep", ((20 * HOUR, nothing), (21 * HOUR, talks), (72 * HOUR, nothing)), ("Rita is asked",)),
    Story("waiting.manager", ((20 * HOUR, nothing), (25 * HOUR, nothing)), ("Mona is asked",)),
    Story("waiting.promise", ((NOW, asks), (4 * HOUR, nothing)), ("Mona is asked",)),
    Story(
        "waiting.upset",
        ((NOW, asks), (HOUR, complains), (2 * HOUR, complains)),
        ("Sam: Call: upset customer", "Mona is told"),
    ),
    Story("waiting.again", ((NOW, asks), (HOUR, writes)), ()),
    Story("waiting.again", ((NOW, asks), (HOUR, writes), (2 * HOUR, writes), (3 * HOUR, writes)), ("Mona is told",)),
    Story(
        "leads.chain",
        ((NOW, opens), (HOUR / 4, nothing), (HOUR / 2, nothing)),
        ("Rita is asked", "Mona is asked"),
    ),
    Story("leads.chain", ((NOW, opens), (HOUR / 6, talks_to_new), (HOUR / 2, nothing)), ("Rita is asked",)),
    Story("leads.decline", ((NOW, opens_small),), ("Rita has a draft: email", "Rita is told")),
    Story("leads.decline", ((NOW, opens),), ()),
    Story("leads.won", ((NOW, wins),), ("Mona is told",)),
    Story("leads.lost_price", ((NOW, loses("Price · $200 too much")),), ("Rita: Lost by price: ask how it went",)),
    Story("leads.lost_price", ((NOW, loses("Schedule")),), ()),
    Story("cases.expiry", ((NOW, adds_passport), (10 * DAY, nothing)), ()),
    Story(
        "cases.expiry",
        ((NOW, adds_passport), (21 * DAY, nothing), (30 * DAY, nothing)),
        ("Rita: Inform the customer about the renewal",),
    ),
    Story(
        "cases.after_appointment",
        ((NOW, books), (3 * HOUR, is_visited)),
        (
            "email appointment_booked",
            "Rita: Send a summary and the next steps",
        ),
    ),
    Story(
        "cases.spoke_of_documents",
        ((NOW, books), (3 * HOUR, is_visited_and_notes("They bring the permit, de vergunning, on Friday"))),
        ("email appointment_booked", "Rita: Check received documents"),
    ),
    Story(
        "cases.spoke_of_payment",
        ((NOW, books), (3 * HOUR, is_visited_and_notes("Half as a deposit, als aanbetaling"))),
        ("email appointment_booked", "Rita: Payment: as they said at the appointment"),
    ),
    Story(
        "cases.spoke_of_payment",
        ((NOW, books), (3 * HOUR, is_visited_and_notes("All is clear.\n\n> When do we get the invoice?"))),
        ("email appointment_booked",),
    ),
    Story(
        "waiting.clicked", ((NOW, clicks), (HOUR, clicks)), ("email None",) * 2 + ("Rita: Call: they opened our link",)
    ),
    Story("leads.received", ((NOW, opens),), ("email lead_received",)),
    Story("leads.usual_channel", ((NOW, opens),), ("email order_confirmation",)),
    Story("leads.large", ((NOW, is_worth(60_000)), (HOUR, moves("Quote sent"))), ("Mona is told", "High")),
    Story("leads.large", ((NOW, is_worth(40_000)), (HOUR, moves("Quote sent"))), ()),
    Story("leads.slow", ((20 * HOUR, nothing), (25 * HOUR, nothing), (49 * HOUR, nothing)), ("High",)),
    Story(
        "cases.onboarding",
        ((NOW, opens),),
        (
            "Rita: First consultation",
            "Rita: Send the document checklist",
            "Rita: Check received documents",
            "Rita: Update the customer",
        ),
    ),
    Story(
        "payments.invoice",
        ((NOW, sends_invoice), (3 * DAY, nothing), (7 * DAY, nothing), (10 * DAY, nothing), (14 * DAY, nothing)),
        (
            "Rita: Invoice not paid: send a friendly reminder by email",
            "Rita: Invoice not paid: remind them by email and text",
            "Rita: Invoice not paid: call",
            "Mona is asked",
        ),
    ),
    Story(
        "payments.invoice",
        ((NOW, sends_invoice), (3 * DAY, nothing), (4 * DAY, pays), (14 * DAY, nothing)),
        ("Rita: Invoice not paid: send a friendly reminder by email",),
    ),
    Story("cases.silent", ((NOW, talks), (60 * DAY, nothing)), ("Rita: Not in touch for 60 days: call",)),
    Story("cases.silent", ((NOW, talks), (50 * DAY, talks), (60 * DAY, nothing)), ()),
    Story("cases.renewal", ((NOW, follows("visa", "successful")),), ("Rita: Check the renewal",)),
    Story(
        "cases.after_meeting",
        ((NOW, follows("meeting", "successful")),),
        ("Rita: Send a summary and the next steps", "Rita: Check received documents"),
    ),
    Story("cases.no_answer", ((NOW, calls_in_vain),), ("Rita: Try again",)),
    Story("cases.no_answer", ((NOW, follows("call", "successful")),), ()),
    # A call that nobody had planned.
    Story("cases.no_answer", ((NOW, logs("no_answer")),), ("Rita: Try again",)),
    Story("cases.no_answer", ((NOW, logs("reached")),), ()),
]


FIRST = {story.key: story for story in reversed(STORIES)}


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_it_plays_its_story(house: House, story: Story) -> None:
    # What differs by the language is the words: of each preset one story is enough.
    if story is FIRST[story.key]:
        with taken_back():
            assert played(house, story, "nl") == in_dutch(story.seen)
            sent = Message.objects.filter(direction="out", template_version__isnull=False)
            assert {message.template_version.language for message in sent} <= {"nl"}
    assert played(house, story, "en") == list(story.seen)


def played(house: House, story: Story, language: str) -> list[str]:
    house.cora.language = language
    house.cora.save()
    with override(language):
        use(story.key)
    work(MONDAY)
    for after, act in story.acts:
        at = MONDAY + after
        with clock.at(at):
            act(house)
        work(at)
    work(at)
    return seen(house)


def in_dutch(lines: Iterable[str]) -> list[str]:
    """What is seen, with the words of what is planned as the trigger has them in Dutch."""
    with override("nl"):
        parts = [line.partition(": ") for line in lines]
        return [f"{who}: {gettext(what)}" if who in NAMES else f"{who}{colon}{what}" for who, colon, what in parts]


def test_partners_are_high_and_what_a_person_set_higher_stays(house: House) -> None:
    for language in ("nl", "en"):
        with taken_back():
            house.cora.language = language
            house.cora.save()
            with override(language):
                used = use("leads.partners")
                preset = rule_preset("leads.partners")
                assert preset is not None
                assert used.name == str(preset.name)
            is_partner(house)
            Ticket.objects.update(priority=Priority.NORMAL)
            work(MONDAY)
            assert ticket().priority == Priority.HIGH
            ticket().prioritize(Priority.URGENT, by=house.ada)
            with clock.at(MONDAY + HOUR):
                writes(house)
            work(MONDAY + HOUR)
            assert ticket().priority == Priority.URGENT


def test_an_offer_nobody_asked_for_is_not_made_and_it_says_why(house: House) -> None:
    use("status.check_up")
    finishes(house)
    work(MONDAY)
    work(MONDAY + 365 * DAY)
    assert "No consent for Marketing" in RuleRun.objects.get().log[0]["words"]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_all_presets_read_and_say_what_they_do(house: House, language: str) -> None:
    # Others have stories of their own: tests/portal/updates/test_presets.py, test_date_presets.py,
    # tests/followups/sequences/test_packs.py, and tests/assistant/labels/test_labelling.py.
    elsewhere = ("updates.", "sequences.", "dates.", "labels.")
    presets = [preset for preset in features.of(RulePreset) if not preset.key.startswith(elsewhere)]
    assert {story.key for story in STORIES} | {"leads.partners"} == {preset.key for preset in presets}
    with override(language):
        for preset in presets:
            read = ReadRule.of(Rule(name=str(preset.name)), preset.definition())
            assert read.problem == "", preset.key
            for step, found in zip(read.definition.steps, read.steps, strict=True):
                if isinstance(step, DoStep) and found:
                    assert found[0].words(chosen_values(found[1])), preset.key


def test_a_dutch_customer_gets_it_in_dutch_and_a_missing_template_is_said(house: House) -> None:
    use("status.new_order")
    house.cora.language = "nl"
    house.cora.save()
    opens(house)
    work(MONDAY)
    sent = Message.objects.get()
    version = TemplateVersion.objects.get(pk=sent.template_version_id)
    assert (version.language, sent.language) == ("nl", "nl")
    for template in Template.objects.filter(key__in=["quote_follow_up", "quote_notification"]):
        template.archive(by=house.ada)
    preset = rule_preset("status.quote_follow_up")
    assert preset is not None
    with pytest.raises(Exception, match="There is no template"):
        preset.definition()
