"""What customers do with messages that are there: reactions, other words, deleting them; and who shows no number."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from comms.channels.interface import (
    ReceivedPreference,
    ReceivedReaction,
    ReceivedRevocation,
    ReceivedText,
    Referral,
)
from comms.inbound.inbound_result import ReadLater
from comms.inbound.messaging.changes import receive_revocation
from comms.inbound.messaging.preferences import receive_preference
from comms.inbound.messaging.reactions import receive_reaction
from comms.inbound.messaging.texts import receive_text
from comms.models import Channel, Inbound, Message, Suppression
from crm.kernel import clock
from crm.people.models import ContactPoint, Person
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.comms.inbound.conftest import Opened
from tests.comms.inbound.test_texts import CORA, stored

NOON = datetime(2026, 5, 11, 16, 0, tzinfo=UTC)
USER = "US.13491208655302741918"


@pytest.fixture
def number(opened: Opened) -> Channel:
    return opened("+18135550100", "whatsapp")


@pytest.fixture(autouse=True)
def inside(cast: Cast, number: Channel) -> Iterator[None]:
    with use_tenant(cast.house.tenant), clock.at(NOON):
        yield


def text(number: Channel, words: str = "It leaks", **more: Any) -> Message:
    usual = {"sender": CORA, "to": number.address, "provider_id": f"t{Message.objects.count()}"}
    message = receive_text(ReceivedText("whatsapp", text=words, **usual | more), stored(number)).message
    assert message
    return message


def ours(cast: Cast, number: Channel, words: str) -> Message:
    """A message of ours that has left."""
    message: Message = Message.queue(
        channel=number, address=CORA, by=cast.house.rita, person=cast.house.cora, text=words
    )
    message.provider_id, message.state = "wamid.ours", Message.State.SENT
    message.save(update_fields=["provider_id", "state"])
    return message


def react(number: Channel, sign: str, second: int) -> None:
    at = NOON.replace(minute=0, second=second)
    with clock.at(NOON.replace(minute=5)):
        receive_reaction(ReceivedReaction("whatsapp", CORA, number.address, "wamid.ours", sign, at), stored(number))


def test_a_reaction_stands_on_its_message_until_it_is_taken_off(cast: Cast, number: Channel) -> None:
    message = ours(cast, number, "All done")
    for sign, second, shown in (("👍", 1, "👍"), ("❤", 3, "❤"), ("👎", 2, "❤"), ("", 4, "")):
        react(number, sign, second)
        message.refresh_from_db()
        assert message.reactions[CORA]["sign"] == shown
    assert Message.objects.count() == 1


def test_a_telephones_report_of_a_reaction_is_no_message(cast: Cast, number: Channel) -> None:
    message = ours(cast, number, "Can you confirm Tuesday? Reply STOP to end.")
    read = receive_text(ReceivedText("whatsapp", CORA, number.address, f"Liked “{message.text}”", "t9"), stored(number))
    message.refresh_from_db()
    assert (read.outcome, message.reactions[CORA]["sign"], Message.objects.count()) == ("reaction", "👍", 1)
    text(number, "Loved “Something else”")
    assert [one.text for one in Message.objects.set_aside()] == ["Loved “Something else”"]
    cast.house.job.refresh_from_db()
    assert cast.house.job.unread_count == 0


def test_what_they_quote_of_ours_is_folded_and_asks_nothing(cast: Cast, number: Channel) -> None:
    message = ours(cast, number, "We come on Monday. Reply STOP to end.")
    reply = text(number, f"> {message.text}\nSee you then")
    assert (reply.text, reply.folded_text) == ("See you then", f"> {message.text}")


def edit(number: Channel, words: str, change: str, second: int) -> None:
    at = NOON.replace(minute=0, second=second)
    received = ReceivedText("whatsapp", CORA, number.address, words, change, at, edits="t0")
    with clock.at(NOON.replace(minute=5)):
        receive_text(received, stored(number))


def test_an_edited_message_shows_its_new_words_and_keeps_the_old(number: Channel) -> None:
    message = text(number, "Come on Tuesday")
    edit(number, "Come on Thursday", "e1", 5)
    edit(number, "Come on Wednesday", "e0", 4)
    edit(number, "Come on Thursday", "e1", 5)
    message.refresh_from_db()
    assert (message.text, [one["text"] for one in message.revisions]) == ("Come on Thursday", ["Come on Tuesday"])
    assert Event.objects.filter(kind="message.edited").count() == 1


def test_a_deleted_message_says_nothing_any_more(number: Channel) -> None:
    message = text(number, "My secret")
    stranger = ReceivedRevocation("whatsapp", "+18135550199", number.address, "t0", "v0")
    with pytest.raises(ReadLater):
        receive_revocation(stranger, stored(number))
    for _ in range(2):
        receive_revocation(ReceivedRevocation("whatsapp", CORA, number.address, "t0", "v1"), stored(number))
    edit(number, "My other secret", "e9", 5)
    message.refresh_from_db()
    found = Message.objects.filter(search_text__contains="secret").exists()
    assert (message.text, found, len(message.revisions)) == ("", False, 1)


def test_a_change_of_a_message_we_do_not_have_waits_and_is_then_a_message(number: Channel) -> None:
    received = ReceivedText("whatsapp", CORA, number.address, "Come on Thursday", "e1", edits="gone")
    inbound = stored(number)
    with pytest.raises(ReadLater):
        receive_text(received, inbound)
    inbound.attempts = 5
    assert receive_text(received, inbound).outcome == "ticket"


def test_who_shows_no_number_is_found_by_whatsapps_id_and_nobody_else(number: Channel) -> None:
    uma = text(number, sender="", user_id=USER, sender_name="Uma Nonumber")
    victor = text(number, sender="", user_id="US.99887766554433221100", sender_name="Victor Nonumber")
    again = text(number, sender="", user_id=USER, sender_name="Uma Nonumber")
    assert (uma.address, again.person) == (USER, uma.person)
    assert uma.person != victor.person
    assert ContactPoint.objects.filter(kind="whatsapp").count() == 2


def test_who_wrote_with_number_and_id_is_known_by_either(cast: Cast, number: Channel) -> None:
    both = text(number, user_id=USER, sender_name=cast.house.cora.name)
    hidden = text(number, sender="", user_id=USER, sender_name=cast.house.cora.name)
    assert (both.person, hidden.person) == (cast.house.cora, cast.house.cora)


@pytest.mark.parametrize(
    ("held", "written"),
    [
        ("+525548739126", "+5215548739126"),
        ("+5511983716254", "+551183716254"),
        ("+5491148372615", "+541148372615"),
        ("+541132654321", "+5491132654321"),
    ],
)
def test_another_form_of_a_number_is_its_customers(number: Channel, held: str, written: str) -> None:
    luis = Person.objects.create(name="Luis Perez")
    ContactPoint.objects.create(person=luis, kind="phone", value=held)
    message = text(number, sender=written, sender_name="Luis Perez")
    assert (message.person, message.address) == (luis, held)


def test_a_choice_about_offers_in_their_app_stops_and_resumes_them(number: Channel) -> None:
    for wants, count in ((False, 1), (False, 1), (True, 0)):
        said = ReceivedPreference("whatsapp", CORA, number.address, wants, detail="User requested it")
        receive_preference(said, stored(number))
        assert Suppression.objects.in_force().filter(covers="marketing", medium="whatsapp").count() == count


def test_what_the_provider_read_and_answered_is_heard_and_not_answered(number: Channel) -> None:
    text(number, "Arrêter", asked="stop")
    assert Suppression.objects.in_force().get().reason == "stop"
    assert not Message.objects.filter(automatic="opt_out").exists()


def test_the_advertisement_they_wrote_from_is_kept(number: Channel) -> None:
    message = text(number, referral=Referral("Free roof check", "https://fb.me/1", "120", "ad"))
    assert message.referral["headline"] == "Free roof check"
    assert Inbound.objects.count() == 1
