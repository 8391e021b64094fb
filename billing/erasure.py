"""Erase a person's data in billing. Issued invoices and payments are kept: the law asks for them for years."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice, Payment, PaymentPromise, Refund
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


DATA = [PersonalData(name="billing", label=_("Invoices and payments"), count=_count_invoices, erase=_erase_words)]
