"""What intake holds of a person: what they sent, as it came."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.people.erasure import PersonalData, Subject
from leads.models import Submission


def _sent(people: frozenset[int]) -> "QuerySet[Submission]":
    found: QuerySet[Submission] = Submission.objects.filter(lead__job__person_id__in=people)
    return found


def _count(people: frozenset[int]) -> int:
    return _sent(people).count()


def _erase(subject: Subject) -> None:
    rows = list(_sent(subject.people).values_list("pk", flat=True))
    Submission.objects.filter(pk__in=rows).update(body=b"", fetched=b"", headers={}, error="")


DATA = [PersonalData(name="submissions", label=_("What they sent by forms and endpoints"), count=_count, erase=_erase)]
