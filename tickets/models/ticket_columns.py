"""TicketColumns: the columns of a ticket, and properties derived from them alone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comms.models import Medium
from crm.jobs.clock.pausable import Pausable
from crm.jobs.models import Job, Priority
from crm.jobs.models.tagged import Tagged
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.models import Brand, Member, Team, TenantForeignKey, TenantManager
from tickets.models.metric import OURS, THEIRS, Metric
from tickets.models.queryset import TicketQuerySet
from tickets.models.status import OPEN_STATUSES, Status
from tickets.models.ticket_indexes import TICKET_INDEXES

# What a promise's due date is called where it is not one of the metrics.
PRESSING = [*Metric.choices, (OURS, _("Our move")), (THEIRS, _("Their move"))]


class TicketColumns(Tagged, Pausable):
    """Columns of a ticket. Its clock: tickets/models/clocked_ticket.py; its verbs: tickets/models/ticket.py."""

    number = models.BigIntegerField()
    subject = models.CharField(max_length=200, blank=True)
    brand = TenantForeignKey(Brand, models.PROTECT, related_name="+")
    job = TenantForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    # Whose matter it is; it stays theirs, whoever writes (docs/rules.md#complaints: the reply goes to the requester).
    person = TenantForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=8, choices=Status, default=Status.NEW)
    status_since = models.DateTimeField(default=clock.now)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    member = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # The member who alone sees it: all that is on it came by a mailbox of theirs that shares nothing.
    sole_reader = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    team = TenantForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="+")
    # The channel it began on, and that of the last message.
    source_medium = models.CharField(max_length=8, choices=Medium, blank=True)
    medium = models.CharField(max_length=8, choices=Medium, blank=True)
    # `step:level` pairs of the statuses it left, in order; all the bar needs of history.
    past = models.TextField(blank=True)
    # The oldest message of theirs that we have not answered, and how many there are.
    waiting_since = models.DateTimeField(null=True, blank=True)
    unread_count = models.PositiveSmallIntegerField(default=0)
    # What the list shows without reading an entry: when, who, and the first words of the last message.
    last_message_at = models.DateTimeField(null=True, blank=True)
    last_message_direction = models.CharField(max_length=3, blank=True)
    last_message_text = models.CharField(max_length=160, blank=True)
    customer_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    # Our first answer by a person; an automatic one never counts.
    first_reply_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    # Nothing of it is removed while this is set.
    legal_hold = models.BooleanField(default=False)
    # The last use of a macro on it; each has its own (tickets/macros/application.py).
    macro_use = models.CharField(max_length=32, blank=True, default="", db_default="")
    merged_into = TenantForeignKey("tickets.Ticket", models.PROTECT, null=True, blank=True, related_name="+")
    # The closed ticket that a later message goes on from, or the one it was split off.
    continues = TenantForeignKey("tickets.Ticket", models.SET_NULL, null=True, blank=True, related_name="+")
    # Whose the columns of the clock are: the most pressing promise, and the instant that one counts from.
    clock_metric = models.CharField(max_length=12, choices=PRESSING, blank=True)
    clock_since = models.DateTimeField(default=clock.now)
    # The promise that was kept, or fell away, latest after its time, and by how much. It stays, solved or not.
    late_metric = models.CharField(max_length=12, choices=Metric, blank=True)
    late_seconds = models.PositiveBigIntegerField(default=0)
    # When they first wrote, and when a person of ours last answered.
    asked_at = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)

    CLOCK_COLUMNS = (*Pausable.CLOCK_COLUMNS, "clock_metric", "clock_since", "late_metric", "late_seconds")
    STATUS_COLUMNS: ClassVar[tuple[str, ...]] = (
        *("status", "status_since", "past", "solved_at", "closed_at"),
        *CLOCK_COLUMNS,
    )
    LAST_COLUMNS = ("last_message_at", "last_message_direction", "last_message_text", "medium")
    RECEIVED_COLUMNS = (
        *(*LAST_COLUMNS, "asked_at", "waiting_since", "unread_count", "snoozed_until"),
        *STATUS_COLUMNS,
    )
    undo_columns = (
        *STATUS_COLUMNS,
        *("member_id", "team_id", "priority", "job_id", "person_id", "customer_name"),
        *("waiting_since", "unread_count", "first_reply_at", "snoozed_until", "archived_at", "legal_hold"),
        *("merged_into_id", "tag_ids", "macro_use"),
    )
    undo_derived: ClassVar[Mapping[str, tuple[str, ...]]] = {"level": CLOCK_COLUMNS}
    # Whoever mutes the customer hears of none of their conversations.
    muted_with = ("person",)

    objects: ClassVar[Any] = TenantManager.from_queryset(TicketQuerySet)()
    # The reverse sides of Entry and Participant.
    entries: Any
    participants: Any

    class Meta(Pausable.Meta):
        abstract = True
        base_manager_name = "objects"
        constraints = [
            *Pausable.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "number"], name="ticket_number_is_unique"),
            models.CheckConstraint(
                condition=~Q(status="solved") | Q(solved_at__isnull=False), name="ticket_is_solved_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False) | ~Q(status="closed") & Q(closed_at__isnull=True),
                name="ticket_is_closed_at_a_time",
            ),
        ]
        indexes = TICKET_INDEXES

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    @classmethod
    def build(
        cls,
        *,
        brand: Brand,
        subject: str = "",
        person: Person | None = None,
        customer_name: str = "",
        job: Job | None = None,
        medium: str = "",
        priority: int = Priority.NORMAL,
        at: datetime | None = None,
        **columns: Any,
    ) -> Self:
        """Return an unsaved ticket. `at`: the instant of its first message, if that is earlier than now.

        `customer_name`: what the list calls them where there is no person.
        """
        now = clock.now()
        return cls(
            brand=brand,
            subject=" ".join(subject.split())[:200],
            person=person,
            customer_name=(person.name if person else customer_name)[:200],
            job=job,
            source_medium=medium,
            medium=medium,
            priority=priority,
            created_at=min(at or now, now),
            **columns,
        )

    @property
    def undo_name(self) -> str:
        return " · ".join(filter(None, [self.customer_name, self.subject, f"#{self.number}"]))

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def form_version(self) -> str:
        """Version of the current status; forms send it back so that concurrent changes are detected."""
        return f"{int(self.status_since.timestamp() * 1_000_000):x}-{self.status}"

    @property
    def event_job_id(self) -> int | None:
        return self.job_id

    def refuse_closed(self) -> None:
        """Raise Refused for a closed ticket: only tags and notes may change (docs/rules.md#tickets)."""
        if self.merged_into_id:
            raise Refused(gettext("It was merged into another conversation."))
        if self.status == Status.CLOSED:
            raise Refused(gettext("It is closed. Write a message to start a new conversation."))

    def refuse_private(self) -> None:
        """Raise Refused for a private ticket: it can't be assigned or linked to a lead."""
        if self.sole_reader_id:
            raise Refused(gettext("It is private: only you see it. Share it with your colleagues first."))
