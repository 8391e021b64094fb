"""Members away get one text of what waits: at a number they confirmed, through the gate, and with no customer in it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from comms.channels.interface import ReceivedFile, ReceivedText
from comms.gate.judgement import decide
from comms.gate.verdict import Outcome
from comms.inbound import inbound_storage
from comms.inbound.inbound_result import InboundResult
from comms.inbound.media import FETCH
from comms.inbound.messaging.texts import receive_text
from comms.library.seeding import create_missing
from comms.models import Channel, Inbound, Message, Suppression, TemplateVersion
from comms.outbox.notice_template import NOTICE_TEMPLATE
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.models import Brand, Due, StaffMail
from crm.platform.models.tenant import configuration_changed
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.tasks import dispatch_events
from crm.web.models import NoticeWay, StaffNumber
from crm.web.models.staff_number import MOST_CODES, MOST_TRIES
from crm.web.notices.delivery.mails import mail_due_notices
from crm.web.notices.delivery.texts import WHATSAPP, text_sender
from crm.web.notices.notify import notify
from crm.web.notices.preferences import save_preference
from tests.cast import Cast, House
from tickets.models import Ticket

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in New York
MINUTE = timedelta(minutes=1)
NUMBER = "+18135550123"


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        Channel.create(
            by=None,
            brand=Brand.objects.get(),
            medium="sms",
            role="support",
            provider="twilio",
            address="+18135550100",
            registration="approved",
        )
        yield cast.house


def post(house: House, client: Client, what: str, **given: str) -> str:
    answer = client.post(f"/{house.tenant.slug}/notices/settings/number/{what}", given, follow=True)
    return str(answer.content.decode())


def texts() -> list[str]:
    return list(Message.objects.filter(automatic="staff").order_by("pk").values_list("text", flat=True))


def test_a_number_is_confirmed_by_its_code_and_then_gets_one_text_of_what_waits(house: House, client: Client) -> None:
    client.force_login(house.rita.user)
    assert "That is not a valid phone number" in post(house, client, "", number="12")
    assert "A code is on its way" in post(house, client, "", number="(813) 555-0123")
    [sent] = texts()
    code = re.search(r"\d{6}", sent)[0]  # type: ignore[index]
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert "That code is wrong" in post(house, client, "confirm/", code=wrong)
    page = post(house, client, "confirm/", code=code)
    assert "Your number is confirmed" in page
    assert "by text message when I am away" in page
    first = Message.objects.get()
    assert (first.address, decide(first).outcome) == (NUMBER, Outcome.SEND)

    save_preference(house.rita, {"rule.told": NoticeWay.TEXT}, working_hours_only=False)
    # She was here just now; what comes after is for who is away.
    with clock.at(MONDAY + MINUTE):
        for key in ("a", "b"):
            notify("rule.told", [house.rita.pk], key=key, about=house.job, data={"text": "Hector waits"})
    with clock.at(MONDAY + 12 * MINUTE):
        mail_due_notices([house.rita.pk])
        mail_due_notices([house.rita.pk])
    [_code, told] = texts()
    assert "2 new notices" in told
    assert "Hector" not in told
    assert not StaffMail.objects.exists()
    # At night it waits like any other text; a code would not.
    with clock.at(MONDAY + timedelta(hours=14)):
        assert decide(Message.objects.latest("pk")).outcome == Outcome.DEFER
        assert decide(first).outcome == Outcome.SEND

    post(house, client, "remove/")
    with clock.at(MONDAY + 30 * MINUTE):
        notify("rule.told", [house.rita.pk], key="c", about=house.job)
    with clock.at(MONDAY + 60 * MINUTE):
        mail_due_notices([house.rita.pk])
    assert (len(texts()), StaffMail.objects.count()) == (2, 1), "without a number it comes by email"


def test_codes_are_few_short_lived_and_not_to_be_guessed(house: House) -> None:
    for _again in range(MOST_CODES):
        code = StaffNumber.request_code(house.rita, NUMBER)
    with pytest.raises(Refused, match="within the hour"):
        StaffNumber.request_code(house.rita, NUMBER)
    row = StaffNumber.objects.get()
    with clock.at(MONDAY + 11 * MINUTE), pytest.raises(Refused, match="no longer valid"):
        row.confirm(code)
    assert not any(row.confirm("no") for _try in range(MOST_TRIES))
    with pytest.raises(Refused, match="no longer valid"):
        row.confirm(code)
    with clock.at(MONDAY + 61 * MINUTE):
        assert row.confirm(f" {StaffNumber.request_code(house.rita, NUMBER)} ")


def test_what_a_member_answers_is_theirs_and_begins_nothing_but_a_stop_holds(house: House) -> None:
    channel = Channel.objects.get()
    StaffNumber.request_code(house.rita, NUMBER)
    StaffNumber.objects.update(confirmed_at=MONDAY)
    people = Person.objects.count()

    def answer(words: str) -> InboundResult:
        inbound = inbound_storage.keep(words.encode(), kind=Inbound.Kind.WEBHOOK, channel=channel, provider="twilio")[0]
        return receive_text(ReceivedText("sms", NUMBER, channel.address, words, provider_id=words), inbound)

    Message.queue(channel=channel, address=NUMBER, text="2 new notices", purpose="transactional", automatic="staff")
    first = answer("On my way").message
    assert first
    assert (first.author, first.person, first.job) == (house.rita, None, None)
    answer("And again")
    dispatch_events()
    assert (Person.objects.count(), Ticket.objects.count()) == (people, 0)
    assert [words for words in texts() if "nobody reads" in words] == [texts()[2]], "told once a day"
    assert answer("STOP").outcome == "internal"
    assert Suppression.objects.count() == 1
    # Who is a customer, too, answers as one what was written to them as one.
    with clock.at(MONDAY + MINUTE):
        Message.queue(channel=channel, address=NUMBER, text="Your roof", purpose="transactional", person=house.cora)
        theirs = answer("Thank you").message
    assert theirs
    assert (theirs.author, theirs.automatic) == (None, "")


def test_a_picture_a_member_answers_with_is_kept_for_them_and_they_are_told_where(house: House, client: Client) -> None:
    channel = Channel.objects.get()
    StaffNumber.request_code(house.rita, NUMBER)
    StaffNumber.objects.update(confirmed_at=MONDAY)
    Message.queue(channel=channel, address=NUMBER, text="2 new notices", purpose="transactional", automatic="staff")

    def answer(words: str, *files: ReceivedFile) -> Message:
        inbound = inbound_storage.keep(words.encode(), kind=Inbound.Kind.WEBHOOK, channel=channel, provider="twilio")[0]
        got = ReceivedText("sms", NUMBER, channel.address, words, provider_id=words, files=files)
        message = receive_text(got, inbound).message
        assert message
        return message

    answer("On my way")
    kept = answer("The ridge", ReceivedFile("ridge.gif", "image/gif", content=b"GIF89a\x01\x00\x01\x00"))
    assert [file.name for file in kept.attachments.all()] == ["ridge.gif"]
    assert [words.partition("kept here: ")[2][-9:] for words in texts()][-1] == "settings/", "though told once today"
    later = answer("And the gutter", ReceivedFile("2.jpg", "image/jpeg", url="https://api.twilio.com/2"))
    assert Due.objects.filter(kind=FETCH, subject_id=later.pk).exists(), "what is only pointed at is fetched"
    assert len([words for words in texts() if "nobody reads" in words]) == 2

    address = f"/{house.tenant.slug}/messages/attachments/{kept.attachments.get().uid}/"
    page = f"/{house.tenant.slug}/notices/settings/"
    client.force_login(house.rita.user)
    mine = client.get(page).content.decode()
    assert "The ridge" in mine
    assert address in mine
    assert client.get(address).status_code == 200
    client.force_login(house.mona.user)
    assert "The ridge" not in client.get(page).content.decode()


def test_by_whatsapp_only_as_an_approved_template(house: House) -> None:
    Channel.create(
        by=None,
        brand=Brand.objects.get(),
        medium="whatsapp",
        role="support",
        provider="embedded",
        address="+18135550199",
    )
    assert text_sender(WHATSAPP) is None
    create_missing(NOTICE_TEMPLATE)
    assert text_sender(WHATSAPP) is None, "not approved yet"
    versions = TemplateVersion.objects.filter(template__key=NOTICE_TEMPLATE)
    versions.update(whatsapp_state=TemplateVersion.WhatsApp.APPROVED)
    configuration_changed()
    way = text_sender(WHATSAPP)
    assert way is not None
    for _again in range(2):
        way.send(NUMBER, "Suncoast: 1 new notice: A follow-up. https://x.example/", "notice:whatsapp:1", False)
    message = Message.objects.get(medium="whatsapp")
    assert (message.automatic, message.purpose) == ("staff", "transactional")
    assert "1 new notice: A follow-up." in message.text
    assert decide(message).outcome == Outcome.SEND
    with pytest.raises(Refused):
        way.send(NUMBER, "123456", "", True)
