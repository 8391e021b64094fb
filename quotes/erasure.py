"""Erasure of a person's quotes: texts are blanked. What was signed is kept, as a contract has to be."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.people.erasure import ErasureSubject, PersonalData
from quotes.models import Quote, QuoteChoice, QuoteQuestion, QuoteState, QuoteVersion

BLANK = "–"


def _quotes_of(people: frozenset[int]) -> "QuerySet[Quote]":
    quotes: QuerySet[Quote] = Quote.objects.filter(Q(person_id__in=people) | Q(job__person_id__in=people))
    return quotes


def _count_quotes(people: frozenset[int]) -> int:
    return _quotes_of(people).count()


def _erase_quotes(subject: ErasureSubject) -> None:
    """Withdraw what waits, blank titles, introductions and what the customer wrote, and delete their choices."""
    quotes = _quotes_of(subject.people)
    for quote in quotes.filter(state=QuoteState.SENT).order_by("pk"):
        quote.withdraw(by=subject.by)
    ids = list(quotes.exclude(state=QuoteState.ACCEPTED).values_list("pk", flat=True))
    Quote.objects.filter(pk__in=ids).update(title=BLANK, decline_note="", other_company="")
    QuoteVersion.objects.filter(quote_id__in=ids).update(intro="")
    QuoteQuestion.objects.filter(person_id__in=subject.people).update(text=BLANK)
    QuoteChoice.objects.filter(person_id__in=subject.people).delete()


DATA = [PersonalData(name="quotes", label=_("Quotes"), count=_count_quotes, erase=_erase_quotes)]
