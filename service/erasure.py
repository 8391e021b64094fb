"""Erase a person's data in service: promises and the notes about them."""

from django.utils.translation import gettext_lazy as _

from crm.people.erasure import ErasureSubject, PersonalData
from crm.platform.models import ChangedRow
from service.models import HandOff, HandOffItem, Issue, ProgressReport, Promise


def _count_hand_offs(people: frozenset[int]) -> int:
    return HandOff.objects.filter(job__person_id__in=people).count()


def _erase_hand_offs(subject: ErasureSubject) -> None:
    ids = list(HandOff.objects.filter(job__person_id__in=subject.people).order_by("pk").values_list("pk", flat=True))
    promises = Promise.objects.filter(hand_off_id__in=ids)
    promises.update(text=subject.name[:300], words="")
    promises.filter(answer="no").update(why_not=subject.name[:300])
    HandOffItem.objects.filter(hand_off_id__in=ids, code__startswith="promise:").update(label=subject.name[:120])
    HandOff.objects.filter(pk__in=ids).update(return_note="")
    ProgressReport.objects.filter(project__job__person_id__in=subject.people).update(text=subject.name)
    issues = Issue.objects.filter(job__person_id__in=subject.people)
    ChangedRow.objects.filter(
        model=Issue._meta.label_lower, row_id__in=list(issues.values_list("pk", flat=True))
    ).delete()
    issues.update(words=subject.name, offer_words="", refusal="", outcome="")
    # What an undo would put back.
    ChangedRow.objects.filter(model=HandOff._meta.label_lower, row_id__in=ids).delete()


DATA = [PersonalData(name="service", label=_("Hand-offs and issues"), count=_count_hand_offs, erase=_erase_hand_offs)]
