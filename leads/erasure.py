"""What leads hold of a person: the rows of files they came in with, and the number another system knows them by."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Job
from crm.people.erasure import PersonalData, Subject
from leads.models import ImportRow, Lead


def _rows(people: frozenset[int]) -> "QuerySet[ImportRow]":
    jobs = list(Job.objects.filter(person_id__in=people).values_list("pk", flat=True))
    found: QuerySet[ImportRow] = ImportRow.objects.filter(Q(person_id__in=people) | Q(job_id__in=jobs))
    return found


def _count(people: frozenset[int]) -> int:
    return _rows(people).count()


def _erase(subject: Subject) -> None:
    _rows(subject.people).update(shown=[], beside=[], gained={}, reason="", kept="")
    Lead.objects.filter(job__person_id__in=subject.people).update(external_id="")


DATA = [PersonalData(40, "imports", _("Rows of imports"), _count, _erase)]
