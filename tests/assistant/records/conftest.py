"""The house, a conversation with its messages, and a language model on loopback."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from assistant.calls.queue import request_call
from assistant.calls.run import run_call
from assistant.models import AssistantCall, AssistantSetup
from assistant.models.assistant_setup import SHARED
from comms.models import Message
from crm.kernel import clock
from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant
from tests.assistant.records.model_server import ModelServer, running
from tests.cast import Cast, House
from tests.followups.conftest import NOON, Browser
from tickets.models import Entry, Ticket

Says = Callable[..., Entry]
Asks = Callable[..., AssistantCall]


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    """The house on a Wednesday morning, in use."""
    with clock.at(NOON), use_tenant(cast.house.tenant):
        yield cast.house


@pytest.fixture
def ticket(house: House) -> Ticket:
    return Ticket.begin(
        brand=Brand.objects.get(), subject="Water stain", medium="email", person=house.cora, job=house.job, by=None
    )


@pytest.fixture
def says(house: House, ticket: Ticket) -> Says:
    """`says("Is water coming in?")` adds a message of Cora's, `by=house.rita` one of Rita's."""
    count = 0

    def add(text: str, *, by: Any = None, minutes: int | None = None, **more: Any) -> Entry:
        nonlocal count
        count += 1
        at = clock.now() - timedelta(minutes=60 - count if minutes is None else minutes)
        values: dict[str, Any] = {"direction": "out" if by else "in", "state": "sent" if by else "received"}
        values |= {"brand": Brand.objects.get(), "medium": "email", "person": house.cora, "job": house.job}
        values |= {"address": f"cora@{house.tenant.slug}-mail.example", "text": text, "at": at, "author": by}
        message = Message.objects.create(**values | more)
        entry = Entry.objects.add_message(ticket, message, matched_by="written")
        if by:
            ticket.reply(message, by=by)
        else:
            ticket.receive(message)
        return entry

    return add


@pytest.fixture
def server(settings: Any) -> Iterator[ModelServer]:
    settings.PRIVATE_HOSTS = ["127.0.0.1"]
    with running(ModelServer()) as model_server:
        yield model_server


@pytest.fixture
def model(house: House, server: ModelServer) -> Callable[..., AssistantSetup]:
    """`model(spend_limit=500)` sets the model up, by default an own server that costs nothing much."""

    def set_up(**changed: Any) -> AssistantSetup:
        values: dict[str, Any] = {"provider": "openai", "address": f"{server.origin}/v1", "model": "house-8b"}
        values |= {"helpers": ["summary", "draft"], "spend_limit": 6000, "price_in": 1_000_000, "price_out": 2_000_000}
        values |= {name: "hidden" for name in SHARED if name not in ("prices", "notes", "calls")}
        values |= {"prices": "sent", "notes": "sent", "calls": "never", "key": "secret-key"}
        return AssistantSetup.set(by=house.ada, **values | changed)

    return set_up


@pytest.fixture
def asks(house: House, ticket: Ticket) -> Asks:
    """`asks("summary")` queues a call about the conversation, and makes it as a worker does."""

    def ask(helper: str = "summary", record: Any = None, **options: str) -> AssistantCall:
        by = house.rita if helper == "draft" else None
        call = request_call(helper, record or ticket, by=by, options={"language": "en"} | options)
        assert call
        run_call(house.tenant.pk, call.pk)
        call.refresh_from_db()
        return call

    return ask


@pytest.fixture
def rita(house: House) -> Browser:
    return Browser(house, house.rita)


@pytest.fixture
def ada(house: House) -> Browser:
    return Browser(house, house.ada)
