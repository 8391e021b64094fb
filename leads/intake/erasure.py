"""Personal data in intake for erasure: the raw submissions."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.people.erasure import ErasureSubject, PersonalData
from leads.models import Submission


def _submissions_of(people: frozenset[int]) -> "QuerySet[Submission]":
    submissions: QuerySet[Submission] = Submission.objects.filter(lead__job__person_id__in=people)
    return submissions


def _count_submissions(people: frozenset[int]) -> int:
    return _submissions_of(people).count()


def _erase_submissions(subject: ErasureSubject) -> None:
    rows = list(_submissions_of(subject.people).values_list("pk", flat=True))
    Submission.objects.filter(pk__in=rows).update(body=b"", fetched=b"", headers={}, error="")


DATA = [
    PersonalData(
        name="submissions",
        label=_("What they sent by forms and endpoints"),
        count=_count_submissions,
        erase=_erase_submissions,
    )
]
