"""JobClaim: the insurance claim that pays for a job: carrier, policy, adjuster, amounts and status."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Job, JobParty
from crm.kernel.refusal import Refused
from crm.people.correction import PointTaken, add_point
from crm.people.models import Claim, Person
from crm.people.senders import find_sender
from crm.platform.events import events
from crm.platform.models import CountedVersion, Member, TenantForeignKey, TenantManager, TenantQuerySet
from crm.platform.models.base import public_id
from crm.platform.models.changed_fields import set_fields
from crm.platform.tenancy import secrets

LONGEST_POLICY = 60


class ClaimStatus(models.TextChoices):
    """Where the carrier stands with a claim."""

    REPORTED = "reported", _("Reported")
    INSPECTION = "inspection", _("Inspection planned")
    APPROVED = "approved", _("Approved")
    PARTLY = "partly", _("Partly approved")
    DENIED = "denied", _("Denied")
    PAID = "paid", _("Paid")
    CLOSED = "closed", _("Closed")


class JobClaimQuerySet(TenantQuerySet["JobClaim"]):
    def visible_to(self, member: Member) -> Self:
        """Filter the claims of jobs a member may see."""
        return self.filter(job__in=Job.objects.visible_to(member).order_by().values("pk"))


class JobClaim(CountedVersion):
    """A claim of a job's property, with what the carrier said of this job. Amounts in minor units of `currency`."""

    uid = public_id()
    job = TenantForeignKey(Job, models.CASCADE, related_name="insurance_claims")
    # Carrier and number, which is encrypted.
    claim = TenantForeignKey(Claim, models.CASCADE, related_name="+")
    policy_encrypted = models.TextField(blank=True, editable=False)
    # The person at the carrier; they are a party of the job with that role as well.
    adjuster = TenantForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=10, choices=ClaimStatus, default=ClaimStatus.REPORTED)
    lost_on = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    deductible = models.BigIntegerField(null=True, blank=True)
    approved = models.BigIntegerField(null=True, blank=True)
    paid = models.BigIntegerField(null=True, blank=True)

    AMOUNTS = ("deductible", "approved", "paid")

    objects: ClassVar[Any] = TenantManager.from_queryset(JobClaimQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="job_claim_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "job", "claim"], name="claim_is_once_on_a_job"),
            models.CheckConstraint(
                condition=(Q(deductible=None) | Q(deductible__gte=0))
                & (Q(approved=None) | Q(approved__gte=0))
                & (Q(paid=None) | Q(paid__gte=0)),
                name="claim_amounts_are_not_negative",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "claim"], name="job_claim_of_claim")]

    def __str__(self) -> str:
        return f"{self.carrier} {self.claim.masked}".strip()

    @property
    def carrier(self) -> str:
        return str(self.claim.insurer)

    @property
    def policy_number(self) -> str:
        """The decrypted policy number; showing it must be recorded in the AccessLog."""
        if self.policy_encrypted:
            return secrets.decrypt(self.policy_encrypted)
        return ""

    @classmethod
    @transaction.atomic
    def record(cls, job: Job, *, carrier: str, number: str, by: Member | None) -> "JobClaim":
        """Record the claim that pays for a job. Idempotent. Raises Refused without an address or a valid number."""
        if job.site is None:
            raise Refused(gettext("Enter the address of the job first: a claim is about a property."))
        claim = Claim.note(job.site, carrier, number, by=by, job_id=job.pk)
        row: JobClaim
        row, is_new = cls.objects.get_or_create(job=job, claim=claim, defaults={"currency": job.currency})
        if is_new:
            row.refresh_from_db()
            row._record("job_claim.recorded", by)
        return row

    @transaction.atomic
    def edit(self, *, by: Member | None, policy_number: str | None = None, **fields: Any) -> None:
        """Change facts; None for `policy_number` leaves it. Without a change nothing is recorded.

        Raises Refused for an amount below zero, and for a day of loss in an impossible year.
        """
        self.lock()
        if any(fields.get(name) is not None and fields[name] < 0 for name in self.AMOUNTS):
            raise Refused(gettext("The amount is below zero."))
        lost_on = fields.get("lost_on")
        if isinstance(lost_on, date) and not 1970 <= lost_on.year <= 2100:
            raise Refused(gettext("Enter a day."))
        changed = set_fields(self, fields)
        if policy_number is not None and policy_number != self.policy_number:
            written = " ".join(policy_number.replace("\0", "").split())
            if len(written) > LONGEST_POLICY:
                raise Refused(gettext("A policy number has at most %(most)s signs.") % {"most": LONGEST_POLICY})
            self.policy_encrypted = secrets.encrypt(written) if written else ""
            changed.append("policy_encrypted")
        if changed:
            self._save(*changed)
            self._record("job_claim.edited", by, {"fields": changed})

    @transaction.atomic
    def set_adjuster(self, name: str, *, email: str = "", phone: str = "", by: Member | None) -> Person:
        """Set who handles the claim at the carrier, as a party of the job. Idempotent. Raises Refused without a name.

        `email` and `phone` are normalised, and added to the person. Somebody with that address or number and name is
        that person; else the present adjuster of that name.
        """
        self.lock()
        name = " ".join(name.replace("\0", "").split())[:200]
        if not name:
            raise Refused(gettext("Enter the adjuster’s name."))
        points = {kind: value for kind, value in (("email", email), ("phone", phone)) if value}
        person = self._find_adjuster(name, points)
        for kind, value in points.items():
            if by:
                with suppress(PointTaken):
                    add_point(person, kind, value, by=by)
        if self.adjuster_id != person.pk:
            self._end_adjuster(by=by)
            self.adjuster = person
            self._save("adjuster")
            self._record("job_claim.edited", by, {"fields": ["adjuster"]})
        JobParty.involve(self.job, person, JobParty.PartyRole.ADJUSTER, by=by)
        return person

    @transaction.atomic
    def remove_adjuster(self, *, by: Member | None) -> None:
        """Leave the claim without an adjuster; they are no longer a party of the job. Idempotent."""
        self.lock()
        if self.adjuster_id is None:
            return
        self._end_adjuster(by=by)
        self.adjuster = None
        self._save("adjuster")
        self._record("job_claim.edited", by, {"fields": ["adjuster"]})

    def _end_adjuster(self, *, by: Member | None) -> None:
        for party in JobParty.objects.filter(job_id=self.job_id, person_id=self.adjuster_id, role="adjuster"):
            party.end(by=by)

    def _find_adjuster(self, name: str, points: Mapping[str, str]) -> Person:
        """Return the person of this name with one of these addresses, the present adjuster, or a new person."""
        for kind, value in points.items():
            if person := find_sender(kind, value, name, create=False).person:
                return person
        if self.adjuster and self.adjuster.name.casefold() == name.casefold():
            return self.adjuster
        for kind, value in points.items():
            if person := find_sender(kind, value, name).person:
                return person
        created: Person = Person.objects.create(name=name)
        return created

    def _record(self, kind: str, by: Member | None, data: dict[str, Any] | None = None) -> None:
        events.record(kind, subject=self, by=by, data=data, job_id=self.job_id)
