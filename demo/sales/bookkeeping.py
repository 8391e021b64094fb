"""Create the demo's connection to its accounting system: a month of synchronizations, a dead letter, an ended sign-in.

It stopped just now, so the demo calls no other system: a stopped connection is not tried again by itself.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import override

from billing.models import AccountingTerms, Invoice
from connections.accounting.systems import SYSTEMS
from connections.models import (
    Connection,
    ConnectionHour,
    ConnectionProblem,
    FieldRule,
    LinkedRecord,
    SyncItem,
    SyncLogEntry,
)
from connections.sync.alerts import report_failure
from connections.system_kinds import SystemKind
from crm.kernel import clock
from crm.platform.models import Member, Role
from crm.platform.organization.configuration import directory

INVOICE = "invoice"
DAYS = 30
# The newest invoices: these wait, and the one before them was refused.
WAITING = 2
STOPPED_BEFORE = timedelta(minutes=40)
# So many hours ago an invoice was refused.
REFUSED_HOURS = 5


def create_bookkeeping(now: datetime) -> None:
    """Connect the first brand to the system of its accounting terms, inside the tenant, after its invoices."""
    brand = directory().default_brand
    terms = AccountingTerms.objects.get(brand=brand)
    kind = next(one for one in SYSTEMS if one.name == terms.system)
    admin = Member.objects.filter(role=Role.ADMIN).order_by("pk")[0]
    first = now - timedelta(days=DAYS)
    with clock.at(first):
        options = {"send_from": first.date().isoformat()}
        if kind.name == "quickbooks":
            # The company there, which a sign-in has to be of; other systems name none.
            options["realm_id"] = "9130"
        row = Connection.connect(kind.name, str(kind.label), owner=admin, by=admin, options=options, brand=brand)
        Connection.objects.filter(pk=row.pk).update(account=f"{brand.name} 9130")
        FieldRule.set_all(row, kind.rules, by=admin)
    invoices = list(Invoice.objects.issued().filter(brand=brand, issued_at__gte=first).order_by("issued_at", "pk"))
    for invoice in invoices[: -WAITING - 1]:
        LinkedRecord.store(row.pk, INVOICE, invoice.pk, str(1000 + invoice.pk))
    row.refresh_from_db()
    refused = next(iter(invoices[-WAITING - 1 : -WAITING]), None)
    for hours in range(23, 0, -1):
        with clock.at(now - timedelta(hours=hours)):
            if refused and hours == REFUSED_HOURS:
                _refuse_invoice(row, kind, refused, next(iter(terms.tax_codes.values()), ""))
            _synchronize(row, hours)
    SyncItem.queue(row.pk, INVOICE, [invoice.pk for invoice in invoices[-WAITING:]], at=now - STOPPED_BEFORE)
    with clock.at(now - STOPPED_BEFORE):
        _log_round(row, problem=ConnectionProblem.SIGN_IN)
        row.record_failure(ConnectionProblem.SIGN_IN, is_passing=False)
        report_failure(row)


def _synchronize(row: Connection, hours: int) -> None:
    """Note a synchronization that worked; now and then it sent or received something."""
    sent = int(hours % 5 == 0)
    received = int(hours % 7 == 0)
    _log_round(row, sent=sent, received=received)
    row.record_success(clock.now(), sent=sent, received=received, is_done=True)


def _refuse_invoice(row: Connection, kind: SystemKind, invoice: Invoice, code: str) -> None:
    """Note that an invoice was refused: its tax code is not there any more."""
    SyncItem.queue(row.pk, INVOICE, [invoice.pk])
    with override(directory().tenant.language):
        words = _(
            "%(what)s “%(name)s” does not exist in %(system)s. Choose another one under Settings, Accounting, "
            "then send it again."
        )
        facts = {"what": _("The tax code"), "name": code, "system": kind.label}
        SyncItem.objects.get(connection=row, subject_id=invoice.pk).bury(words % facts, label=invoice.number)
    _log_round(row, refused=1)


def _log_round(row: Connection, *, sent: int = 0, received: int = 0, refused: int = 0, problem: str = "") -> None:
    ConnectionHour.count(row.pk, done=int(not problem), failed=int(bool(problem)), refused=refused)
    begun = clock.now() - timedelta(milliseconds=640)
    SyncLogEntry.write(row.pk, begun, sent=sent, received=received, refused=refused, problem=problem)
