"""Arguments of `Quote.accept`: the choice a customer accepts, and their signature; and what the job is then worth."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from crm.jobs.correction import appraise
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.models import TenantModel, TenantOneToOneField
from quotes.models.quote_state import QuoteState


@dataclass(frozen=True)
class OfferChoice:
    """A choice as the page showed it: the version's number, the option, the lines taken off, and the hash of it."""

    version: int
    option_id: int | None
    unticked: frozenset[int]
    hash: str


@dataclass(frozen=True)
class CustomerSignature:
    """Who signs, how, and what is known of their identity.

    `evidence`: address of the code, device, network, when the version was first seen. `is_forwarded`: the link was
    opened on another device than the first, without a code.
    """

    person: Person
    name: str
    method: str
    consent: str
    has_code: bool
    is_forwarded: bool = False
    evidence: Mapping[str, Any] = field(default_factory=dict)

    METHODS = ("typed", "drawn")

    def refuse_unless_whole(self) -> None:
        """Raise Refused for a signature that proves too little."""
        if self.is_forwarded:
            raise Refused(_("This link was sent to somebody else. Only they can accept, on their own device."))
        if not self.has_code:
            raise Refused(_("Confirm first that it is you: ask for a code and enter it."))
        if not " ".join(self.name.split()):
            raise Refused(_("Enter your full name."))
        if not self.consent or self.method not in self.METHODS:
            raise Refused(_("Sign, and agree to sign electronically."))


class AcceptedValue(TenantModel):
    """The value that a job has by its accepted quotes, and the one it had before the first of them.

    In minor units of the job's currency, without tax (docs/decisions/0061-value-of-accepted-quotes.md). A value that a
    person enters afterwards differs from it, and stays until another quote is accepted.
    """

    job = TenantOneToOneField(Job, models.CASCADE, primary_key=True, related_name="+")
    value = models.BigIntegerField()
    before = models.BigIntegerField(null=True, blank=True)

    class Meta:
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"accepted value of job {self.job_id}"

    @classmethod
    def set_for(cls, job: Job, *, cause: str) -> None:
        """Set a job's value to the sum of its accepted quotes, one of which was accepted just now."""
        job.lock()
        total = _accepted_net(job)
        if total is None:
            return
        row = cls.objects.filter(job=job).first()
        if row is None:
            row = cls(job=job, before=job.value)
        elif job.value != row.value:
            row.before = job.value
        row.value = total
        row.save()
        appraise(job, total, by=None, cause=cause)

    @classmethod
    def take_back(cls, job: Job, *, cause: str) -> None:
        """Set a job's value to what is still accepted, else to what it was before; not if a person has changed it."""
        job.lock()
        row = cls.objects.filter(job=job).first()
        if row is None:
            return
        total = _accepted_net(job)
        has_own_value = job.value != row.value
        if total is None:
            row.delete()
        elif not has_own_value:
            row.value = total
            row.save()
        if not has_own_value:
            appraise(job, row.before if total is None else total, by=None, cause=cause)


def _accepted_net(job: Job) -> int | None:
    """Return what the customer accepted, without tax, in the job's currency; None if nothing."""
    quotes = job.quotes.filter(state=QuoteState.ACCEPTED, currency=F("job__currency")).order_by()
    total: int | None = quotes.aggregate(total=Sum("net"))["total"]
    return None if total is None else int(total)
