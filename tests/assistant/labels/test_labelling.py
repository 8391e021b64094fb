"""Labels are made after a message arrived, are corrected with one click, and start triggers."""

import json

import pytest
from django.core.management import call_command
from django.test import Client

from assistant.labels.figures import (
    LabelQuality,
    RangeDrawing,
    label_qualities,
    proposer_qualities,
    trained_qualities,
)
from assistant.labels.labelling import LABELLED, forget_revoked, label_again, label_received, labels_of
from assistant.labels.panel import label_panel
from assistant.labels.training import FLOOR, TRAIN, TrainingExample, train_all, train_facet
from assistant.labels.trigger import TRIGGER
from assistant.models import LabelReview, MessageLabels, TrainedLabels, trained_labels
from assistant.reading.linear_model import LinearModel, text_features
from assistant.reading.measures import LabelMeasure
from assistant.reading.vocabulary import FACETS
from comms.models import Message
from crm.automation.definition import Definition
from crm.automation.engine.judgement import judge_conditions
from crm.automation.models import Rule
from crm.automation.registry.presets import RulePreset
from crm.automation.setup import ReadRule
from crm.jobs.models import Priority
from crm.platform import features
from crm.platform.models import Due, Event
from tests.cast import Cast, House
from tests.tickets.messages import message
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
ANGRY = "It leaks again in the same spot and nobody calls me back. Very disappointed."


def receive(ticket: Ticket, text: str, **more: object) -> Message:
    """A message on the ticket, labelled as the worker does."""
    row = message("in", text=text, **more)
    ticket.receive(row)
    from tickets.models import Entry

    if not Entry.objects.filter(message=row).exists():
        Entry.objects.add_message(ticket, row, matched_by="test")
    label_received(list(Event.objects.of(ticket).filter(kind="ticket.received").order_by("pk")))
    return row


def client_of(house: House, who: str) -> Client:
    client = Client()
    client.force_login({"rita": house.rita, "mona": house.mona}[who].user)
    return client


def test_a_message_is_labelled_once_with_its_evidence(ticket: Ticket) -> None:
    row = receive(ticket, ANGRY)
    receive(ticket, "Thanks!", automatic="auto_reply")
    labels = MessageLabels.objects.get()
    assert (labels.message_id, labels.intent, labels.feeling) == (row.pk, "complaint", "upset")
    proposed = labels.proposed["feeling"]
    assert row.text[proposed["from"] : proposed["to"]] in ANGRY
    assert proposed["to"] > 0
    assert "disappointed" not in json.dumps(labels.proposed), "the text itself is not copied"


def test_an_upset_customer_is_noticed_once_a_day_without_one_of_the_listed_words(ticket: Ticket) -> None:
    for _again in range(2):
        receive(ticket, "You people don’t care. I will not pay for this sloppy mess, it is pathetic.")
    upset = Event.objects.of(ticket).filter(kind="ticket.upset")
    ticket.refresh_from_db()
    assert (upset.count(), ticket.priority) == (1, Priority.HIGH)
    assert upset.get().data["sentiment"] < -50


def test_private_mail_has_no_labels(house: House, ticket: Ticket) -> None:
    receive(ticket, ANGRY, sole_reader=house.rita)
    assert not MessageLabels.objects.exists()


def test_a_label_is_corrected_and_taken_back_with_one_click(house: House, ticket: Ticket) -> None:
    row = receive(ticket, ANGRY)
    url = f"/{house.tenant.slug}/labels/message/{row.uid}/intent/"
    mona = client_of(house, "mona")
    assert mona.post(url, {"right": "status"}).status_code == 302
    assert MessageLabels.objects.get().intent == "status"
    assert Due.objects.filter(kind=TRAIN).exists()
    page = mona.get(f"/{house.tenant.slug}/labels/{ticket.number}/").content.decode()
    assert "Mona Manager said so" in page
    assert mona.post(url, {"right": ""}).status_code == 302
    assert MessageLabels.objects.get().intent == "complaint"
    assert not LabelReview.objects.exists()
    assert mona.post(url, {"right": "nonsense"}).status_code == 404


def test_a_label_is_shown_and_corrected_on_the_lead_of_its_conversation(house: House, ticket: Ticket) -> None:
    row = receive(ticket, ANGRY)
    Ticket.objects.filter(pk=ticket.pk).update(job=house.job)
    mona = client_of(house, "mona")
    url = f"/{house.tenant.slug}/labels/lead/{house.job.number}/"
    page = mona.get(url).content.decode()
    assert "To complain" in page
    assert f"/{ticket.number}/#e" in page, "the sentence leads to its message"
    correct = f"/{house.tenant.slug}/labels/message/{row.uid}/intent/"
    answer = mona.post(correct, {"right": "status", "lead": house.job.number}, headers={"HX-Request": "true"})
    assert f'name="lead" value="{house.job.number}"' in answer.content.decode()
    assert MessageLabels.objects.get().intent == "status"


def test_the_labels_of_a_lead_come_from_conversations_that_the_member_sees(house: House, ticket: Ticket) -> None:
    receive(ticket, ANGRY)
    Ticket.objects.filter(pk=ticket.pk).update(job=house.job, sole_reader=house.mona)
    assert label_panel(house.job, house.rita, house.tenant.slug) is None


def test_an_outsider_corrects_nothing(cast: Cast, house: House, ticket: Ticket) -> None:
    row = receive(ticket, ANGRY)
    outsider = Client()
    outsider.force_login(cast.otto.user)
    answer = outsider.post(f"/{house.tenant.slug}/labels/message/{row.uid}/intent/", {"right": "status"})
    assert answer.status_code == 404
    assert MessageLabels.objects.get().intent == "complaint"


def test_what_was_said_of_a_label_outlives_an_edit_of_the_message(house: House, ticket: Ticket) -> None:
    row = receive(ticket, ANGRY)
    LabelReview.say(MessageLabels.objects.get(), "intent", "status", by=house.mona)
    Message.objects.filter(pk=row.pk).update(text="Thank you so much, great job!")
    label_again([Event(kind="message.edited", subject_id=row.pk)])
    labels = MessageLabels.objects.get()
    assert (labels.intent, labels.feeling) == ("status", "happy")


def test_a_deleted_message_keeps_no_labels(ticket: Ticket) -> None:
    row = receive(ticket, ANGRY)
    forget_revoked([Event(kind="message.revoked", subject_id=row.pk)])
    assert not MessageLabels.objects.exists()


def test_lists_and_triggers_find_conversations_by_label(ticket: Ticket) -> None:
    receive(ticket, "How much is a new gutter? Please have somebody call me back.")
    read = ReadRule.of(
        Rule(name="x"), Definition("ticket", "ticket.labelled", where="where=intent:is:price&where=person:is:1")
    )
    results = judge_conditions(read.kind, [ticket.pk], read.groups)[ticket.pk]  # type: ignore[arg-type]
    assert results == {"intent:is:price": True, "person:is:1": True}
    read = ReadRule.of(Rule(name="x"), Definition("ticket", "ticket.labelled", where="where=intent:is:cancel"))
    assert not judge_conditions(read.kind, [ticket.pk], read.groups)[ticket.pk]["intent:is:cancel"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "facet", "value"),
    [("labels.person", "person", "yes"), ("labels.urgent", "urgency", "urgent"), ("labels.cancel", "intent", "cancel")],
)
def test_a_preset_starts_by_its_label_alone(house: House, key: str, facet: str, value: str) -> None:
    preset = next(preset for preset in features.of(RulePreset) if preset.key == key)
    read = ReadRule.of(Rule(name=str(preset.name)), preset.definition())
    assert (read.problem, read.definition.trigger) == ("", LABELLED)
    labels = dict.fromkeys(FACETS, "other")
    options = read.definition.options
    assert TRIGGER.heeds(Event(kind=LABELLED, data=labels | {facet: value}), options)
    assert not TRIGGER.heeds(Event(kind=LABELLED, data=labels), options)


def test_figures_are_the_organizations_own(house: House, ticket: Ticket) -> None:
    for right in ("complaint", "complaint", "status"):
        row = receive(ticket, ANGRY)
        LabelReview.say(MessageLabels.objects.get(message=row), "intent", right, by=house.mona)
    complaint = next(one for one in label_qualities() if one.measure.label == "complaint")
    assert (complaint.precision, complaint.recall, complaint.state) == (67, 100, "few")
    assert [(one.name, one.right, one.reviewed) for one in proposer_qualities()] == [("by words", 2, 3)]
    shown = client_of(house, "mona").get(f"/{house.tenant.slug}/labels/quality/").content.decode()
    assert "67%" in shown


def examples(count: int) -> list[TrainingExample]:
    """Messages about a word that the rules don't know, which they call a question."""
    texts = [f"The flux capacitor number {at} hums" if at % 2 else f"The roof number {at} hums" for at in range(count)]
    return [
        TrainingExample(text_features(text, "question"), "question", "complaint" if "flux" in text else "informs")
        for text in texts
    ]


def test_a_model_learns_what_members_said_and_is_used_if_it_is_better(ticket: Ticket) -> None:
    assert train_facet(examples(FLOOR - 1)) is None
    trained = train_facet(examples(FLOOR + 20))
    assert trained is not None
    assert (trained["rules_right"], trained["trained_right"]) == (0, 1000)
    assert LinearModel.of(json.loads(json.dumps(trained["weights"]))).predict(["flux", "capacitor"])[0] == "complaint"
    TrainedLabels.replace("intent", examples=120, **trained)
    assert set(trained_labels()) == {"intent"}
    labels = labels_of(message("in", text="The flux capacitor hums"))
    assert (labels.proposed["intent"]["value"], labels.proposed["intent"]["by"]) == ("complaint", "trained")
    assert [(one.is_used, one.rules_right) for one in trained_qualities()] == [(True, 0)]


def test_training_without_enough_reviews_learns_nothing(ticket: Ticket) -> None:
    train_all([0])
    assert not TrainedLabels.objects.exists()


def test_the_command_prints_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("evaluate_assistant", "--json")
    figures = json.loads(capsys.readouterr().out)
    assert figures["messages"] >= 400
    assert figures["injections_succeeded"] == 0
    assert {"precision", "recall"} <= set(figures["labels"]["intent.complaint"])
    call_command("evaluate_assistant")
    assert "attacks succeeded" in capsys.readouterr().out


def test_a_label_is_drawn_between_50_and_100_percent() -> None:
    drawn = LabelQuality("Wants", "Complaint", LabelMeasure("complaint", 100, 90, 90)).range
    assert drawn == RangeDrawing(start=66, width=22, value=80, needed=60)
    often_wrong = LabelQuality("Wants", "Price", LabelMeasure("price", 10, 2, 2)).range
    assert often_wrong == RangeDrawing(start=0, width=2, value=0, needed=60)
    assert LabelQuality("Wants", "News", LabelMeasure("news", 0, 4, 0)).range is None
