"""Indexes of the ticket table, by the page or query that needs each."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

# Where a ticket without a message stands in the order of their instants.
NO_MESSAGE = datetime(1970, 1, 1, tzinfo=UTC)

TICKET_INDEXES = [
    # The inbox, most urgent first: all, one member's (or nobody's), and by each common filter.
    models.Index(fields=["tenant", "level", "sort_at", "id"], name="ticket_order"),
    models.Index(fields=["tenant", "member", "level", "sort_at", "id"], name="ticket_member_order"),
    models.Index(fields=["tenant", "team", "level", "sort_at", "id"], name="ticket_team_order"),
    models.Index(fields=["tenant", "brand", "level", "sort_at", "id"], name="ticket_brand_order"),
    models.Index(
        fields=["tenant", "status", "level", "sort_at", "id"],
        condition=Q(archived_at__isnull=True),
        name="ticket_of_status",
    ),
    # What closes, or is archived, at another time when the policy is edited.
    models.Index(
        fields=["tenant", "id"],
        condition=Q(archived_at__isnull=True, status__in=("solved", "closed")),
        name="ticket_ended",
    ),
    models.Index(
        fields=["tenant", "level", "sort_at", "id"],
        condition=Q(waiting_since__isnull=False),
        name="ticket_waiting",
    ),
    # The inbox by the newest message: all, and one member's.
    models.Index(F("tenant"), Coalesce(F("last_message_at"), Value(NO_MESSAGE)), F("id"), name="ticket_newest"),
    models.Index(
        *(F("tenant"), F("member"), Coalesce(F("last_message_at"), Value(NO_MESSAGE)), F("id")),
        name="ticket_member_newest",
    ),
    models.Index(fields=["tenant", "person", "-last_message_at"], name="ticket_of_person"),
    models.Index(fields=["tenant", "job", "-last_message_at"], name="ticket_of_job"),
    # What goes on from a closed ticket.
    models.Index(fields=["tenant", "continues"], condition=Q(continues__isnull=False), name="ticket_continues"),
    # The figures of a period.
    models.Index(fields=["tenant", "created_at"], name="ticket_came"),
    models.Index(fields=["tenant", "solved_at"], condition=Q(solved_at__isnull=False), name="ticket_solved"),
    # What may not be deleted: few of very many.
    models.Index(fields=["tenant", "id"], condition=Q(legal_hold=True), name="ticket_legal_hold"),
    # Edits of a calendar recompute the clocks that count by it.
    models.Index(fields=["tenant", "calendar", "id"], condition=Q(due_at__isnull=False), name="ticket_open_calendar"),
]
