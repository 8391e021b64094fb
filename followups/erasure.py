"""Personal data in follow-ups for erasure: the subjects and notes of those about a person. Their links stay."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.people.erasure import ErasureSubject, PersonalData
from crm.platform.models import ChangedRow
from followups.models import FollowUp


def _follow_ups(people: frozenset[int]) -> "QuerySet[FollowUp]":
    """Return the follow-ups of these people, and those of their jobs, tickets and documents."""
    theirs = Q(person_id__in=people)
    for link in ("job", "ticket", "document"):
        theirs |= Q((f"{link}__person_id__in", people))
    rows: QuerySet[FollowUp] = FollowUp.objects.filter(theirs)
    return rows


def _count_rows(people: frozenset[int]) -> int:
    return _follow_ups(people).count()


def _erase_rows(subject: ErasureSubject) -> None:
    ids = list(_follow_ups(subject.people).order_by("pk").values_list("pk", flat=True))
    FollowUp.objects.filter(pk__in=ids).update(subject=subject.name[:120], notes="")
    # What an undo would put back.
    ChangedRow.objects.filter(model=FollowUp._meta.label_lower, row_id__in=ids).delete()


DATA = [PersonalData(name="followups", label=_("Follow-ups"), count=_count_rows, erase=_erase_rows)]
