"""Personal data in leads for erasure: imported rows, external ids, website visits."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Job
from crm.people.erasure import ErasureSubject, PersonalData
from leads.models import ImportRow, Lead, Touch


def _import_rows_of(people: frozenset[int]) -> "QuerySet[ImportRow]":
    jobs = list(Job.objects.filter(person_id__in=people).values_list("pk", flat=True))
    rows: QuerySet[ImportRow] = ImportRow.objects.filter(Q(person_id__in=people) | Q(job_id__in=jobs))
    return rows


def _count_import_rows(people: frozenset[int]) -> int:
    return _import_rows_of(people).count()


def _erase_import_rows(subject: ErasureSubject) -> None:
    _import_rows_of(subject.people).update(shown=[], beside=[], gained={}, reason="", kept="")
    Lead.objects.filter(job__person_id__in=subject.people).update(external_id="")


def _touches_of(people: frozenset[int]) -> "QuerySet[Touch]":
    touches: QuerySet[Touch] = Touch.objects.filter(lead__job__person_id__in=people)
    return touches


def _count_touches(people: frozenset[int]) -> int:
    return _touches_of(people).count()


def _erase_touches(subject: ErasureSubject) -> None:
    """Keep source and campaign of the touches, which reports count; delete the rest of the visit."""
    columns = ("term", "content", "referrer", "landing_page", "click_id", "click_kind", "consent", "consent_version")
    _touches_of(subject.people).update(**dict.fromkeys(columns, ""))


DATA = [
    PersonalData(name="imports", label=_("Rows of imports"), count=_count_import_rows, erase=_erase_import_rows),
    PersonalData(
        name="touches",
        label=_("Visits of a website that brought them"),
        count=_count_touches,
        erase=_erase_touches,
    ),
]
