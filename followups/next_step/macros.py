"""Plan the follow-up of a macro applied to a conversation, and cancel it when the macro is undone."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext, override

from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from followups.models import FollowUp
from followups.models.kind_setup import kinds
from tickets.models import Ticket

CAUSE = "macro"
TAKEN_BACK = "ticket.macro_undone"


def plan_for_macros(applied: Sequence[Event]) -> None:
    """Plan the follow-ups that the applied macros ask for, unless they were undone. Idempotent."""
    for event in applied:
        if "follow_up" in event.data:
            _plan_for_macro(event)


@transaction.atomic
def _plan_for_macro(event: Event) -> None:
    # Whoever takes it back waits, and finds the follow-up.
    ticket = Ticket.objects.select_for_update(of=("self",)).filter(pk=event.subject_id).first()
    use = event.data["use"]
    wish = event.data["follow_up"]
    if ticket is None or FollowUp.objects.filter(origin=use).exists():
        return
    if Event.objects.of(ticket).filter(kind=TAKEN_BACK, data__use=use).exists():
        return
    with override(directory().tenant.language):
        notes = gettext("From the conversation #%(number)s.") % {"number": ticket.number}
    FollowUp.plan(
        kind=kinds().of(wish["kind"]).code,
        subject=wish["title"],
        due_at=datetime.fromisoformat(wish["at"]),
        by=event.actor,
        about=ticket,
        assignee=directory().members.get(wish["assignee"]),
        priority=ticket.priority,
        notes=notes,
        cause=CAUSE,
        origin=use,
    )


@transaction.atomic
def take_back(undone: Sequence[Event]) -> None:
    """Cancel the follow-ups the macros planned, unless a person changed them since."""
    for event in undone:
        Ticket.objects.select_for_update(of=("self",)).filter(pk=event.subject_id).values_list("pk").first()
        for row in FollowUp.objects.filter(origin=event.data["use"]):
            if row.is_open and row.version == 1:
                row.cancel(by=None, cause=CAUSE)
