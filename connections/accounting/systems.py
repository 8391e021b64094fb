"""The accounting systems that can be connected, with the mapping that each begins with."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Invoice, InvoiceKind
from connections.accounting import bookkeeping
from connections.accounting.backup import read_payments, write_waiting
from connections.accounting.bookkeeping import CREDIT, CUSTOMER, INVOICE, PAYMENT, PAYMENT_IN, PAYMENT_OUT
from connections.accounting.exact import ExactClient, exact_provider
from connections.accounting.moneybird import MoneybirdClient
from connections.accounting.quickbooks import QuickBooksClient, quickbooks_provider
from connections.item_links import record_links
from connections.models import FieldRuleDraft, SyncDirection, SyncItem, WhoWins
from connections.sync.sync_round import SyncRound
from connections.system_kinds import CredentialField, SystemKind
from crm.people.models import Person

IN, OUT, NEVER = SyncDirection.IN, SyncDirection.OUT, SyncDirection.NEVER


def nouns() -> dict[str, str]:
    """Return the records and lines of the mapping in words."""
    return {
        CUSTOMER: _("Customer"),
        INVOICE: _("Invoice"),
        CREDIT: _("Credit note"),
        PAYMENT: _("Payment"),
        PAYMENT_OUT: _("Payment received here"),
        PAYMENT_IN: _("Payment received there"),
    }


def item_links(items: Sequence[SyncItem], slug: str) -> Mapping[int, str]:
    """Return the pages of the invoices and customers that items are about, by the ids of items."""
    return record_links(items, {INVOICE: Invoice, CUSTOMER: Person}, slug)


def item_nouns(items: Sequence[SyncItem]) -> Mapping[int, str]:
    """Return CREDIT for the items that are about a credit note, which wait as invoices do. One query."""
    ids = [item.subject_id for item in items if item.noun == INVOICE]
    credits = set(Invoice.objects.filter(pk__in=ids, kind=InvoiceKind.CREDIT).values_list("pk", flat=True))
    return {item.pk: CREDIT for item in items if item.noun == INVOICE and item.subject_id in credits}


def _rules(invoice: str, credit: str, customer: str, payment: str, *, out: str = OUT) -> tuple[FieldRuleDraft, ...]:
    return (
        FieldRuleDraft(CUSTOMER, customer, OUT, WhoWins.ASK),
        FieldRuleDraft(INVOICE, invoice, OUT, WhoWins.OURS),
        FieldRuleDraft(CREDIT, credit, OUT, WhoWins.OURS),
        FieldRuleDraft(PAYMENT_OUT, payment, out, WhoWins.OURS),
        FieldRuleDraft(PAYMENT_IN, payment, IN, WhoWins.THEIRS),
    )


def _sync_quickbooks(one: SyncRound) -> None:
    with one.tenant():
        client = QuickBooksClient(one.connection, quickbooks_provider(), one.store_secrets)
    bookkeeping.synchronize(one, client)


def _sync_exact(one: SyncRound) -> None:
    with one.tenant():
        client = ExactClient(one.connection, exact_provider(), one.store_secrets)
    bookkeeping.synchronize(one, client)


def _sync_moneybird(one: SyncRound) -> None:
    with one.tenant():
        client = MoneybirdClient(one.connection)
    bookkeeping.synchronize(one, client)


SYSTEMS = [
    SystemKind(
        name="quickbooks",
        label="QuickBooks Online",
        note=gettext_lazy("Invoices, credit notes and payments out; payments in."),
        group="money",
        icon="landmark",
        synchronize=_sync_quickbooks,
        provider=quickbooks_provider,
        rules=_rules("Invoice", "Credit memo", "Customer", "Payment"),
        nouns=nouns,
        is_of_brand=True,
        settings_page="accounting:terms",
        write_backup=write_waiting,
        read_backup=read_payments,
        item_links=item_links,
        item_nouns=item_nouns,
    ),
    SystemKind(
        name="exact",
        label="Exact Online",
        note=gettext_lazy("Invoices and credit notes out; payments in, as the bank’s statements show them."),
        group="money",
        icon="landmark",
        synchronize=_sync_exact,
        provider=exact_provider,
        rules=_rules("Sales entry", "Sales entry (credit)", "Account", "Receivable", out=NEVER),
        nouns=nouns,
        is_of_brand=True,
        settings_page="accounting:terms",
        write_backup=write_waiting,
        read_backup=read_payments,
        item_links=item_links,
        item_nouns=item_nouns,
    ),
    SystemKind(
        name="moneybird",
        label="Moneybird",
        note=gettext_lazy("Invoices, credit notes and payments out; payments in."),
        group="money",
        icon="landmark",
        synchronize=_sync_moneybird,
        fields=(
            CredentialField(
                "administration_id",
                gettext_lazy("Administration number"),
                gettext_lazy("The number behind moneybird.com/ in the address of your administration."),
                is_secret=False,
                longest=30,
            ),
            CredentialField(
                "token",
                gettext_lazy("Token"),
                gettext_lazy("Make one at moneybird.com/user/applications/new, for personal use."),
            ),
        ),
        rules=_rules("External sales invoice", "External sales invoice", "Contact", "Payment"),
        nouns=nouns,
        is_of_brand=True,
        settings_page="accounting:terms",
        write_backup=write_waiting,
        read_backup=read_payments,
        item_links=item_links,
        item_nouns=item_nouns,
    ),
]
