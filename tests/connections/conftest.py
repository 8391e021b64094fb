"""The house on a Wednesday, its accounting terms, and QuickBooks Online on loopback."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from billing.models import Invoice, Payment
from billing.models.accounting import AccountingTerms
from connections.accounting.systems import SYSTEMS
from connections.beginning import begin_connection
from connections.models import Connection
from connections.sync.sync_round import sync_connection
from crm.jobs.models import Job
from tests.billing.conftest import bill, house, job, pay
from tests.cast import House
from tests.connections.books_peer import running
from tests.connections.quickbooks_server import REALM, QuickBooks
from tests.followups.conftest import Browser

__all__ = ["bill", "house", "job", "pay"]

Bill = Callable[..., Invoice]
Pay = Callable[..., Payment]
Sync = Callable[[], Connection]
KINDS = {kind.name: kind for kind in SYSTEMS}


@pytest.fixture
def ada(house: House) -> Browser:
    return Browser(house, house.ada)


@pytest.fixture
def terms(house: House, job: Job) -> Callable[..., None]:
    """`terms("exact")` chooses the brand's accounting system, with its accounts and tax codes."""

    def run(system: str, **given: Any) -> None:
        fields = {"sales_account": "8000", "journal": "70", "item": "Work"}
        fields |= {"tax_codes": {"210000": "VH", "70000": "TAX", "0": "NON"}}
        AccountingTerms.set_for(job.brand, by=house.ada, system=system, **fields | given)

    return run


@pytest.fixture
def connect(house: House, job: Job) -> Callable[..., Connection]:
    """`connect("moneybird", secrets, …)` connects the brand from November 1 on."""

    def run(kind: str, secrets: dict[str, Any], **options: Any) -> Connection:
        return begin_connection(
            KINDS[kind],
            str(KINDS[kind].label),
            secrets=secrets,
            options={"send_from": "2026-11-01"} | options,
            owner=house.ada,
            by=house.ada,
            brand=job.brand,
        )

    return run


@pytest.fixture
def books(settings: Any) -> Iterator[QuickBooks]:
    """QuickBooks Online, on loopback."""
    with running(QuickBooks()) as peer:
        settings.PRIVATE_HOSTS = ["127.0.0.1"]
        settings.QUICKBOOKS_CLIENT_ID = "throughline"
        settings.QUICKBOOKS_CLIENT_SECRET = "secret"
        settings.QUICKBOOKS_TOKEN_URL = f"{peer.origin}/token"
        settings.QUICKBOOKS_API_URL = peer.origin
        yield peer


@pytest.fixture
def connection(books: QuickBooks, terms: Any, connect: Any) -> Connection:
    """The brand's connection to QuickBooks Online, signed in."""
    terms("quickbooks")
    secrets = {"code": "code-1", "verifier": "v", "redirect_uri": "https://here.example"}
    row: Connection = connect("quickbooks", secrets, realm_id=REALM)
    return row


@pytest.fixture
def sync(house: House, connection: Connection) -> Sync:
    """Synchronize once, and return the connection as it is then."""
    return syncing(house, connection)


def syncing(house: House, connection: Connection) -> Sync:
    """Return a function that synchronizes a connection once."""

    def run() -> Connection:
        sync_connection(house.tenant.pk, connection.pk)
        connection.refresh_from_db()
        return connection

    return run
