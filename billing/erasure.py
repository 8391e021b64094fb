"""Erase a person's data in billing. Issued invoices and payments are kept: the law asks for them for years."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models import BankEntry, BankFile, Invoice, Payment, PaymentPromise, Refund
from billing.models.online import EventState, PaymentAttempt, ProviderEvent
from crm.people.erasure import ErasureSubject, PersonalData


def _count_invoices(people: frozenset[int]) -> int:
    return Invoice.objects.filter(person_id__in=people).count() + Payment.objects.filter(person_id__in=people).count()


def _erase_words(subject: ErasureSubject) -> None:
    """Delete drafts, and blank what was said about the customer."""
    Invoice.objects.filter(person_id__in=subject.people, state=Invoice.State.DRAFT).delete()
    Invoice.objects.filter(person_id__in=subject.people).exclude(dispute_words="").update(dispute_words=subject.name)
    PaymentPromise.objects.filter(person_id__in=subject.people).update(words="")
    Payment.objects.filter(person_id__in=subject.people).update(reference="", details="")
    Refund.objects.filter(Q(person_id__in=subject.people)).update(reason=subject.name, refusal="")
    _erase_bank_lines(subject)
    _erase_webhooks(subject)


def _erase_bank_lines(subject: ErasureSubject) -> None:
    """Blank what the bank said about their payments, and the files it came in; the lines of others stay."""
    entries = BankEntry.objects.filter(payment__person_id__in=subject.people)
    BankFile.objects.filter(pk__in=entries.values("file_id")).update(content=b"")
    entries.update(counterparty="", counterparty_account="", text="", reference="")


def _erase_webhooks(subject: ErasureSubject) -> None:
    """Blank what providers reported about their attempts to pay. What waits to be read is deleted after it is read."""
    attempts = PaymentAttempt.objects.filter(invoice__person_id__in=subject.people)
    names = [one.encode() for pair in attempts.values_list("uid", "checkout_id") for one in map(str, pair) if one]
    if not names:
        return
    accounts = attempts.order_by().values("account_id").distinct()
    events = ProviderEvent.objects.filter(account_id__in=accounts).exclude(body=b"").exclude(state=EventState.NEW)
    bodies = events.values_list("pk", "body").iterator(chunk_size=500)
    theirs = [pk for pk, body in bodies if any(name in bytes(body) for name in names)]
    ProviderEvent.objects.filter(pk__in=theirs).update(body=b"", headers={})


DATA = [PersonalData(name="billing", label=_("Invoices and payments"), count=_count_invoices, erase=_erase_words)]
