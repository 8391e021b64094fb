"""The gate against the database: what it reads, in which order it decides, and the row it writes."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from comms.gate import decide, decide_all, preview
from comms.gate.candidate import SendCandidate
from comms.gate.consent.consents import record
from comms.gate.consent.suppressions import lift, suppress, suppress_person
from comms.gate.departure import departure, pull_forward
from comms.gate.recipients import facts_of
from comms.models import Consent, Decision, KillSwitch, Message, SendingPolicy, Suppression
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person, Property
from crm.platform.models import Brand, Event
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, House
from tests.comms.gate.conftest import channel, message
from tests.queries import data_queries
from tests.together import together

# Eleven in the morning in Tampa, on a Tuesday.
NOON = datetime(2026, 5, 12, 15, 0, tzinfo=UTC)
NIGHT = datetime(2026, 5, 13, 1, 0, tzinfo=UTC)


def test_sends_and_writes_down_every_rule_it_passed(house: House) -> None:
    text = message(house, channel())
    with clock.at(NOON):
        assert decide(text).outcome == "send"
    row = Decision.objects.get()
    assert (row.message_id, row.outcome, row.rule, row.attempt, row.purpose) == (text.pk, "send", "", 1, "service")
    rules = "purpose stops consent channel duplicates caps quiet_hours text".split()
    assert [check["rule"] for check in row.checks] == rules
    assert all(check["passed"] for check in row.checks)


def test_names_the_rule_that_decided_and_asks_no_further(house: House) -> None:
    suppress("+18135550142", "stop", source="message", medium="sms")
    verdict = decide(message(house, channel()))
    assert (verdict.outcome, verdict.reason, verdict.rule) == ("drop", "stop", "stops")
    assert [check["rule"] for check in Decision.objects.get().checks] == ["purpose", "stops"]
    assert "asked us to stop" in verdict.words


def test_counts_its_tries(house: House) -> None:
    text = message(house, channel())
    with clock.at(NIGHT):
        waits = decide(text)
    with clock.at(waits.until or NIGHT):
        assert decide(text).outcome == "send"
    assert waits.until == datetime(2026, 5, 13, 12, 0, tzinfo=UTC)
    assert list(Decision.objects.order_by("pk").values_list("attempt", "outcome")) == [(1, "defer"), (2, "send")]


def test_decisions_are_never_changed(house: House) -> None:
    decide(message(house, channel()))
    for change in (partial(Decision.objects.update, outcome="send"), Decision.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_foreseeing_writes_nothing(house: House) -> None:
    text = message(house, channel())
    assert preview(SendCandidate.of(text), at=NIGHT).reason == "quiet_hours"
    assert not Decision.objects.exists()


def test_zone_is_that_of_the_work_and_not_of_the_number(house: House) -> None:
    Property.objects.update(region="HI", postcode="96801")
    with clock.at(NOON):
        assert decide(message(house, channel())).until == datetime(2026, 5, 12, 18, 0, tzinfo=UTC)


def test_zone_without_a_place_is_that_of_the_area_code(house: House) -> None:
    stranger = Person.objects.create(name="Wim West")
    text = message(house, channel(), person=stranger, job=None, address="+14155550142", purpose="transactional")
    with clock.at(NOON):
        assert decide(text).outcome == "send"
    with clock.at(NOON - timedelta(hours=1)):
        assert decide(text).until == NOON


def test_switch_of_the_brand_holds_until_it_is_taken_off(house: House) -> None:
    text, brand = message(house, channel()), Brand.objects.get()
    switch = KillSwitch.switch_on(brand=brand, reason="wrong prices", by=house.mona)
    with clock.at(NOON):
        held = decide(text)
        switch.end(by=house.mona)
        assert (held.outcome, held.until) == ("defer", None)
        assert decide(text).outcome == "send"
    assert "Mona Manager" in held.words
    assert "wrong prices" in held.words


def test_switch_needs_a_reason_and_is_put_once(house: House) -> None:
    with pytest.raises(Refused):
        KillSwitch.switch_on(reason=" ", by=house.mona)
    first = KillSwitch.switch_on(person=house.cora, reason="in court", by=house.mona)
    assert KillSwitch.switch_on(person=house.cora, reason="again", by=house.rita) == first
    KillSwitch.switch_on(reason="everything", by=house.mona)
    assert KillSwitch.objects.on().count() == 2
    assert Event.objects.filter(kind="kill_switch.put").count() == 2


def test_consent_is_that_of_the_address_medium_purpose_and_brand(house: House) -> None:
    by = channel("email", provider="smtp")
    say = partial(record, "Cora@suncoast-test-mail.example", brand=by.brand, medium="email", purpose="service")
    mail = message(house, by)
    assert decide(mail).outcome == "send"
    say(given=False, wording="No more mail", source="call")
    assert decide(mail).reason == "consent_withdrawn"
    say(given=True, wording="Do write me", source="call")
    assert decide(mail).outcome == "send"
    assert [entry.given for entry in Consent.objects.order_by("pk")] == [False, True]


def test_consent_needs_its_words_and_is_never_changed(house: House) -> None:
    say = partial(record, "c@example.com", brand=Brand.objects.get(), medium="email", purpose="marketing", given=True)
    with pytest.raises(Refused):
        say(wording=" ", source="call")
    assert say(wording="Yes", source="form") == say(wording="Yes", source="form")
    with pytest.raises(DatabaseError), transaction.atomic():
        Consent.objects.update(given=False)


def test_suppression_is_once_and_lifted_with_a_reason(house: House) -> None:
    text = message(house, channel())
    first = suppress(text.address, "stop", source="message", medium="sms", brand=text.brand)
    assert suppress(text.address, "stop", source="message", medium="sms", brand=text.brand) == first
    assert text.address not in str(Suppression.objects.values())
    with pytest.raises(Refused):
        lift(first, "", by=house.mona)
    lift(first, "They called and asked for it", by=house.mona)
    with clock.at(NOON):
        assert decide(text).outcome == "send"


def test_person_is_suppressed_at_every_address(house: House) -> None:
    suppress_person(house.cora, "deceased", by=house.mona)
    for medium in ("sms", "email"):
        assert decide(message(house, channel(medium), address=f"+1813555010{len(medium)}")).reason == "deceased"


def test_erased_address_stays_suppressed(house: House) -> None:
    suppress("Dots.Matter@example.com", "unsubscribed", source="link", medium="email")
    by = channel("email")
    assert decide(message(house, by, person=None, job=None, address="dots.matter@EXAMPLE.com")).reason == "unsubscribed"
    assert (
        decide(message(house, by, person=None, job=None, address="dotsmatter@example.com")).reason == "no_relationship"
    )


def test_window_is_of_the_sender_they_wrote_to(house: House) -> None:
    one, other = channel("whatsapp"), channel("whatsapp", address="+18135550101")
    with clock.at(NOON):
        message(house, one, direction="in", state="received", author=None, at=NOON - timedelta(hours=3))
        assert decide(message(house, one)).outcome == "send"
        assert decide(message(house, other)).reason == "window_shut"


def test_limits_are_the_organizations(house: House) -> None:
    SendingPolicy(weekly_emails=1, weekly_texts=9, transactional_counts=True).save()
    limits = facts_of([SendCandidate.of(message(house, channel()))], NOON)[0].limits
    assert (limits.emails, limits.texts, limits.transactional_counts) == (1, 9, True)


def test_reminder_is_planned_before_the_quiet_it_falls_into(house: House) -> None:
    """Two hours before a visit at nine is seven, quiet on WhatsApp: 21:59 the evening before (docs/rules.md#k3)."""
    nine = datetime(2026, 5, 14, 13, 0, tzinfo=UTC)
    reminder = message(house, channel("whatsapp"), send_at=nine - timedelta(hours=2), useful_until=nine)
    with clock.at(NOON):
        assert departure(reminder) == datetime(2026, 5, 14, 1, 59, tzinfo=UTC)
        reminder.useful_until = None
        assert departure(reminder) == datetime(2026, 5, 14, 12, 0, tzinfo=UTC)


def test_statements_do_not_grow_with_messages(house: House) -> None:
    by = channel()
    # The configuration is read once a process.
    decide(message(house, by, direction="in", state="received", author=None))
    queries = []
    for count in (1, 7):
        batch = [message(house, by) for _ in range(count)]
        batch = list(Message.objects.select_related("channel").filter(pk__in=[one.pk for one in batch]))
        with data_queries() as asked:
            decide_all(batch)
        queries.append(len(asked))
    assert queries == [3, 3], "the lock, what is known, the decisions"


def test_other_tenants_see_nothing_of_it(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        suppress("+18135550142", "stop", source="message")
        KillSwitch.switch_on(reason="theirs", by=cast.house.mona)
    with use_tenant(cast.other.tenant):
        by = channel(address="+31612345678")
        text = message(cast.other, by, address="+18135550142")
        with clock.at(NOON):
            assert decide(text).reason not in ("stop", "switched_off")


@pytest.mark.django_db(transaction=True)
def test_stop_that_comes_while_a_message_is_decided_waits_and_the_next_is_dropped() -> None:
    """Whichever is first, no message is claimed after a STOP was committed."""
    from tests.cast import load_cast

    house = load_cast().house
    with use_tenant(house.tenant):
        by = channel()
        texts = [message(house, by) for _ in range(4)]

    def claim(text: Message) -> Any:
        with use_tenant(house.tenant), clock.at(NOON):
            verdict = decide(text)
            if verdict.may_send:
                Message.objects.filter(pk=text.pk).update(state="sending")
            return verdict.outcome

    def stop() -> Any:
        with use_tenant(house.tenant), clock.at(NOON):
            suppress("+18135550142", "stop", source="message", medium="sms")
            # What was claimed before the STOP is all that ever will be.
            return Message.objects.filter(state="sending").count()

    *_outcomes, claimed = together(*(partial(claim, text) for text in texts), stop)
    with use_tenant(house.tenant):
        assert Message.objects.filter(state="sending").count() == claimed
        assert claim(texts[0]) == "drop"


def test_reminder_that_is_queued_moves_before_the_quiet(house: House) -> None:
    nine = datetime(2026, 5, 14, 13, 0, tzinfo=UTC)
    with clock.at(NOON):
        reminder = message(
            house, channel("whatsapp"), state="held", send_at=nine - timedelta(hours=2), useful_until=nine
        )
        for _ in range(2):
            pull_forward([reminder.pk])
    reminder.refresh_from_db()
    assert reminder.send_at == datetime(2026, 5, 14, 1, 59, tzinfo=UTC)


def test_text_with_a_hole_asks_a_person(house: House) -> None:
    with clock.at(NOON):
        said = decide(message(house, channel(), text="Dear {{ customer.name }}, {{customer.name}} {{ report.link }}"))
    assert (said.outcome, said.reason) == ("needs_human", "missing")
    assert "customer.name, report.link" in said.words
