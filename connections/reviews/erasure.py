"""Erase a person's data in reviews: name, words and our reply. They are not taken over again."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from connections.models import Review
from crm.people.erasure import ErasureSubject, PersonalData


def _count_reviews(people: frozenset[int]) -> int:
    return Review.objects.filter(job__person_id__in=people).count()


def _erase_reviews(subject: ErasureSubject) -> None:
    rows = Review.objects.filter(job__person_id__in=subject.people)
    rows.filter(~Q(reply="")).update(reply=subject.name)
    rows.update(author=subject.name[:120], words="", is_erased=True)


DATA = [PersonalData(name="reviews", label=_("Reviews"), count=_count_reviews, erase=_erase_reviews)]
