"""Personal data in follow-ups for erasure: the subjects and notes of those about a person. Their links stay."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.people.erasure import ErasureSubject, PersonalData
from crm.platform.models import ChangedRow
from followups.models import FollowUp, FollowUpNote, FollowUpSeries, SeriesException
from followups.offline.models import OfflineAct


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
    FollowUp.objects.filter(pk__in=ids).update(subject=subject.name[:120], notes="", renewed_from=None, renewed_to=None)
    FollowUpNote.objects.filter(follow_up_id__in=ids).delete()
    # What was typed on a device, and what an undo would put back.
    OfflineAct.objects.filter(follow_up_id__in=ids).update(fields={}, text="")
    ChangedRow.objects.filter(model=FollowUp._meta.label_lower, row_id__in=ids).delete()


def _series(people: frozenset[int]) -> "QuerySet[FollowUpSeries]":
    theirs = Q(person_id__in=people)
    for link in ("job", "ticket", "document"):
        theirs |= Q((f"{link}__person_id__in", people))
    rows: QuerySet[FollowUpSeries] = FollowUpSeries.objects.filter(theirs)
    return rows


def _erase_series(subject: ErasureSubject) -> None:
    ids = list(_series(subject.people).order_by("pk").values_list("pk", flat=True))
    FollowUpSeries.objects.filter(pk__in=ids).update(subject=subject.name[:120], notes="")
    SeriesException.objects.filter(series_id__in=ids).update(reason="")


DATA = [
    PersonalData(name="followups", label=_("Follow-ups"), count=_count_rows, erase=_erase_rows),
    PersonalData(
        name="series",
        label=_("Recurring follow-ups"),
        count=lambda people: _series(people).count(),
        erase=_erase_series,
    ),
]
