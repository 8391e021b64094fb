"""Erase what the assistant wrote about a person: summaries, drafts, and the sent texts in the log."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assistant.models import AssistantCall, ProposalRating, ProposedReply, StoredSummary
from crm.jobs.models import Job
from crm.people.erasure import ErasureSubject, PersonalData
from crm.people.models import Person, Property
from tickets.models import Ticket


def _about(people: frozenset[int]) -> Q:
    """Return the condition on rows about these people, their conversations, jobs and the places of these."""
    jobs = Job.objects.filter(person_id__in=people)
    tickets = Ticket.objects.filter(Q(person_id__in=people) | Q(job__person_id__in=people))
    condition = Q(subject_kind=Person._meta.label_lower, subject_id__in=people)
    for model, rows in ((Job, jobs.values("pk")), (Ticket, tickets.values("pk")), (Property, jobs.values("site_id"))):
        condition |= Q(subject_kind=model._meta.label_lower, subject_id__in=rows)
    return condition


def _count_texts(people: frozenset[int]) -> int:
    summaries = StoredSummary.objects.filter(_about(people)).count()
    return int(summaries + ProposedReply.objects.filter(_about(people)).count())


def _erase_texts(subject: ErasureSubject) -> None:
    about = _about(subject.people)
    StoredSummary.objects.filter(about).delete()
    ProposedReply.objects.filter(about).delete()
    ProposalRating.objects.filter(about).delete()
    AssistantCall.objects.filter(about).exclude(sealed_text="").update(sealed_text="")


DATA = PersonalData(
    name="assistant", label=_("Summaries and drafts of the assistant"), count=_count_texts, erase=_erase_texts
)
