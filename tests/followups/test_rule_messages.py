"""What rules write, or draft: in the customer's language, never over somebody's words, and when it would leave."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comms.channels.interface import ProviderReport
from comms.models import Channel, Draft, Message
from comms.outbox.reports import record_report
from crm.automation.definition import Definition, DoStep, Once, RuleLimit
from crm.automation.models import Mode, Rule, RuleRun
from crm.automation.preview.planned_steps import planned_departures, planned_steps
from crm.automation.registry.figures import rule_figures
from crm.automation.span import Span
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Event
from followups.automation.presets import parts
from tests.automation.rules import rule, work
from tests.cast import Cast, House
from tests.followups.preset_acts import (
    DAY,
    HOUR,
    MONDAY,
    lead,
    opens_small,
    seen,
    use,
    writing,
)
from tests.tickets.messages import message


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with writing(cast) as house:
        yield house


def test_a_decline_is_drafted_in_their_language_never_over_what_somebody_typed_and_never_sent(house: House) -> None:
    house.cora.language = "nl"
    house.cora.save()
    rule = use("leads.decline")
    assert rule.version is not None
    steps = (DoStep("message.draft", {"template": "decline", "partner": "Bay Roofing"}),)
    rule.edit(replace(Definition.from_json(rule.version.definition), steps=steps), by=None)
    opens_small(house)
    work(MONDAY)
    draft = Draft.objects.get()
    assert (draft.medium, draft.text.count("Bay Roofing")) == ("email", 1)
    assert "Dank je voor je aanvraag" in draft.text
    assert "{{" not in draft.text
    Draft.objects.update(text="My own words", job_id=lead(house).pk)
    Job.objects.filter(pk=house.job.pk).update(value=300_00, currency="USD")
    events.record("job.opened", subject=lead(house), by=None, job_id=house.job.pk)
    work(MONDAY)
    assert Draft.objects.get().text == "My own words"
    assert "has already started a draft" in RuleRun.objects.get(record_id=house.job.pk).log[0]["words"]
    assert not Message.objects.exists()


def test_a_rule_that_asks_for_it_hears_that_a_message_was_delivered(house: House) -> None:
    channel = Channel.objects.get(medium="email")
    for at, heard in enumerate((0, 1)):
        if heard:
            tells = DoStep("tell", {"who": "owner", "text": "Tick"})
            Rule.add("Delivered", Definition("job", "job.message_delivered", steps=(tells,)), by=None, mode=Mode.ON)
        message("out", at=clock.now(), job=house.job, channel=channel, provider_id=f"p{at}")
        record_report(ProviderReport(f"p{at}", "delivered", f"e{at}"), channel)
        assert Event.objects.filter(kind="message.delivered").count() == heard
    work(MONDAY)
    assert seen(house) == ["email None", "email None", "Rita is told"]


def test_beside_a_trigger_stands_what_came_of_its_messages(house: House) -> None:
    sends = parts.send_message("checking_in", by=("email",))
    made = rule("job.entered", sends, options={"step": house.stage("Quote sent").pk}, limit=RuleLimit(Once.ALWAYS))
    for hour, step in enumerate(("Quote sent", "Scheduled", "Quote sent")):
        with clock.at(MONDAY + hour * DAY):
            lead(house).move_to(house.stage(step), by=house.rita)
        work(MONDAY + hour * DAY)

    def said() -> list[str]:
        with clock.at(MONDAY + 9 * DAY):
            return rule_figures(made.pk, MONDAY - DAY)

    assert said() == []
    first, last = Message.objects.filter(origin__startswith="rule:").order_by("pk")
    Message.objects.filter(pk=first.pk).update(state="sent")
    message("in", at=MONDAY + DAY, text="STOP", person=house.cora, request="stop")
    assert said() == ["1 message sent", "0 answered within 7 days (0%)"]
    message("in", at=MONDAY + DAY, text="Yes", person=house.cora)
    assert said() == ["1 message sent", "1 answered within 7 days (100%)"]
    Message.objects.filter(pk=last.pk).update(state="failed")
    assert said()[-1] == "1 failed"
    client = Client()
    with clock.at(MONDAY + 9 * DAY):
        client.force_login(house.ada.user)
        page = client.get(f"/{house.tenant.slug}/triggers/{made.uid}/").content.decode()
    assert "1 message sent · 1 answered within 7 days (100%) · 1 failed" in page


def test_the_preview_says_when_the_gate_would_let_a_message_go(house: House) -> None:
    step = {"step": str(house.stage("Reached").pk)}
    rows = (("Night", "checking_in", 4), ("Day", "checking_in", 11), ("Offer", "maintenance_reminder", 11))
    for name, key, hour in rows:
        sends = (parts.send_message(key, by=("sms",)),)
        definition = Definition("job", "job.stays", options=step, span=Span(3), at_hour=hour, steps=sends)
        Rule.add(name, definition, by=None, mode=Mode.ON)
    work(MONDAY)
    planned = planned_steps()
    leaving = planned_departures(planned)
    told = {one.rule.name: leaving[place] for place, one in enumerate(planned)}
    assert all(one.writes_to_customer for one in planned)
    assert (told["Day"].at, told["Day"].words) == (None, ""), "as planned"
    night = next(one for one in planned if one.rule.name == "Night")
    assert told["Night"].at is not None
    assert night.at < told["Night"].at < night.at + 6 * HOUR
    assert "Quiet" in told["Night"].words
    assert told["Offer"].at is None
    assert "No consent for Marketing" in told["Offer"].words
    with CaptureQueriesContext(connection) as few:
        planned_departures(planned[:1])
    with CaptureQueriesContext(connection) as many:
        planned_departures(planned * 5)
    assert len(many) == len(few)
    client = Client()
    client.force_login(house.ada.user)
    page = client.get(f"/{house.tenant.slug}/triggers/ahead/").content.decode()
    assert "3 messages" in page
    assert "would not be sent: No consent for Marketing" in page
