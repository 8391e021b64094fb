"""The demo's model server: canned answers pass the product's checks and say what they are; hostile ones don't pass."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from assistant.drafts.model_reply import proposed_reply
from assistant.models import AssistantCall, AssistantSetup, CallVerdict, StoredSummary
from assistant.models.assistant_setup import TextSharing
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from demo.model import connection
from demo.model.server import HOSTILE, ModelHandler, SharedServer
from runtime.stack import MODEL_HOST
from tests.assistant.records.conftest import Asks, Says, asks, house, says, ticket
from tests.assistant.records.test_draft import writable
from tests.cast import House
from tickets.models import Ticket

__all__ = ["asks", "house", "says", "ticket", "writable"]


@pytest.fixture
def address(settings: Any) -> Iterator[str]:
    """The server's address, served by this process on a free port."""
    settings.PRIVATE_HOSTS = [MODEL_HOST]
    with SharedServer((MODEL_HOST, 0), ModelHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{MODEL_HOST}:{server.server_port}/v1"
        server.shutdown()


def set_up(house: House, address: str, model: str) -> None:
    values = {"provider": "openai", "address": address, "model": model, "notes": TextSharing.SENT}
    AssistantSetup.set(by=house.ada, helpers=["summary", "draft"], spend_limit=6000, **values)


@pytest.mark.parametrize(("language", "words"), [("en", "canned answer"), ("nl", "vast antwoord")])
def test_canned_answers_are_used_and_say_that_they_are(
    house: House, writable: None, ticket: Ticket, says: Says, asks: Asks, address: str, language: str, words: str
) -> None:
    says("There is a brown spot on the ceiling. Is water coming in?")
    set_up(house, address, "demo-canned")
    assert asks("summary", language=language).verdict == CallVerdict.USED
    assert words in StoredSummary.objects.get().sentences[0]["text"]
    assert asks("draft", language=language).verdict == CallVerdict.USED
    reply = proposed_reply(ticket, house.rita)
    assert reply
    assert words in reply.text


def test_no_hostile_answer_is_shown(house: House, ticket: Ticket, says: Says, asks: Asks, address: str) -> None:
    says("There is a brown spot on the ceiling. Is water coming in?")
    set_up(house, address, HOSTILE)
    verdicts = {asks("summary").verdict for _turn in range(8)}
    assert CallVerdict.USED not in verdicts
    assert len(verdicts) > 2
    assert not StoredSummary.objects.exists()


def test_the_first_calls_of_the_demo_are_counted(
    house: House, writable: None, ticket: Ticket, says: Says, settings: Any
) -> None:
    settings.PRIVATE_HOSTS = [MODEL_HOST]
    says("There is a brown spot on the ceiling. Is water coming in?")
    Ticket.objects.update(member=house.rita)
    with use_tenant(house.tenant):
        connection.connect_model(connection.COMPANY, clock.now())
    calls = AssistantCall.objects.filter(helper__in=("summary", "draft"))
    assert {call.verdict for call in calls} == {CallVerdict.USED}
    assert all(call.cost > 0 for call in calls)


def test_without_its_server_a_demo_has_no_model(house: House, ticket: Ticket) -> None:
    connection.connect_model(connection.COMPANY, clock.now())
    assert not AssistantSetup.objects.exists()
