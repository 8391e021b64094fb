"""Reports of providers and bounces by mail: recorded once, believed, and fed to the one suppression list."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from comms.addresses import address_key
from comms.channels.interface import ProviderReport, Unknown
from comms.gate import decide
from comms.models import DeliveryReport, Message, SenderProfile, Suppression
from comms.outbox import reports
from crm.kernel import clock
from crm.people.models import ContactPoint
from crm.platform.models import Event
from tests.comms.outbox.conftest import Desk


@pytest.fixture
def sent(desk: Desk) -> Message:
    message = desk.write()
    desk.run()
    message.refresh_from_db()
    return message


def report(desk: Desk, kind: str, **fields: Any) -> Message | None:
    given: dict[str, Any] = {"provider_id": "id-0", "event_id": f"e-{kind}"}
    return reports.record_report(ProviderReport(kind=kind, **given | fields), desk.mail)


def test_a_report_is_recorded_once(desk: Desk, sent: Message) -> None:
    for _ in range(2):
        assert report(desk, "delivered") == sent
    sent.refresh_from_db()
    assert (sent.delivery, DeliveryReport.objects.count()) == ("delivered", 1)


@pytest.mark.parametrize("names", [{"provider_id": "stranger"}, {"provider_id": ""}, {"key": "nonsense"}])
def test_one_about_nobodys_message_is_given_back(desk: Desk, sent: Message, names: dict[str, str]) -> None:
    assert report(desk, "delivered", **{"provider_id": "x"} | names) is None


def test_it_is_found_by_our_key_or_message_id_as_well(desk: Desk, sent: Message) -> None:
    assert report(desk, "delivered", provider_id="", key=str(sent.uid)) == sent
    assert report(desk, "opened", provider_id="", message_id=sent.message_id) == sent
    assert report(desk, "clicked", provider_id="", message_id=sent.message_id.replace("tl.", "tl.0")) is None


def test_what_nobody_knew_of_is_known_by_its_report(desk: Desk) -> None:
    desk.carrier.answers = [Unknown("silence")]
    message = desk.write()
    desk.run()
    assert desk.state(message) == "unknown"
    report(desk, "delivered", provider_id="theirs", key=str(message.uid))
    assert (desk.state(message), message.provider_id, message.delivery) == ("sent", "theirs", "delivered")


@pytest.mark.parametrize(
    ("kind", "permanent", "reason"),
    [
        ("bounced", True, "hard_bounce"),
        ("bounced", False, None),
        ("complained", False, "complaint"),
        ("unsubscribed", False, "unsubscribed"),
        ("failed", True, "hard_bounce"),
        ("delivered", False, None),
    ],
)
def test_what_stops_further_mail(desk: Desk, sent: Message, kind: str, permanent: bool, reason: str | None) -> None:
    report(desk, kind, is_permanent=permanent, detail="550 no such user")
    assert [row.reason for row in Suppression.objects.in_force()] == ([reason] if reason else [])
    verdict = decide(desk.write(purpose="service", by=desk.cast.house.rita, text="Another"))
    assert (verdict.outcome == "drop") == (reason is not None)


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ("552 5.2.2 mailbox full", "Their mailbox is full"),
        ("552 5.3.4 message size exceeds limit", "too large"),
        ("550 5.7.1 rejected as spam", "spam"),
        ("550 5.7.26 DMARC policy", "SPF, DKIM and DMARC"),
        ("554 5.7.1 blocked using a list", "blocks email from us"),
        ("450 4.7.1 greylisted", "no email at the moment"),
        ("550 5.4.1 Recipient address rejected: Access denied", "rules don’t allow it"),
        ("554 Transaction failed", "554 Transaction failed"),
    ],
)
def test_a_refusal_of_one_message_is_told_and_leaves_the_address(
    desk: Desk, sent: Message, detail: str, words: str
) -> None:
    report(desk, "bounced", is_permanent=True, detail=detail)
    sent.refresh_from_db()
    assert (sent.delivery, Suppression.objects.count()) == ("bounced", 0)
    assert words in sent.error
    assert words in Event.objects.of(sent).get(kind="message.bounced").data["reason"]


def test_a_bounce_noted_in_dutch_is_told_in_the_readers_language(desk: Desk, sent: Message) -> None:
    with translation.override("nl"):
        report(desk, "bounced", is_permanent=True, detail="552 5.2.2 mailbox full")
    sent.refresh_from_db()
    assert "Their mailbox" not in sent.error
    assert sent.error_text == "Their mailbox is full: try again later, or call. (552 5.2.2 mailbox full)"
    sent.set_error("")
    assert sent.error_text == ""


def test_of_several_bounces_the_final_and_newest_gives_the_reason(desk: Desk, sent: Message) -> None:
    bounces = [("1", False, "450 4.7.1 greylisted"), ("2", True, "550 no such user"), ("3", False, "452 mailbox full")]
    for event_id, permanent, detail in bounces:
        report(desk, "bounced", event_id=event_id, is_permanent=permanent, detail=detail)
    sent.refresh_from_db()
    assert "The address does not exist" in sent.error


def test_a_copy_that_came_back_marks_its_own_address_and_not_the_message(desk: Desk) -> None:
    message = desk.write(participants={"cc": [["Pal", "pal@pal.example"]]})
    desk.run()
    report(desk, "bounced", is_permanent=True, detail="550 no such user", recipient="Pal@pal.example")
    message.refresh_from_db()
    assert (message.delivery, message.error) == ("", "")
    assert Suppression.objects.get().key == address_key("pal@pal.example")
    assert Event.objects.of(message).filter(kind="message.copy_bounced").exists()


def test_one_event_about_the_recipient_and_a_copy_is_two_reports(desk: Desk) -> None:
    message = desk.write(participants={"cc": [["Pal", "pal@pal.example"]]})
    desk.run()
    for address in (message.address, "pal@pal.example"):
        report(desk, "bounced", is_permanent=True, detail="550 no such user", recipient=address)
    keys = Suppression.objects.values_list("key", flat=True)
    assert set(keys) == {address_key(message.address), address_key("pal@pal.example")}


def test_a_later_delivery_lifts_the_mark_and_an_earlier_one_does_not(desk: Desk, sent: Message) -> None:
    other = desk.write(text="Another")
    desk.run()
    report(desk, "bounced", is_permanent=True, detail="550 no such user")
    report(desk, "delivered", provider_id="id-1", at=clock.now() - timedelta(hours=1))
    assert Suppression.objects.in_force().count() == 1
    report(desk, "delivered", provider_id="id-1", event_id="later", at=clock.now())
    assert Suppression.objects.in_force().count() == 0
    assert Event.objects.filter(kind="suppression.lifted").count() == 1
    assert other.pk != sent.pk


def test_a_delivery_lifts_no_wish_of_theirs(desk: Desk, sent: Message) -> None:
    report(desk, "complained")
    report(desk, "delivered")
    assert Suppression.objects.in_force().get().reason == "complaint"


def test_a_mail_that_came_back_goes_on_by_the_next_channel(desk: Desk) -> None:
    desk.sms.registration = "approved"
    desk.sms.save()
    SenderProfile.objects.create(brand=desk.mail.brand, fallback={"service": ["email", "sms"]})
    message = desk.write(by=desk.cast.house.rita)
    desk.run()
    message.refresh_from_db()
    for _ in range(2):
        reports.record_mail_bounce(message, permanent=True, detail="5.1.1", event_id="bounce-1")
    assert Event.objects.of(message).filter(kind="message.bounced").count() == 1
    assert Message.objects.get(instead_of=message).medium == "sms"


@pytest.mark.parametrize("first", [False, True])
def test_the_first_final_bounce_goes_on_also_after_one_that_may_pass(desk: Desk, first: bool) -> None:
    SenderProfile.objects.create(brand=desk.mail.brand, fallback={"service": ["email"]})
    message = desk.write(by=desk.cast.house.rita)
    desk.run()
    for number, permanent in enumerate((first, True, True)):
        message.refresh_from_db()
        reports.record_mail_bounce(message, permanent=permanent, detail="5.1.1", event_id=f"bounce-{number}")
    message.refresh_from_db()
    assert message.call_wanted_at is not None
    assert Event.objects.of(message).filter(kind="message.call_wanted").count() == 1


def test_a_landline_is_no_next_channel_for_a_text_and_somebody_calls(desk: Desk) -> None:
    SenderProfile.objects.create(brand=desk.mail.brand, fallback={"service": ["email", "sms"]})
    message = desk.write(by=desk.cast.house.rita)
    ContactPoint.objects.filter(person=message.person, kind="phone").update(value="+31240013228")
    desk.run()
    message.refresh_from_db()
    reports.record_mail_bounce(message, permanent=True, detail="5.1.1", event_id="bounce-1")
    message.refresh_from_db()
    assert not Message.objects.filter(instead_of=message).exists()
    assert message.call_wanted_at is not None


def test_a_bounce_is_of_the_mail_it_names_or_the_last_one_to_the_address(desk: Desk, sent: Message) -> None:
    later = desk.write(text="Once more")
    desk.run()
    later.refresh_from_db()
    assert later.state == "sent", later.error
    assert reports.find_bounced(sent.message_id, "") == sent
    assert reports.find_bounced("<other@x>", sent.address.upper(), desk.mail) == later
    assert reports.find_bounced("<other@x>", "stranger@x.example") is None
    assert reports.find_bounced("", "") is None
