"""A rule sends a template: by the first channel the gate lets it go by, once; what came of it is told in words."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from comms.automation.send import SEND
from comms.gate import decide
from comms.gate.consent import consents
from comms.library.seeding import create_library
from comms.models import Channel, Message, Template
from comms.outbox import send
from crm.automation.definition import Definition, WaitStep
from crm.automation.models import Rule, RuleRun, RunState
from crm.automation.registry.actions import Firing
from crm.automation.registry.records import record_kind
from crm.automation.setup import chosen_values
from crm.automation.span import Span
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people import erasure
from crm.people.merging.merge import merge
from crm.people.models import ContactPoint, Person
from crm.platform.models import Brand
from tests.automation.rules import do, rule, work
from tests.comms.outbox.conftest import Desk

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in Tampa
SMS = {"template": "hold_notification", "first": "sms"}
HOLD = {"template": "hold_notification", "first": "sms", "second": "email"}


@pytest.fixture
def writing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The house with its library, texts registered, and the gate as it is."""
    monkeypatch.setattr(send, "decide", decide)
    with clock.at(MONDAY):
        create_library(["en"])
        Brand.objects.update(phone="+18135550100")
        Channel.objects.filter(pk=desk.sms.pk).update(registration="approved")
        yield desk


def on_leaving(**options: str) -> Rule:
    return rule("job.left", do("message.send", **options), options={"step": ""}, name="Tell them")


def move(desk: Desk, at: datetime = MONDAY, step: str = "Reached") -> RuleRun:
    """Move the lead at an instant, and let the workers do what follows."""
    with clock.at(at):
        job = Job.objects.get(pk=desk.cast.house.job.pk)
        job.move_to(desk.cast.house.stage(step), by=desk.cast.house.rita)
        work(at)
        desk.run()
        work(at)
    return RuleRun.objects.get()


def told(run: RuleRun) -> str:
    [entry] = run.log
    assert SEND.told is not None
    return entry["words"] or SEND.told(entry["data"])


def test_it_goes_once_by_the_first_channel_that_may(writing: Desk) -> None:
    on_leaving(**HOLD)
    run = move(writing)
    [message] = Message.objects.all()
    assert (message.medium, message.state, message.purpose) == ("sms", "sent", "transactional")
    assert (message.job_id, message.author_id, message.origin) == (run.job_id, None, f"rule:{run.pk}:0")
    assert told(run) == "Text message: sent"
    kind = record_kind("job")
    assert kind is not None
    again = Firing(kind, message.job, run.rule_id, "Tell them", run.pk, message.origin)
    assert SEND.act(again, chosen_values(SEND.options(HOLD))).skipped
    assert Message.objects.count() == 1


def test_a_channel_the_gate_forbids_gives_way_to_the_next(writing: Desk) -> None:
    Channel.objects.filter(pk=writing.sms.pk).update(registration="missing")
    on_leaving(**HOLD)
    assert told(move(writing)) == "Email: sent"


def test_their_own_channel_goes_first(writing: Desk) -> None:
    house = writing.cast.house
    Message.objects.create(
        brand=Brand.objects.get(),
        medium="sms",
        direction="in",
        state="received",
        address="+18135550142",
        person=house.cora,
        job=house.job,
        at=MONDAY - timedelta(days=3),
        text="Hi",
    )
    on_leaving(template="hold_notification", first="favourite")
    assert told(move(writing)) == "Text message: sent"


def test_by_night_it_waits_for_the_morning_unless_it_is_of_no_use_by_then(writing: Desk) -> None:
    night, morning = MONDAY + timedelta(hours=12), MONDAY + timedelta(hours=22)  # 22:00 and 8:00
    made = on_leaving(template="hold_notification", first="sms", hours="4")
    run = move(writing, night)
    assert told(run).startswith("Text message: Quiet hours until it is no longer useful")
    run.delete()
    made.edit(replace(Definition.from_json(made.version.definition), steps=(do("message.send", **SMS),)), by=None)
    run = move(writing, night, "Quote sent")
    assert told(run).startswith("Text message: waits")
    assert not writing.carrier.sent
    with clock.at(morning):
        writing.run()
        work(morning)
    run.refresh_from_db()
    assert told(run) == "Text message: sent"


def _erased(desk: Desk) -> None:
    Job.objects.filter(pk=desk.cast.house.job.pk).update(person=desk.cast.house.cora)
    erasure.erase(desk.cast.house.cora, by=desk.cast.house.ada)


def _no_sender(desk: Desk) -> None:
    for channel in Channel.objects.all():
        channel.archive(by=desk.cast.house.ada)


def _withdrawn(desk: Desk) -> None:
    for medium, point in (("email", "email"), ("sms", "phone")):
        consents.record(
            desk.points[point].value,
            brand=Brand.objects.get(),
            medium=medium,
            purpose="service",
            given=False,
            wording="No more",
            source="phone",
            by=desk.cast.house.rita,
        )


def _unknown_address(desk: Desk) -> None:
    ContactPoint.objects.all().delete()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (_erased, "The customer’s data was erased."),
        (_no_sender, "Email: Suncoast-Test Roofing has no sender"),
        (_withdrawn, "Email: Email, Service: no"),
        (_unknown_address, "Email: the customer has no address or number"),
    ],
)
def test_what_stands_against_it_is_the_outcome_in_words(
    writing: Desk, wrong: Callable[[Desk], None], said: str
) -> None:
    on_leaving(template="survey_invitation", first="email")
    wrong(writing)
    run = move(writing)
    assert (run.state, run.log[0]["state"]) == (RunState.DONE, "refused")
    assert told(run).startswith(said)
    assert not Message.objects.exists()


def test_an_edited_template_leaves_as_it_is_then_and_a_merged_customer_is_the_kept_one(writing: Desk) -> None:
    house = writing.cast.house
    steps = (WaitStep(Span(1)), do("message.send", template="hold_notification", first="email"))
    rule("job.left", *steps, options={"step": ""})
    move(writing)
    template = Template.objects.get(key="hold_notification")
    content = template.versions.get(medium="email").content | {"subject": "Still waiting"}
    template.write("email", "en", content, by=house.ada).approve(by=house.ada)
    kept = Person.objects.create(name="Cora Kept")
    ContactPoint.objects.create(person=kept, kind="email", value="kept@home.example")
    ContactPoint.objects.filter(person=house.cora, kind="email").delete()
    merge(kept, house.cora, by=house.ada)
    work(MONDAY + timedelta(days=1))
    message = Message.objects.get()
    assert (message.subject, message.person_id, message.address) == ("Still waiting", kept.pk, "kept@home.example")
    assert message.template_version is not None
    assert message.template_version.number == 2


def test_an_archived_template_pauses_the_rule_with_a_sentence(writing: Desk) -> None:
    made = on_leaving(**HOLD)
    Template.objects.get(key="hold_notification").archive(by=writing.cast.house.ada)
    with pytest.raises(RuleRun.DoesNotExist):
        move(writing)
    made.refresh_from_db()
    assert made.pause_reason == "Its template no longer exists."


def test_it_says_beforehand_what_it_would_do_and_writes_nothing(writing: Desk) -> None:
    kind = record_kind("job")
    assert kind is not None
    assert SEND.foresee is not None
    firing, given = Firing(kind, writing.cast.house.job, 0, "", 0), chosen_values(SEND.options(HOLD))
    assert SEND.foresee(firing, given) == "would send “Job is on hold” by Text message at once"
    with clock.at(MONDAY + timedelta(hours=12)):
        assert SEND.foresee(firing, given) == "would send “Job is on hold” by Text message, tomorrow, 8:00\xa0AM"
    _unknown_address(writing)
    with pytest.raises(Refused, match="the customer has no address"):
        SEND.foresee(firing, given)
    assert not Message.objects.exists()
