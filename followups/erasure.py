"""Personal data in follow-ups for erasure: the subjects and notes of those on a person's leads."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.people.erasure import ErasureSubject, PersonalData
from crm.platform.models import ChangedRow
from followups.models import FollowUp


def _follow_ups(people: frozenset[int]) -> "QuerySet[FollowUp]":
    rows: QuerySet[FollowUp] = FollowUp.objects.filter(job__person_id__in=people)
    return rows


def _count_rows(people: frozenset[int]) -> int:
    return _follow_ups(people).count()


def _erase_rows(subject: ErasureSubject) -> None:
    ids = list(_follow_ups(subject.people).order_by("pk").values_list("pk", flat=True))
    FollowUp.objects.filter(pk__in=ids).update(subject=subject.name[:120], notes="")
    # What an undo would put back.
    ChangedRow.objects.filter(model=FollowUp._meta.label_lower, row_id__in=ids).delete()


DATA = [PersonalData(name="followups", label=_("Follow-ups"), count=_count_rows, erase=_erase_rows)]
