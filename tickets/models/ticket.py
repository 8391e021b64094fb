"""Ticket: one matter of a customer, with every message, call and note of it. What the inbox shows or sorts is on it."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop

from comms.models import Channel, Medium, Message
from crm.jobs.clock import arithmetic as ageing
from crm.jobs.clock.clocked import forever
from crm.jobs.clock.crossings import crossed, schedule
from crm.jobs.models import Job, Level, Priority, Side
from crm.jobs.models.queryset import mirrored
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import Fact
from crm.platform.models import Brand, Member, NumberBlock, Team, TenantForeignKey, TenantManager
from crm.platform.organization.configuration import directory
from tickets.language.thanks import is_only_thanks
from tickets.models.ending import TicketEnding
from tickets.models.life import TicketLife
from tickets.models.queryset import TicketQuerySet
from tickets.models.status import OPEN_STATUSES, SIDES, STEPS, Status

# The model's name, which pages show; as a verbose_name it would be in the migrations.
gettext_noop("ticket")

# Where a ticket without a message stands in the order of their instants.
NO_MESSAGE = datetime(1970, 1, 1, tzinfo=UTC)


class Ticket(TicketEnding, TicketLife):
    """A conversation about one matter. It ages by its most pressing promise (tickets/sla)."""

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
    merged_into = TenantForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    # The closed ticket that a later message goes on from, or the one it was split off.
    continues = TenantForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")

    # Whoever mutes the customer hears of none of their conversations.
    muted_with = ("person",)
    LAST_COLUMNS = ("last_message_at", "last_message_direction", "last_message_text", "medium")
    RECEIVED_COLUMNS = (
        *(*LAST_COLUMNS, "asked_at", "waiting_since", "unread_count", "snoozed_until"),
        *TicketLife.STATUS_COLUMNS,
    )

    objects: ClassVar[Any] = TenantManager.from_queryset(TicketQuerySet)()

    class Meta(TicketLife.Meta):
        base_manager_name = "objects"
        constraints = [
            *TicketLife.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "number"], name="ticket_number_is_unique"),
            models.CheckConstraint(
                condition=~Q(status="solved") | Q(solved_at__isnull=False), name="ticket_is_solved_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False) | ~Q(status="closed") & Q(closed_at__isnull=True),
                name="ticket_is_closed_at_a_time",
            ),
        ]
        indexes = [
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
            models.Index(
                fields=["tenant", "calendar", "id"], condition=Q(due_at__isnull=False), name="ticket_open_calendar"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    @property
    def undo_name(self) -> str:
        return " · ".join(filter(None, [self.customer_name, self.subject, f"#{self.number}"]))

    # What it is

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def form_version(self) -> str:
        """Token of the present stay in a status, sent by forms so that of two people acting at once one wins."""
        return f"{int(self.status_since.timestamp() * 1_000_000):x}-{self.status}"

    @property
    def event_job_id(self) -> int | None:
        return self.job_id

    # How it begins

    @classmethod
    @transaction.atomic
    def begin(
        cls,
        *,
        brand: Brand,
        subject: str = "",
        person: Person | None = None,
        customer_name: str = "",
        job: Job | None = None,
        medium: str = "",
        priority: int = Priority.NORMAL,
        by: Member | None,
        at: datetime | None = None,
        **columns: Any,
    ) -> "Ticket":
        """Begin a ticket, with the columns of `of_first`."""
        ticket = cls.of_first(
            brand=brand,
            subject=subject,
            person=person,
            customer_name=customer_name,
            job=job,
            medium=medium,
            priority=priority,
            at=at,
            **columns,
        )
        cls.begin_all([ticket], by=by)
        return ticket

    @classmethod
    def of_first(
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
    ) -> "Ticket":
        """Return a ticket that is about to begin. `at`: of its first message, if that is earlier than now.

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

    @classmethod
    @transaction.atomic
    def begin_all(cls, tickets: Sequence["Ticket"], *, by: Member | None) -> None:
        """Begin tickets, with one statement: new, with our clock running from now."""
        if not tickets:
            return
        for ticket in tickets:
            ticket._start_clock(Side.US, ticket._allowance())
        first = NumberBlock.objects.allocate("ticket", len(tickets))
        for number, ticket in enumerate(tickets, first):
            ticket.number = number
        cls.objects.bulk_create(tickets)
        schedule(tickets, clock.now())
        for ticket in tickets:
            ticket._clocks = []
        told = [(ticket, {"medium": ticket.source_medium} if ticket.source_medium else {}) for ticket in tickets]
        events.record_all([Fact("ticket.created", one, data, one.event_job_id) for one, data in told], by=by)

    # What is said on it. Its entries are written by tickets/matching and by the composer, before these.

    @transaction.atomic
    def receive(self, message: Message) -> None:
        """Take note of a message of theirs: our move, and one more waits for an answer. Solved, it opens again.

        An automatic one (an absence notice) is shown and turns nothing; nor do mere thanks for what is solved. Raises
        ValueError for a closed ticket: what comes later goes on in a ticket of its own (docs/rules.md#k5).
        """
        self.lock()
        self.take_in(message)

    def take_in(self, message: Message) -> None:
        """`receive` on a ticket that the caller has begun or locked in this transaction."""
        self.take_in_all([(self, message)])

    @classmethod
    def take_in_all(
        cls, received: Sequence[tuple["Ticket", Message]], *, confirming: Collection[int] = frozenset()
    ) -> None:
        """`take_in` messages, each on its ticket, with one statement. Of one ticket all are on the same object.

        `confirming`: those that only confirm an appointment, which turn nothing.
        """
        facts = [
            fact
            for ticket, message in received
            for fact in ticket._note_received(message, confirms=message.pk in confirming)
        ]
        tickets = list({ticket.pk: ticket for ticket, _message in received}.values())
        bulk_write.save_all(tickets, cls.RECEIVED_COLUMNS)
        schedule(tickets, clock.now())
        events.record_all(facts, by=None)

    def _note_received(self, message: Message, *, confirms: bool) -> list[Fact]:
        if self.status == Status.CLOSED:
            raise ValueError("a closed ticket receives nothing")
        self._show_last(message)
        names = [message.address_name, self.customer_name, *(one.name for one in directory().members.values())]
        thanks = self.status == Status.SOLVED and is_only_thanks(message.text, names)
        told = {"message": message.pk, "medium": message.medium}
        told |= {"confirms": True} if confirms else {"thanks": True} if thanks else {}
        fact = Fact("ticket.received", self, told, self.event_job_id)
        if message.automatic or thanks or confirms:
            return [fact]
        before = (self.clock_metric, self.clock_since, self.level)
        self.asked_at = min(filter(None, (self.asked_at, message.at)))
        self.waiting_since = min(filter(None, (self.waiting_since, message.at)))
        self.unread_count = min(self.unread_count + 1, 999)
        self.snoozed_until = None
        if self.status not in (Status.NEW, Status.OPEN):
            self._enter(Status.OPEN)
        self._follow_promises(message)
        seen = before[2] if before[:2] == (self.clock_metric, self.clock_since) else Level.OK
        # Fetched late, it may be late already.
        return [fact, *crossed(self, seen, clock.now())]

    @transaction.atomic
    def reply(self, message: Message, *, by: Member | None, answers: bool | None = None) -> None:
        """Record a message of ours. A colleague's is an answer: it becomes the customer's move.

        `answers`: whether it is one, by default where `by` says whose. What is none (the product sent it by itself)
        is recorded as `ticket.notified`.
        """
        is_answer = by is not None if answers is None else answers
        self.lock()
        columns = self._show_last(message)
        if is_answer:
            columns += self._stop_waiting()
        self.save(update_fields=set(columns))
        self._schedule_crossing()
        kind = "ticket.replied" if is_answer else "ticket.notified"
        self._record(kind, by, {"message": message.pk, "medium": message.medium})

    def _show_last(self, message: Message) -> tuple[str, ...]:
        """Keep what the list shows of the last message, unless a later one is there already."""
        if self.last_message_at and message.at < self.last_message_at:
            return ()
        self.last_message_at, self.last_message_direction = message.at, message.direction
        self.last_message_text = _first_words(message)
        self.medium = message.medium
        return self.LAST_COLUMNS

    @transaction.atomic
    def show_last_again(self) -> None:
        """Show the last message there is in the list, now that a later one did not leave."""
        self.lock()
        messages = Message.objects.filter(pk__in=self.entries.exclude(message=None).values("message_id"))
        last = messages.exclude(state=Message.State.CANCELLED).newest_first().first()
        self.last_message_at = None
        if last is not None:
            self._show_last(last)
        else:
            self.last_message_direction = self.last_message_text = ""
        self.save(update_fields=self.LAST_COLUMNS)

    # Where it stands. Which status may follow which, and by which rule: tickets/models/life.py.

    def step_left(self, level: str) -> str:
        """Return the pair of the status it leaves, for `past`."""
        return f"{STEPS[Status(self.status)]}:{level}"

    def _enter(self, status: Status, *, reason: str = "", until: datetime | None = None) -> tuple[str, ...]:
        """Stand in another status from now: its clock starts, is held, or stops. Returns the columns to save."""
        now = clock.now()
        left = ageing.level(now, self.instants) if self.instants else self.level_at(now)
        self.past = f"{self.past} {self.step_left(left.css)}".strip()
        self.status, self.status_since = status, now
        self.solved_at = (self.solved_at or now) if status in (Status.SOLVED, Status.CLOSED) else None
        self.closed_at = now if status == Status.CLOSED else None
        if status in (Status.SOLVED, Status.CLOSED):
            self._stop_clock(Level.ENDED, mirrored(now))
        elif status == Status.ON_HOLD:
            if self.side == Side.CUSTOMER:  # when it comes back it is our move, with our time
                self._start_clock(Side.US, self._allowance())
            self._stop_clock(Level.HOLD, until or forever())
            self.paused_from, self.side = Side.US, Side.PAUSED
            self.pause_reason, self.pause_ends_at = reason[:120], until
        else:
            side = SIDES[status]
            self._start_clock(side, self._allowance(theirs=side == Side.CUSTOMER))
        return self.STATUS_COLUMNS


def _first_words(message: Message) -> str:
    """Return the first words of a message, as far as everybody who sees the ticket may read them."""
    if message.sharing == Channel.Sharing.FULL:
        words = message.text or message.subject
    elif message.sharing == Channel.Sharing.SUBJECT:
        words = message.subject
    else:
        words = ""
    return " ".join(words[:600].split())[:160]
