"""A mail that answers one that is stored and not read yet is read after it, whoever reads which first."""

from datetime import timedelta

import pytest

from comms.inbound import inbound_processing, inbound_storage
from comms.models import Channel, Inbound, Message
from crm.kernel import clock
from crm.platform.models import Due
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from tests.cast import Cast, House, load_cast
from tests.comms.inbound.conftest import Opened, deliver
from tests.comms.inbound.mails import SUPPORT, raw_mail
from tests.together import together


def stored(number: int, answers: int | None = None, **more: object) -> int:
    """Store a mail; inside the tenant."""
    headers = {"In_Reply_To": f"<{answers}@home.example>"} if answers is not None else {}
    raw = raw_mail(f"Number {number}", Message_ID=f"<{number}@home.example>", **headers | more)
    return inbound_storage.store(raw, kind=Inbound.Kind.MAIL, channel=None, provider="test")[0].pk


def read_order() -> list[str]:
    return [text.split()[1] for text in Message.objects.order_by("pk").values_list("text", flat=True)]


def states() -> list[str]:
    return list(Inbound.objects.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def house(cast: Cast) -> House:
    return cast.house


def test_what_answers_an_unread_mail_is_read_with_it(house: House) -> None:
    with use_tenant(house.tenant):
        # The answers are stored first, as two mail servers may bring them; the last one names an ancestor alone.
        answers = [stored(3, 2), stored(2, 1), stored(4, None, References="<1@home.example> <9@home.example>")]
        first = stored(1)
        inbound_processing.read_waiting(answers)
        assert (states(), read_order()) == (["stored"] * 4, [])
        inbound_processing.read_waiting([first])
        assert (states(), read_order()) == (["read"] * 4, ["1", "2", "4", "3"])
        assert set(Inbound.objects.values_list("attempts", flat=True)) == {0}
        # All of it once, and nothing is left to do.
        for _again in range(2):
            inbound_processing.read_waiting([*answers, first])
        assert len(read_order()) == 4
        due.cancel(inbound_storage.READ, [first])
    assert not Due.objects.filter(kind=inbound_storage.READ).exists()


def test_a_parent_that_can_not_be_read_or_never_comes_is_not_waited_for(house: House) -> None:
    with use_tenant(house.tenant):
        answer, nobodys = stored(2, 1), stored(5, 7)
        broken, _new = inbound_storage.store(
            raw_mail(Message_ID="<1@home.example>"), kind=Inbound.Kind.WEBHOOK, channel=None, provider="gone"
        )
        Inbound.objects.filter(pk=broken.pk).update(message_id="1@home.example")
        inbound_processing.read_waiting([answer, nobodys, broken.pk])
        assert states() == ["read", "read", "parked"]
        # Two that name each other, and one that waits for what nobody reads, are read all the same.
        loop = [stored(10, 11), stored(11, 10)]
        inbound_processing.read_waiting(loop)
        late, _unread = stored(21, 20), stored(20)
        inbound_processing.read_waiting([late])
        assert states()[3:] == ["read", "read", "stored", "stored"]
        with clock.at(clock.now() + inbound_processing.LONGEST_WAIT + timedelta(minutes=1)):
            inbound_processing.read_waiting([late])
        assert states()[3:] == ["read", "read", "read", "stored"]


def test_what_many_wait_for_leaves_some_to_the_next_tick(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbound_processing, "AT_ONCE", 2)
    with use_tenant(house.tenant):
        first, *answers = [stored(number, number - 1) for number in range(1, 10)]
        inbound_processing.read_waiting(answers)
        # Put off for minutes, they are due as soon as what they wait for is read, chunk by chunk.
        inbound_processing.read_waiting([first])
        assert read_order() == ["1", "2", "3", "4"]
    while due.run_due_work():
        pass
    with use_tenant(house.tenant):
        assert read_order() == [str(number) for number in range(1, 10)]
        assert set(states()) == {"read"}


def test_a_request_that_holds_all_of_a_mail_is_known_by_it(house: House, opened: Opened) -> None:
    channel = opened(SUPPORT)
    for told in ({"mail": raw_mail().decode(), "to": [SUPPORT]}, {"text": "Hi", "from": "+18135550142", "id": "1"}):
        deliver(channel, told)
    deliver(channel, b"no json")
    with use_tenant(house.tenant):
        assert list(Inbound.objects.order_by("pk").values_list("message_id", flat=True)) == ["a1@home.example", "", ""]


def test_two_workers_read_one_thread_in_order(transactional_db: None) -> None:
    house = load_cast().house
    with use_tenant(house.tenant):
        Channel.create(
            by=None,
            medium="email",
            role="support",
            brand=directory().default_brand,
            provider="embedded",
            address=SUPPORT,
        )
        ids = [stored(0), *(stored(number, number - 1) for number in range(1, 12))]

    def read(*chunk: int) -> None:
        for _again in range(2):  # a redelivery, too
            with use_tenant(house.tenant):
                inbound_processing.read_waiting(chunk)

    together(lambda: read(*ids[:4]), lambda: read(*ids[4:8]), lambda: read(*ids[8:]))
    with clock.at(clock.now() + timedelta(minutes=30)):
        while due.run_due_work():
            pass
    with use_tenant(house.tenant):
        assert read_order() == [str(number) for number in range(12)]
        assert set(states()) == {"read"}
