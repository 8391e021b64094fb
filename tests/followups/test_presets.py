"""Each trigger that comes ready made plays its story on a frozen clock, and reads well in both languages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from comms.channels.interface import Report
from comms.library.seeding import create_library
from comms.models import Channel, Draft, Message, SurveyAnswer, Template, TemplateVersion
from comms.outbox.reports import record
from crm.automation.definition import Definition, Do
from crm.automation.models import AutomationPolicy, Mode, Rule, RuleRun
from crm.automation.registry.presets import RulePreset, rule_preset
from crm.automation.setup import ReadRule, chosen
from crm.documents.models import Document, DocumentKind
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Priority
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.kernel import clock
from crm.platform import features
from crm.platform.events import events
from crm.platform.models import Brand, Event
from crm.platform.tenancy.context import use_tenant
from crm.web.models import Notice
from followups.models import FollowUp
from leads.models import Lead
from tests.automation.rules import work
from tests.cast import Cast, House
from tests.tickets.messages import message
from tickets.models import Participant, Ticket

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in Tampa
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    """The house with channels, its library, and a lead that has stood in "Reached" since now."""
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        brand = Brand.objects.get()
        Brand.objects.update(phone="+18135550100")
        for medium, address in (("email", "desk@suncoast.example"), ("sms", "+18135550100")):
            Channel.create(
                by=None,
                brand=brand,
                medium=medium,
                role="support",
                provider="twilio",
                address=address,
                registration="approved",
            )
        create_library(["en", "nl"])
        AutomationPolicy.set_person_wins(0, by=None)
        lead(cast.house).move_to(cast.house.stage("Reached"), by=cast.house.rita)
        yield cast.house


def lead(house: House) -> Job:
    return Job.objects.get(pk=house.job.pk)


def ticket() -> Ticket:
    found: Ticket = Ticket.objects.get()
    return found


# What people do in the stories.


def opens(house: House) -> None:
    open_job(title="New", person=house.cora, site=None, stage=house.stage("New"), member=house.rita, by=house.rita)


def moves(step: str) -> Callable[[House], None]:
    return lambda house: lead(house).move_to(house.stage(step), by=house.rita)


def is_worth(amount: int) -> Callable[[House], None]:
    return lambda house: Job.objects.filter(pk=house.job.pk).update(value=amount * 100, currency="USD") and None


def finishes(house: House) -> None:
    lead(house).finish(by=house.rita)


def pauses(house: House) -> None:
    lead(house).pause(reason="HOA", until=MONDAY + 60 * DAY, by=house.rita)


def hears(house: House) -> None:
    lead(house).hear("email")


def talks(house: House) -> None:
    lead(house).contact("call", "reached", by=house.rita)


def talks_to_new(house: House) -> None:
    Job.objects.get(title="New").contact("call", "reached", by=house.rita)


def asks(house: House) -> None:
    begun = Ticket.begin(brand=house.job.brand, person=house.cora, medium="email", priority=Priority.URGENT, by=None)
    begun.assign_to(house.sam, by=house.ada)
    writes(house)


def is_partner(house: House) -> None:
    asks(house)
    Participant.objects.create(ticket=ticket(), person=house.cora, role="partner", is_requester=True)
    writes(house)


def writes(house: House) -> None:
    ticket().receive(message("in", at=clock.now(), text="Any news?"))


def complains(house: House) -> None:
    ticket().receive(message("in", at=clock.now(), text="This is unacceptable!"))


def turns(house: House) -> None:
    ticket().turn_to("customer", by=house.sam)


def calls_in_vain(house: House) -> None:
    follows("call", "no_answer")(house)


def follows(kind: str, outcome: str) -> Callable[[House], None]:
    def act(house: House) -> None:
        plan: Any = {"kind": kind, "subject": "Do it", "due_at": clock.now() + HOUR, "by": house.rita}
        FollowUp.plan(**plan, job=lead(house), assignee=house.rita).complete(outcome, by=house.rita)

    return act


def answers(score: int) -> Callable[[House], None]:
    return lambda house: SurveyAnswer.give(lead(house), score, "")


def opens_small(house: House) -> None:
    opens(house)
    Job.objects.filter(title="New").update(value=300_00, currency="USD")


def wins(house: House) -> None:
    Lead.objects.get_or_create(job=lead(house))[0].win(by=house.rita)


def loses(reason: str) -> Callable[[House], None]:
    return lambda house: lead(house).lose(reason, by=house.rita)


def adds_passport(house: House) -> None:
    kind, _new = DocumentKind.objects.get_or_create(name="Passport")
    row = Document.objects.create(
        job=lead(house),
        kind=kind,
        title="Passport",
        media_type="application/pdf",
        size=1,
        taken_at=clock.now(),
        expires_on=(clock.now() + 200 * DAY).date(),
    )
    events.record("document.added", subject=row, by=house.rita, job_id=row.job_id)


def books(house: House) -> None:
    kind = AppointmentType.add("Inspection", by=None)
    Appointment.book(lead(house), kind, clock.now() + HOUR, [house.rita], by=house.rita)


def is_visited(house: House) -> None:
    Appointment.objects.get().complete("successful", by=house.rita)


def nothing(house: House) -> None:
    pass


SAYS = {"rule.told": "is told", "rule.escalated": "is asked"}


def seen(house: House) -> list[str]:
    """What came of it, in order: messages, follow-ups, who was told, and who became more urgent."""
    sent = (
        Message.objects.filter(direction="out").order_by("pk").values_list("medium", "template_version__template__key")
    )
    planned = (
        FollowUp.objects.filter(origin__startswith="rule:").order_by("pk").values_list("assignee__name", "subject")
    )
    told = Notice.objects.filter(kind__in=["rule.told", "rule.escalated"]).order_by("pk")
    drafted = Draft.objects.order_by("pk").values_list("member__name", "medium")
    raised = [str(Priority.HIGH.label)] if lead(house).priority == Priority.HIGH else []
    return [
        *(f"{medium} {key}" for medium, key in sent),
        *(f"{name.split()[0]}: {subject}" for name, subject in planned),
        *(f"{name.split()[0]} has a draft: {medium}" for name, medium in drafted),
        *(f"{name.split()[0]} {SAYS[kind]}" for name, kind in told.values_list("member__name", "kind")),
        *raised,
    ]


@dataclass(frozen=True)
class Story:
    """What happens when, and what comes of it."""

    key: str
    acts: tuple[tuple[timedelta, Callable[[House], None]], ...]
    seen: tuple[str, ...]

    def __str__(self) -> str:
        return self.key


NOW = timedelta()
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
    Story("status.survey_low", ((NOW, answers(2)),), ("Rita: Call: they were not content", "Mona is told")),
    Story("status.survey_low", ((NOW, answers(3)),), ()),
    # An offer without a yes: the gate says no, and the run says why.
    Story("status.check_up", ((NOW, finishes), (365 * DAY, nothing)), ()),
    Story("status.on_hold", ((NOW, pauses),), ("email hold_notification",)),
    Story("status.hold_weekly", ((NOW, pauses), (7 * DAY, nothing)), ("Rita is told",)),
    Story(
        "waiting.customer",
        (*WAITING, (48 * HOUR, nothing), (72 * HOUR, nothing), (14 * DAY, nothing)),
        ("sms checking_in", "email checking_in", "Sam: Call: they have not answered", "Mona is asked"),
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
        ("Sam: Call: they sound upset", "Mona is told"),
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
            "email appointment_confirmation",
            "Rita: Send a summary and the next steps",
            "Rita: Check which documents came in",
        ),
    ),
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
            "Rita: Check which documents came in",
            "Rita: Tell them how it stands",
        ),
    ),
    Story("cases.silent", ((NOW, talks), (60 * DAY, nothing)), ("Rita: Not in touch for 60 days: call",)),
    Story("cases.silent", ((NOW, talks), (50 * DAY, talks), (60 * DAY, nothing)), ()),
    Story("cases.renewal", ((NOW, follows("visa", "successful")),), ("Rita: Check how the renewal stands",)),
    Story(
        "cases.after_meeting",
        ((NOW, follows("meeting", "successful")),),
        ("Rita: Send a summary and the next steps", "Rita: Check which documents came in"),
    ),
    Story("cases.no_answer", ((NOW, calls_in_vain),), ("Rita: Try again",)),
    Story("cases.no_answer", ((NOW, follows("call", "successful")),), ()),
]


def use(key: str) -> Rule:
    preset = rule_preset(key)
    assert preset is not None
    return Rule.add(str(preset.name), preset.definition(), by=None, preset=key, mode=Mode.ON)


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_it_plays_its_story(house: House, story: Story) -> None:
    use(story.key)
    work(MONDAY)
    for after, act in story.acts:
        at = MONDAY + after
        with clock.at(at):
            act(house)
        work(at)
    work(at)
    assert seen(house) == list(story.seen)


def test_partners_are_high_and_what_a_person_set_higher_stays(house: House) -> None:
    use("leads.partners")
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
    assert "No yes to Marketing" in RuleRun.objects.get().log[0]["words"]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_all_presets_read_and_say_what_they_do(house: House, language: str) -> None:
    presets = features.of(RulePreset)
    assert {story.key for story in STORIES} | {"leads.partners"} == {
        preset.key for preset in presets if preset.key.partition(".")[0] in ("status", "waiting", "leads", "cases")
    }
    with override(language):
        # Those of a higher app, with its own templates: tests/portal/updates/test_presets.py.
        for preset in [preset for preset in presets if not preset.key.startswith("updates.")]:
            read = ReadRule.of(Rule(name=str(preset.name)), preset.definition())
            assert read.problem == "", preset.key
            for step, found in zip(read.definition.steps, read.steps, strict=True):
                if isinstance(step, Do) and found:
                    assert found[0].words(chosen(found[1])), preset.key


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


def test_a_decline_is_drafted_in_their_language_never_over_what_somebody_typed_and_never_sent(house: House) -> None:
    house.cora.language = "nl"
    house.cora.save()
    rule = use("leads.decline")
    steps = (Do("message.draft", {"template": "decline", "partner": "Bay Roofing"}),)
    rule.edit(replace(Definition.from_json(rule.version.definition), steps=steps), by=None)
    opens_small(house)
    work(MONDAY)
    draft = Draft.objects.get()
    assert (draft.medium, draft.text.count("Bay Roofing")) == ("email", 1)
    assert "Dank u voor uw aanvraag" in draft.text
    assert "{{" not in draft.text
    Draft.objects.update(text="My own words", job_id=lead(house).pk)
    Job.objects.filter(pk=house.job.pk).update(value=300_00, currency="USD")
    events.record("job.opened", subject=lead(house), by=None, job_id=house.job.pk)
    work(MONDAY)
    assert Draft.objects.get().text == "My own words"
    assert "has begun to write" in RuleRun.objects.get(record_id=house.job.pk).log[0]["words"]
    assert not Message.objects.exists()


def test_a_rule_that_asks_for_it_hears_that_a_message_was_delivered(house: House) -> None:
    channel = Channel.objects.get(medium="email")
    for at, heard in enumerate((0, 1)):
        if heard:
            tells = Do("tell", {"who": "owner", "text": "It is there"})
            Rule.add("Delivered", Definition("job", "job.message_delivered", steps=(tells,)), by=None, mode=Mode.ON)
        message("out", at=clock.now(), job=house.job, channel=channel, provider_id=f"p{at}")
        record(Report(f"p{at}", "delivered", f"e{at}"), channel)
        assert Event.objects.filter(kind="message.delivered").count() == heard
    work(MONDAY)
    assert seen(house) == ["email None", "email None", "Rita is told"]
