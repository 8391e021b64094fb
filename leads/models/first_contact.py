"""FirstContact: the time until the first human contact with a new lead, and its escalation meanwhile.

Rule: docs/rules.md#k1.
"""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from crm.jobs.clock import arithmetic
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.business_hours import BusinessHours, HoursError
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantOneToOneField
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.tenant_model import TenantQuerySet


class Rung(models.IntegerChoices):
    """Escalation level of an unanswered new lead."""

    OWNER = 0  # whom it was given to, or nobody yet
    NEXT = 1  # the next rep by the rules
    TEAM = 2  # whoever is first has it
    MANAGERS = 3  # the managers know; who has it keeps it, and nobody's one is given out again


class FirstContactQuerySet(TenantQuerySet["FirstContact"]):
    def in_time(self) -> Self:
        """Filter leads whose first contact was in time."""
        return self.filter(contacted_at__lte=F("due_at"))

    def late(self, now: datetime) -> Self:
        """Filter leads whose first contact was late, or is overdue."""
        return self.filter(Q(contacted_at__gt=F("due_at")) | Q(contacted_at=None, due_at__lt=now))

    def waiting(self) -> Self:
        """Filter open leads without a first contact."""
        return self.filter(contacted_at=None, job__level__lt=arithmetic.Level.ENDED)

    def with_outcome(self, now: datetime) -> Self:
        """Filter leads with a result: contacted, or overdue. Leads dropped before any contact are left out."""
        never = Q(contacted_at=None)
        return self.exclude(never & Q(due_at__gte=now)).exclude(never & Q(job__state="dropped"))


class FirstContact(TenantModel):
    """The time from a lead's opening to the first human contact with the customer; kept by events.

    An imported lead, and one that is entered in a later step, has none: somebody was in touch before.
    """

    job = TenantOneToOneField(Job, models.CASCADE, primary_key=True, related_name="first_contact")
    opened_at = models.DateTimeField()
    # Seconds it may take by the target of the pipeline's first step, and what they are counted by; null: day and night.
    allowed = models.PositiveIntegerField()
    calendar = TenantForeignKey("platform.BusinessCalendar", models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField()
    # Null: nobody yet. An automatic answer is no contact.
    contacted_at = models.DateTimeField(null=True, blank=True)
    # Who it was; null for a call that the telephone system tells of.
    member = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # As the contact or answer names it: call, text, email, visit, sms, phone …
    channel = models.CharField(max_length=12, blank=True)
    # What was used until the contact, counted as `allowed` is: of working hours, where the target counts by them.
    seconds = models.PositiveIntegerField(null=True, blank=True)

    # Who was asked to answer it, as the ladder of leads/response/chain.py goes on.
    rung = models.PositiveSmallIntegerField(choices=Rung, default=Rung.OWNER, db_default=0)
    # Whom the rules gave it, who has not said that they are on it; null: nobody, or whoever has it was chosen.
    given_to = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # The ids of all it was offered to at once.
    offered_to = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    taken_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(FirstContactQuerySet)()

    LADDER = ("rung", "given_to", "offered_to", "taken_by", "taken_at")

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(
                condition=Q(contacted_at=None, seconds=None) | Q(contacted_at__isnull=False, seconds__isnull=False),
                name="first_contact_has_its_seconds",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "opened_at"], name="first_contact_by_opening"),
            models.Index(fields=["tenant", "due_at"], condition=Q(contacted_at=None), name="first_contact_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.seconds}"

    @property
    def hours(self) -> BusinessHours | None:
        """The working hours it counts in; None counts day and night."""
        if self.calendar_id:
            return directory().calendars[self.calendar_id]
        return None

    @property
    def is_in_time(self) -> bool:
        """True if the first contact was in time."""
        return self.contacted_at is not None and self.contacted_at <= self.due_at

    def used_at(self, at: datetime) -> int:
        """Count the seconds from the opening to an instant."""
        return arithmetic.used_seconds(self.opened_at, max(at, self.opened_at), self.hours)

    def settle(self, at: datetime | None, member_id: int | None, channel: str) -> bool:
        """Set what is known of the contact, None for none; return whether it changed. The caller saves."""
        before = self.contacted_at, self.member_id, self.channel
        if at:
            self.contacted_at = max(at, self.opened_at)
        else:
            self.contacted_at = None
        if at:
            self.member_id = member_id
            self.channel = channel[:12]
        else:
            self.member_id = None
            self.channel = ""
        if at:
            self.seconds = self.used_at(at)
        else:
            self.seconds = None
        return before != (self.contacted_at, self.member_id, self.channel)

    @property
    def is_offered(self) -> bool:
        """True if the lead is offered to a team: the first member to take it becomes its owner."""
        return self.rung == Rung.TEAM and self.taken_at is None

    def minutes_after(self, minutes: int) -> datetime:
        """Return the instant that many working minutes of its brand after the opening."""
        calendar_id = directory().calendar_of(self.job.brand_id)
        hours = None
        if calendar_id:
            hours = directory().calendars[calendar_id]
        try:
            if hours:
                return hours.add(self.opened_at, minutes * 60)
            return self.opened_at + timedelta(minutes=minutes)
        except HoursError:
            return self.opened_at + timedelta(minutes=minutes)

    @transaction.atomic
    def take(self, *, by: Member) -> None:
        """Take the lead: become the owner of an unassigned one, or confirm working on one's own. Idempotent.

        Raises Refused when somebody was faster, or it has ended.
        """
        job = Job.objects.get(pk=self.pk)
        job.lock()
        self.lock()
        if not job.is_open:
            raise Refused(_("It is closed. Reopen it first."))
        if job.member_id not in (None, by.pk):
            name = directory().members[job.member_id].name
            raise Refused(_("%(name)s was first and has this lead now.") % {"name": name})
        if self.taken_by_id == by.pk and job.member_id == by.pk:
            return
        self.taken_by = by
        self.taken_at = clock.now()
        self.save(update_fields=["taken_by", "taken_at"])
        if job.member_id is None:
            job.assign_to(by, by=by)
        else:
            events.record("lead.taken", subject=self, by=by, job_id=self.pk)
