"""QuoteRecord: the columns of a quote, and values derived from them. Its verbs are in quote.py."""

from datetime import date, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from crm.jobs.clock import arithmetic
from crm.jobs.clock.arithmetic import Level
from crm.jobs.models import Job
from crm.jobs.models.visibility import limited_to
from crm.kernel import clock
from crm.kernel.typed_values import MAX_MINOR
from crm.people.models import Person
from crm.platform.models import Brand, CountedVersion, Member, TenantForeignKey, TenantQuerySet
from crm.platform.models.base import public_id
from crm.platform.organization.configuration import directory
from quotes.models.quote_state import DeclineReason, OptionTier, QuoteState

LONGEST_TITLE = 120
LONGEST_COMPANY = 80


class QuoteQuerySet(TenantQuerySet[Any]):
    def visible_to(self, member: Member) -> Self:
        """Filter the quotes of jobs a member may see."""
        if limited_to(member) is None:
            return self
        return self.filter(job_id__in=Job.objects.visible_to(member).order_by().values("pk"))

    def waiting(self) -> Self:
        """Filter the quotes that wait for the customer's answer."""
        return self.filter(state=QuoteState.SENT)

    def in_review(self) -> Self:
        """Filter the accepted quotes whose contract somebody still has to review."""
        return self.filter(review_due_at__isnull=False)


class QuoteRecord(CountedVersion):
    """A quote's columns. What a list shows or sorts by is stored on the row: of the version the customer has."""

    uid = public_id()
    number = models.BigIntegerField()
    job = TenantForeignKey(Job, models.PROTECT, related_name="quotes")
    person = TenantForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="quotes")
    brand = TenantForeignKey(Brand, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    # What the customer reads above it: "Your new roof, 2207 Bayshore Ct".
    title = models.CharField(max_length=LONGEST_TITLE)
    state = models.CharField(max_length=9, choices=QuoteState, default=QuoteState.DRAFT)
    # The number of its newest version; and of the one the customer has.
    newest = models.PositiveIntegerField(default=1)
    sent_version = models.PositiveIntegerField(null=True, blank=True)
    # Of the version the customer has, else of the newest; in minor units. Of its proposed option, all lines ticked.
    total = models.BigIntegerField(default=0)
    net = models.BigIntegerField(default=0)
    cost = models.BigIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    # The instants at which waiting for the answer becomes late (crm/jobs/clock/arithmetic.py).
    warn_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    far_at = models.DateTimeField(null=True, blank=True)
    # When the customer first and last looked at it.
    seen_at = models.DateTimeField(null=True, blank=True)
    # When it was accepted, declined, withdrawn or expired.
    decided_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=16, choices=DeclineReason, blank=True)
    decline_note = models.CharField(max_length=500, blank=True)
    # By when somebody reviews the contract that the customer signed; null unless that is to do.
    review_due_at = models.DateTimeField(null=True, blank=True)
    # How many options the customer's version has, 0 for one price; and which of them was accepted, by its price.
    option_count = models.PositiveSmallIntegerField(default=0)
    accepted_tier = models.CharField(max_length=7, choices=OptionTier, blank=True)
    # Of what the customer chose last, if they have chosen; without tax.
    chosen_total = models.BigIntegerField(null=True, blank=True)
    chosen_net = models.BigIntegerField(null=True, blank=True)
    # What a competitor asks, or what the customer had expected to pay; and who asks it.
    other_price = models.BigIntegerField(null=True, blank=True)
    other_company = models.CharField(max_length=LONGEST_COMPANY, blank=True)
    # What the customer asked, or wants changed, and nobody has answered.
    asked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)

    muted_with = ("job",)

    class Meta:
        abstract = True
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="quote_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "number"], name="quote_number_is_unique"),
            models.CheckConstraint(
                condition=Q(state=QuoteState.DRAFT, sent_version__isnull=True)
                | (~Q(state=QuoteState.DRAFT) & Q(sent_version__isnull=False, sent_at__isnull=False)),
                name="quote_was_sent_unless_a_draft",
            ),
            models.CheckConstraint(
                condition=Q(sent_version__isnull=True) | Q(sent_version__lte=F("newest")),
                name="quote_sends_a_version_it_has",
            ),
            models.CheckConstraint(
                condition=Q(review_due_at__isnull=True) | Q(state=QuoteState.ACCEPTED),
                name="quote_is_reviewed_once_accepted",
            ),
            models.CheckConstraint(
                condition=Q(other_price__isnull=True) | Q(other_price__gt=0), name="quote_is_compared_with_a_price"
            ),
            models.CheckConstraint(condition=Q(total__lte=MAX_MINOR), name="quote_comes_to_an_amount"),
        ]
        indexes = [
            models.Index(fields=["tenant", "changed_at", "id"], name="quote_by_change"),
            models.Index(fields=["tenant", "state", "changed_at", "id"], name="quote_by_state"),
            models.Index(fields=["tenant", "total", "id"], name="quote_by_total"),
            # Parts of titles, for quotes_found (quotes/sql).
            GinIndex(F("tenant"), OpClass(Lower("title"), name="gin_trgm_ops"), name="quote_title_trgm"),
            models.Index(
                fields=["tenant", "changed_at", "id"], condition=Q(asked_at__isnull=False), name="quote_with_question"
            ),
            models.Index(
                fields=["tenant", "due_at", "id"], condition=Q(state=QuoteState.SENT), name="quote_that_waits"
            ),
            models.Index(
                fields=["tenant", "changed_at", "id"],
                condition=Q(review_due_at__isnull=False),
                name="quote_in_review",
            ),
            # What figures add up of very many quotes stands in the index itself.
            models.Index(
                fields=["tenant", "decided_at"],
                include=[
                    *("id", "job", "brand", "state", "sent_at", "option_count", "accepted_tier"),
                    *("total", "net", "cost", "other_price"),
                ],
                condition=Q(decided_at__isnull=False),
                name="quote_by_decision",
            ),
            models.Index(
                fields=["tenant", "job", "-sent_at"],
                include=["net", "chosen_net", "currency"],
                condition=Q(state=QuoteState.SENT),
                name="quote_open_of_job",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """Its number as people say it: Q-1001."""
        return f"Q-{self.number}"

    @property
    def has_draft(self) -> bool:
        """True if its newest version was not sent."""
        return self.newest != self.sent_version

    @property
    def is_waiting(self) -> bool:
        return bool(self.state == QuoteState.SENT)

    @property
    def is_in_review(self) -> bool:
        """True if the customer has accepted, and somebody still has to review the contract."""
        return self.review_due_at is not None

    @property
    def margin(self) -> int:
        """Net amount less cost, in minor units."""
        return self.net - self.cost

    @property
    def expected_total(self) -> int:
        """Total of what the customer chose last; without a choice, of the proposed option with all lines."""
        if self.chosen_total is None:
            return int(self.total)
        return int(self.chosen_total)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone its days are counted in."""
        return directory().zone

    def today(self) -> date:
        """Return the current day where the brand is."""
        return clock.now().astimezone(self.zone).date()

    @property
    def is_past_validity(self) -> bool:
        """True if its last day is over, whether or not the product has noted that."""
        return self.valid_until is not None and self.valid_until < self.today()

    def level_at(self, at: datetime) -> Level:
        """Return how late the customer's answer is; Level.NONE for a draft, Level.ENDED for a decided quote."""
        if self.state == QuoteState.DRAFT:
            return Level.NONE
        if self.state != QuoteState.SENT:
            return Level.ENDED
        if self.warn_at is None or self.due_at is None or self.far_at is None:
            return Level.NONE
        return arithmetic.level(at, arithmetic.Instants(self.warn_at, self.due_at, self.far_at))
