"""take_file: store a bank's file and its lines once, and receive what names its invoice."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext

from billing.bank.matching import named_invoices
from billing.models import BankEntry, BankFile, EntryState, FoundBy, Invoice, Payment, PaymentMethod
from billing.payments.receiving import receive_payment
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from libs.bank_statements import BankLine, UnreadableStatement, read_statements

PROVIDER = "bank"


@transaction.atomic
def take_file(content: bytes, name: str, *, by: Member) -> tuple[BankFile, int]:
    """Store a file and its lines; return it, and how many lines were matched. The same again changes nothing.

    A line that another file had already is left out. Raises Refused for a file that can't be read.
    """
    digest = BankFile.digest_of(content)
    earlier: BankFile | None = BankFile.objects.filter(digest=digest).first()
    if earlier is not None:
        return earlier, 0
    try:
        lines = [line for statement in read_statements(content) for line in statement.lines]
    except UnreadableStatement as error:
        raise Refused(gettext(error.sentence)) from error
    file, is_new = BankFile.objects.get_or_create(
        digest=digest, defaults={"name": name[:200], "content": content, "uploaded_by": by}
    )
    if not is_new:
        return file, 0
    entries = _store_entries(file, lines)
    file.new_lines = len(entries)
    file.save(update_fields=["new_lines"])
    return file, sum(_match_alone(entry) for entry in entries)


def _store_entries(file: BankFile, lines: Iterable[BankLine]) -> list[BankEntry]:
    """Store the lines that aren't stored yet; return them."""
    rows = [_build_entry(file, line) for line in lines]
    BankEntry.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return list(BankEntry.objects.filter(file=file).order_by("booked_on", "pk"))


def _build_entry(file: BankFile, line: BankLine) -> BankEntry:
    is_payment = line.amount > 0 and not line.is_reversal
    return BankEntry(
        file=file,
        key=line.key,
        account=line.account[:40],
        booked_on=line.booked_on,
        amount=line.amount,
        currency=line.currency,
        counterparty=line.counterparty[:140],
        counterparty_account=line.counterparty_account[:40],
        text=" ".join(filter(None, [line.text, line.end_to_end_id]))[:500],
        reference=line.reference[:140],
        state=EntryState.WAITING if is_payment else EntryState.OUT,
    )


def _match_alone(entry: BankEntry) -> bool:
    """Receive an entry whose reference names its invoices; return whether it does."""
    if entry.state != EntryState.WAITING:
        return False
    invoices = named_invoices(entry)
    if not invoices:
        return False
    entry.match(receive_entry(entry, invoices, by=None), by=None)
    return True


@transaction.atomic
def match_by_hand(entry: BankEntry, invoices: list[Invoice], *, by: Member) -> Payment:
    """Receive an entry as a payment of invoices that a person chose. Raises Refused once it is decided."""
    entry.lock()
    if entry.state == EntryState.MATCHED and entry.payment is not None:
        payment: Payment = entry.payment
        return payment
    if entry.state != EntryState.WAITING:
        raise Refused(gettext("It is decided already."))
    payment = receive_entry(entry, invoices, by=by)
    entry.match(payment, by=by)
    return payment


def receive_entry(entry: BankEntry, invoices: list[Invoice], *, by: Member | None) -> Payment:
    """Receive the payment of an entry; its key makes it one payment, whatever is pressed twice.

    After that payment was reversed it is another one.
    """
    return receive_payment(
        PROVIDER,
        entry.payment_key,
        amount=entry.amount,
        currency=entry.currency,
        method=PaymentMethod.BANK,
        invoices=invoices,
        found_by=FoundBy.REFERENCE,
        reference=entry.reference or entry.text,
        details=entry.counterparty,
        received_at=_noon(entry.booked_on),
        by=by,
    )


def _noon(day: date) -> datetime:
    """Return noon of a day in the organization's zone; now, if that is later."""
    return min(datetime.combine(day, time(12), directory().zone), clock.now())
