"""Personal data in taxes for erasure: the VAT number of a customer, which names a sole trader."""

from django.utils.translation import gettext_lazy as _

from crm.people.erasure import ErasureSubject, PersonalData
from quotes.taxes.models import TaxNumber


def _erase_numbers(subject: ErasureSubject) -> None:
    TaxNumber.objects.filter(person_id__in=subject.people).delete()


DATA = [
    PersonalData(
        name="tax_numbers",
        label=_("VAT numbers"),
        count=lambda people: TaxNumber.objects.filter(person_id__in=people).count(),
        erase=_erase_numbers,
    ),
]
