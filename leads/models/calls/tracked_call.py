"""TrackedCall: a call on a tracking number, and whether it counts as a lead of its campaign."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comms.models import Message
from crm.jobs.models import Source
from crm.jobs.models.visibility import limited_to
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantQuerySet, Versioned
from crm.platform.models.base import public_id
from leads.models.calls.tracking_number import TrackingNumber
from leads.models.campaign import Campaign
from leads.models.lead import Lead


class Verdict(models.TextChoices):
    """Whether a call counts, and the reason if it does not."""

    COUNTED = "counted", _("Counted as a lead")
    MISSED = "missed", _("Missed")
    SHORT = "short", _("Too short")
    EXCUSED = "excused", _("Excused")
    REPEAT = "repeat", _("Customer we have already")
    RETURNED = "returned", _("Returned our call")
    OUTGOING = "outgoing", _("Our own call")


class ExcuseReason(models.TextChoices):
    """Why a member says that a call is no lead."""

    SPAM = "spam", _("Spam or robocall")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    SELLER = "seller", _("Wants to sell to us")
    APPLICANT = "applicant", _("Looks for work")
    OTHER_MATTER = "other_matter", _("Not about new work")
    TEST = "test", _("Test call")


class TrackedCallQuerySet(TenantQuerySet["TrackedCall"]):
    def visible_to(self, member: Member) -> Self:
        """Filter the calls whose message a member may see."""
        if limited_to(member) is None:
            return self
        return self.filter(message__in=Message.objects.visible_to(member).order_by().values("pk"))

    def incoming(self) -> Self:
        """Filter out calls that we made."""
        return self.exclude(verdict=Verdict.OUTGOING)


class TrackedCall(Versioned):
    """A call on a tracking number. `verdict` is what holds; `first_verdict` what the rules found before a person."""

    uid = public_id()
    message = TenantForeignKey(Message, models.CASCADE, related_name="+")
    number = TenantForeignKey(TrackingNumber, models.PROTECT, related_name="+")
    # Those of the number when the call came in.
    source = TenantForeignKey(Source, models.PROTECT, related_name="+")
    campaign = TenantForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    # Seconds spoken; 0 for a missed call.
    seconds = models.PositiveIntegerField(default=0)
    verdict = models.CharField(max_length=8, choices=Verdict)
    first_verdict = models.CharField(max_length=8, choices=Verdict)
    reason = models.CharField(max_length=12, choices=ExcuseReason, blank=True)
    # The lead it made or was found to belong to; whether it made it, and whether excusing it ended that lead.
    lead = TenantForeignKey(Lead, models.SET_NULL, null=True, blank=True, related_name="+")
    has_opened_lead = models.BooleanField(default=False)
    has_ended_lead = models.BooleanField(default=False)
    # Who decided against the rules; null: nobody.
    decided_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(TrackedCallQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="tracked_call_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "message"], name="tracked_call_is_one_a_message"),
            models.CheckConstraint(
                condition=(Q(verdict="excused") & ~Q(reason="")) | (~Q(verdict="excused") & Q(reason="")),
                name="excused_call_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="counted", first_verdict="outgoing"), name="outgoing_call_never_counts"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-at", "-id"], name="tracked_call_newest"),
            models.Index(fields=["tenant", "source", "-at"], name="tracked_call_of_source"),
            models.Index(fields=["tenant", "lead"], condition=Q(lead__isnull=False), name="tracked_call_of_lead"),
        ]

    def __str__(self) -> str:
        return f"call {self.pk} {self.verdict}"

    @property
    def form_version(self) -> str:
        return f"{self.verdict}:{self.reason}"

    @property
    def is_decided(self) -> bool:
        """True if a member decided, so that the decision can be undone."""
        return self.decided_at is not None

    @property
    def verdict_words(self) -> str:
        """The verdict in words, with the reason of an excused call."""
        if self.verdict == Verdict.EXCUSED:
            return f"{Verdict.EXCUSED.label}: {ExcuseReason(self.reason).label}"
        return str(Verdict(self.verdict).label)
