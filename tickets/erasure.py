"""Erase a person's data in conversations: subjects, previews, notes, addresses. A legal hold keeps all of it."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.gate.consent.erasure import forget_files
from comms.models import Draft, DraftFile
from crm.people.erasure import ErasureSubject, PersonalData
from tickets.models import Entry, NoteVersion, Participant, Ticket


def _tickets_of(people: frozenset[int]) -> "QuerySet[Ticket]":
    tickets: QuerySet[Ticket] = Ticket.objects.filter(Q(person_id__in=people) | Q(job__person_id__in=people))
    return tickets


def _count_tickets(people: frozenset[int]) -> int:
    return _tickets_of(people).count()


def _hold_reason(people: frozenset[int]) -> str:
    on_hold = _tickets_of(people).filter(legal_hold=True).order_by("pk").values_list("number", flat=True)[:5]
    numbers = ", ".join(f"#{number}" for number in on_hold)
    if numbers:
        return _("A legal hold keeps conversations of theirs: %(numbers)s.") % {"numbers": numbers}
    return ""


def _erase_tickets(subject: ErasureSubject) -> None:
    tickets = list(_tickets_of(subject.people).order_by("pk").values_list("pk", flat=True))
    Ticket.objects.filter(pk__in=tickets).update(subject="", last_message_text="", customer_name=subject.name)
    Entry.objects.filter(ticket_id__in=tickets).exclude(body="").update(body="–")
    Entry.objects.filter(ticket_id__in=tickets).update(evidence={})
    entries = Entry.objects.filter(ticket_id__in=tickets).values_list("pk", flat=True)
    abouts = [*(f"ticket {pk}" for pk in tickets), *(f"forward {pk}" for pk in entries)]
    drafts = Draft.objects.filter(about__in=abouts)
    forget_files([*DraftFile.objects.filter(draft__in=drafts).values_list("file_id", flat=True)])
    drafts.delete()
    NoteVersion.objects.filter(entry__ticket_id__in=tickets).update(body="–")
    theirs = Participant.objects.filter(Q(person_id__in=subject.people) | Q(address__in=subject.values))
    for one in theirs.order_by("pk"):
        # An address stands once on a ticket.
        one.address = f"erased {one.pk}"
        one.name = subject.name
        one.person = None
        one.save(update_fields=["address", "name", "person"])


DATA = [
    PersonalData(
        name="tickets",
        label=gettext_lazy("Conversations"),
        count=_count_tickets,
        erase=_erase_tickets,
        hold=_hold_reason,
    )
]
