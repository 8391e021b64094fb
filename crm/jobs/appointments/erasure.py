"""Personal data in appointments: notes, the customer's own texts, and cancellation reasons."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.jobs.models.appointments import Appointment
from crm.people.erasure import ErasureSubject, PersonalData


def _appointments_of(people: frozenset[int]) -> "QuerySet[Appointment]":
    rows: QuerySet[Appointment] = Appointment.objects.filter(Q(person_id__in=people) | Q(job__person_id__in=people))
    return rows


def _count_appointments(people: frozenset[int]) -> int:
    return _appointments_of(people).count()


def _erase_appointments(subject: ErasureSubject) -> None:
    """Cancel upcoming appointments and blank the texts. Attendance times stay: they are our own working time."""
    for row in _appointments_of(subject.people).filter(state__in=("planned", "confirmed")).order_by("job_id", "pk"):
        row.cancel("–", by=subject.by)
    _appointments_of(subject.people).update(note="", reason="", asked_words="", site=None)


DATA = [
    PersonalData(name="appointments", label=_("appointments"), count=_count_appointments, erase=_erase_appointments)
]
